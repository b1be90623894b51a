-- A page of one's own: what those whom one follows write and boost.

-- +goose Up

-- One row for each reason why a post stands on somebody's page.
CREATE TABLE readings (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    post_id    INTEGER NOT NULL REFERENCES posts (id),
    via_id     INTEGER NOT NULL REFERENCES actors (id),  -- whom the account follows: its author, or who boosted it
    at         TIMESTAMP NOT NULL,                       -- when it was published, or boosted
    PRIMARY KEY (account_id, post_id, via_id)
);
CREATE INDEX readings_newest ON readings (account_id, at, post_id);
CREATE INDEX readings_via ON readings (via_id, account_id, at);
CREATE INDEX readings_post ON readings (post_id, via_id);
CREATE INDEX readings_age ON readings (at);
CREATE INDEX posts_followed ON posts (id) WHERE kind = 'followed';

-- Follows end, boosts are taken back and posts deleted in many ways. Triggers see each of
-- them, so that none can be forgotten.

-- +goose StatementBegin
CREATE TRIGGER reading_unfollowed AFTER DELETE ON follows BEGIN
    DELETE FROM readings WHERE via_id = OLD.target_id
    AND account_id IN (SELECT id FROM accounts WHERE actor_id = OLD.follower_id);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER reading_unboosted AFTER DELETE ON reactions WHEN OLD.type = 'Announce' BEGIN
    DELETE FROM readings WHERE post_id = OLD.post_id AND via_id = OLD.actor_id
    AND OLD.actor_id <> (SELECT actor_id FROM posts WHERE id = OLD.post_id);
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER reading_deleted AFTER UPDATE OF state ON posts WHEN NEW.state = 'deleted' BEGIN
    DELETE FROM readings WHERE post_id = NEW.id;
END;
-- +goose StatementEnd

-- What was kept of followed authors until now.
INSERT INTO readings (account_id, post_id, via_id, at)
SELECT accounts.id, posts.id, posts.actor_id, posts.published_at
FROM posts
JOIN follows ON follows.target_id = posts.actor_id AND follows.state = 'accepted'
JOIN accounts ON accounts.actor_id = follows.follower_id AND accounts.state = 'active'
WHERE posts.kind = 'followed' AND posts.state = 'published' AND posts.published_at IS NOT NULL;
