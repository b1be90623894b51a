-- What a person shows of themselves: articles and hashtags put first, fields with links
-- that are checked, and where else they write.

-- +goose Up
CREATE TABLE featured_posts (
    post_id  INTEGER PRIMARY KEY REFERENCES posts (id),
    actor_id INTEGER NOT NULL REFERENCES actors (id),
    at       TIMESTAMP NOT NULL
);
CREATE INDEX featured_posts_of ON featured_posts (actor_id, at);

CREATE TABLE featured_tags (
    actor_id INTEGER NOT NULL REFERENCES actors (id),
    place    INTEGER NOT NULL,
    tag      TEXT NOT NULL,
    PRIMARY KEY (actor_id, place)
);

CREATE TABLE credit_domains (
    actor_id INTEGER NOT NULL REFERENCES actors (id),
    place    INTEGER NOT NULL,
    domain   TEXT NOT NULL,
    PRIMARY KEY (actor_id, place)
);

CREATE TABLE profile_fields (
    id          INTEGER PRIMARY KEY,
    actor_id    INTEGER NOT NULL REFERENCES actors (id),
    place       INTEGER NOT NULL,
    label       TEXT NOT NULL,
    value       TEXT NOT NULL,
    url         TEXT NOT NULL,
    verified_at TIMESTAMP,
    checked_at  TIMESTAMP,
    UNIQUE (actor_id, place)
);
CREATE INDEX profile_fields_checked ON profile_fields (checked_at) WHERE url <> '';

-- What a thread of another server is called by `context` (FEP-7888); posts.conversation
-- is what it is called by `conversation`.
ALTER TABLE posts ADD COLUMN context TEXT NOT NULL DEFAULT '';

-- Whoever writes them anew writes them only where they differ.
-- +goose StatementBegin
CREATE TRIGGER featured_tag_added AFTER INSERT ON featured_tags
BEGIN
    INSERT INTO actors_changed VALUES (NEW.actor_id, 1) ON CONFLICT (actor_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER featured_tag_removed AFTER DELETE ON featured_tags
BEGIN
    INSERT INTO actors_changed VALUES (OLD.actor_id, 1) ON CONFLICT (actor_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER credit_domain_added AFTER INSERT ON credit_domains
BEGIN
    INSERT INTO actors_changed VALUES (NEW.actor_id, 1) ON CONFLICT (actor_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER credit_domain_removed AFTER DELETE ON credit_domains
BEGIN
    INSERT INTO actors_changed VALUES (OLD.actor_id, 1) ON CONFLICT (actor_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER profile_field_added AFTER INSERT ON profile_fields
BEGIN
    INSERT INTO actors_changed VALUES (NEW.actor_id, 1) ON CONFLICT (actor_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER profile_field_removed AFTER DELETE ON profile_fields
BEGIN
    INSERT INTO actors_changed VALUES (OLD.actor_id, 1) ON CONFLICT (actor_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd
