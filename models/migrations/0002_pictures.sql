-- Pictures that authors add: the files, and which texts show them.

-- +goose Up
CREATE TABLE pictures (
    id           INTEGER PRIMARY KEY,
    public_id    TEXT NOT NULL UNIQUE,
    account_id   INTEGER NOT NULL REFERENCES accounts (id),
    sha256       TEXT NOT NULL,        -- of the file as it came: the same one twice is stored once
    width        INTEGER NOT NULL,     -- pixels, of the largest variant
    height       INTEGER NOT NULL,
    blurhash     TEXT NOT NULL,
    animated     BOOLEAN NOT NULL,
    created_at   TIMESTAMP NOT NULL,
    unused_since TIMESTAMP             -- set by the sweep, which deletes it some days later
);
CREATE UNIQUE INDEX pictures_file ON pictures (account_id, sha256);
CREATE INDEX pictures_unused ON pictures (unused_since) WHERE unused_since IS NOT NULL;

CREATE TABLE picture_variants (
    picture_id INTEGER NOT NULL REFERENCES pictures (id),
    name       TEXT NOT NULL,          -- its nominal width, or "card"
    mime       TEXT NOT NULL,
    width      INTEGER NOT NULL,
    height     INTEGER NOT NULL,
    bytes      INTEGER NOT NULL,
    PRIMARY KEY (picture_id, name)
);

-- What readers see of a published article's pictures, in their order.
CREATE TABLE post_pictures (
    post_id    INTEGER NOT NULL REFERENCES posts (id),
    position   INTEGER NOT NULL,
    picture_id INTEGER NOT NULL REFERENCES pictures (id),
    role       TEXT NOT NULL,          -- cover, text
    alt        TEXT NOT NULL,
    caption    TEXT NOT NULL,
    PRIMARY KEY (post_id, position)
);
CREATE INDEX post_pictures_picture ON post_pictures (picture_id);
CREATE INDEX post_pictures_cover ON post_pictures (post_id) WHERE role = 'cover';

-- What a saved text names: a draft's pictures must not go either.
CREATE TABLE revision_pictures (
    revision_id INTEGER NOT NULL REFERENCES revisions (id),
    picture_id  INTEGER NOT NULL REFERENCES pictures (id),
    PRIMARY KEY (revision_id, picture_id)
);
CREATE INDEX revision_pictures_picture ON revision_pictures (picture_id);
CREATE INDEX posts_head ON posts (head_revision_id) WHERE head_revision_id IS NOT NULL;

ALTER TABLE revision_texts ADD COLUMN cover TEXT NOT NULL DEFAULT '';         -- public id of a picture
ALTER TABLE revision_texts ADD COLUMN cover_alt TEXT NOT NULL DEFAULT '';
ALTER TABLE revision_texts ADD COLUMN cover_caption TEXT NOT NULL DEFAULT '';
ALTER TABLE revision_texts ADD COLUMN attach BOOLEAN NOT NULL DEFAULT FALSE;  -- send the pictures as attachments
-- The headings of a published article, for its table of contents, as JSON.
ALTER TABLE posts ADD COLUMN outline TEXT NOT NULL DEFAULT '';
ALTER TABLE posts ADD COLUMN attach BOOLEAN NOT NULL DEFAULT FALSE;
