-- What other servers report to us, and what we reported to them.

-- +goose Up
CREATE TABLE reports (
    id          INTEGER PRIMARY KEY,
    actor_id    INTEGER NOT NULL REFERENCES actors (id),   -- who reports: often a server's own actor
    target_id   INTEGER NOT NULL REFERENCES actors (id),   -- whom
    comment     TEXT NOT NULL DEFAULT '',
    outgoing    BOOLEAN NOT NULL DEFAULT FALSE,
    created_at  TIMESTAMP NOT NULL,
    resolved_at TIMESTAMP
);
CREATE INDEX reports_open ON reports (id) WHERE resolved_at IS NULL AND NOT outgoing;
CREATE INDEX reports_by ON reports (actor_id);
CREATE INDEX reports_of ON reports (target_id);

CREATE TABLE report_posts (
    report_id INTEGER NOT NULL REFERENCES reports (id),
    post_id   INTEGER NOT NULL REFERENCES posts (id),
    PRIMARY KEY (report_id, post_id)
);
CREATE INDEX report_posts_post ON report_posts (post_id);
