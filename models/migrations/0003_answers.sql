-- What our own people answer, like and boost; what they are told of; replies that wait
-- for somebody's yes; who may reply.

-- +goose Up
CREATE TABLE notifications (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    kind       TEXT NOT NULL,                 -- follow, reply, mention, like, boost
    actor_id   INTEGER NOT NULL REFERENCES actors (id),
    post_id    INTEGER NOT NULL DEFAULT 0,    -- what was liked or boosted, or the reply itself; 0: a follow
    created_at TIMESTAMP NOT NULL,
    UNIQUE (account_id, kind, actor_id, post_id)
);
CREATE INDEX notifications_newest ON notifications (account_id, id);
CREATE INDEX notifications_post ON notifications (post_id);
CREATE INDEX notifications_actor ON notifications (actor_id);
CREATE INDEX notifications_at ON notifications (created_at);

ALTER TABLE accounts ADD COLUMN seen_notification_id INTEGER NOT NULL DEFAULT 0;

ALTER TABLE posts ADD COLUMN reply_policy TEXT NOT NULL DEFAULT 'open';      -- open, followers, mentioned, closed
ALTER TABLE revision_texts ADD COLUMN replies TEXT NOT NULL DEFAULT 'open';
CREATE INDEX posts_held ON posts (id) WHERE moderation = 'held';
CREATE INDEX posts_replies_by ON posts (actor_id, moderation) WHERE kind = 'reply';

-- When a remote account says it was made: young ones wait.
ALTER TABLE actors ADD COLUMN joined_at TIMESTAMP;
