-- Who quotes our articles, and who may; whom an article is for.

-- +goose Up
CREATE TABLE quotes (
    id         INTEGER PRIMARY KEY,
    public_id  TEXT NOT NULL UNIQUE,          -- part of the authorization's IRI
    post_id    INTEGER NOT NULL REFERENCES posts (id),
    actor_id   INTEGER NOT NULL REFERENCES actors (id),
    uri        TEXT NOT NULL,                 -- of what quotes
    url        TEXT NOT NULL DEFAULT '',      -- of its page, where that is known
    excerpt    TEXT NOT NULL DEFAULT '',
    state      TEXT NOT NULL,                 -- granted, withdrawn, unasked
    created_at TIMESTAMP NOT NULL,
    UNIQUE (post_id, uri)
);
CREATE INDEX quotes_uri ON quotes (uri);
CREATE INDEX quotes_actor ON quotes (actor_id);

ALTER TABLE posts ADD COLUMN quote_policy TEXT NOT NULL DEFAULT 'open';          -- open, followers, closed
ALTER TABLE revision_texts ADD COLUMN quotes TEXT NOT NULL DEFAULT 'open';
ALTER TABLE revision_texts ADD COLUMN visibility TEXT NOT NULL DEFAULT 'public';      -- public, unlisted, followers
