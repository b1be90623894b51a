-- A schedule that somebody has given and not applied yet: one an account, so that what is
-- looked at before it is applied needs no second upload.

-- +goose Up

CREATE TABLE schedule_files (
    account_id INTEGER PRIMARY KEY REFERENCES accounts (id),
    token      TEXT NOT NULL,
    name       TEXT NOT NULL,
    url        TEXT NOT NULL DEFAULT '',   -- empty: an upload
    etag       TEXT NOT NULL DEFAULT '',
    modified   TEXT NOT NULL DEFAULT '',
    zone       TEXT NOT NULL DEFAULT '',   -- as the person said; empty: the file's own
    data       BLOB NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX schedule_files_age ON schedule_files (created_at);
