-- What strangers' servers show with their words: faces and attachments. Of pictures we
-- keep copies of our own making, for as long as somebody looks at them.

-- +goose Up
CREATE TABLE remote_media (
    id         INTEGER PRIMARY KEY,
    kind       TEXT NOT NULL,                 -- avatar, picture, link
    actor_id   INTEGER NOT NULL REFERENCES actors (id),  -- whose face, or who attached it
    post_id    INTEGER NOT NULL DEFAULT 0,    -- 0: a face
    position   INTEGER NOT NULL DEFAULT 0,
    url        TEXT NOT NULL,                 -- at its origin
    alt        TEXT NOT NULL DEFAULT '',
    state      TEXT NOT NULL,                 -- absent, wanted, kept, failed; gone: its row goes after its file
    public_id  TEXT NOT NULL DEFAULT '',      -- of its file; empty: there is none
    mime       TEXT NOT NULL DEFAULT '',
    width      INTEGER NOT NULL DEFAULT 0,
    height     INTEGER NOT NULL DEFAULT 0,
    bytes      INTEGER NOT NULL DEFAULT 0,
    checked_at TIMESTAMP,                     -- when it was last fetched, in vain or not
    used_at    TIMESTAMP NOT NULL             -- when a page last showed it, by the day
);
CREATE UNIQUE INDEX remote_media_place ON remote_media (actor_id, post_id, position) WHERE state <> 'gone';
CREATE INDEX remote_media_actor ON remote_media (actor_id, post_id);
CREATE INDEX remote_media_post ON remote_media (post_id, position);
CREATE INDEX remote_media_file ON remote_media (public_id) WHERE public_id <> '';
CREATE INDEX remote_media_use ON remote_media (state, used_at, bytes);
CREATE INDEX remote_media_let_go ON remote_media (state) WHERE public_id <> '';

-- A slow server's pictures keep nobody's words waiting: jobs go in lanes of their own.
ALTER TABLE jobs ADD COLUMN lane TEXT NOT NULL DEFAULT '';
DROP INDEX jobs_due;
CREATE INDEX jobs_due ON jobs (lane, run_at);
