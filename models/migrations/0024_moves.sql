-- Moving house: which accounts elsewhere ours are too, and where accounts went.

-- +goose Up
CREATE TABLE actor_aliases (
    actor_id   INTEGER NOT NULL REFERENCES actors (id),   -- one of ours
    alias_id   INTEGER NOT NULL REFERENCES actors (id),   -- that it also is, and may move from
    created_at TIMESTAMP NOT NULL,
    PRIMARY KEY (actor_id, alias_id)
);

ALTER TABLE actors ADD COLUMN moved_to_id INTEGER REFERENCES actors (id);
ALTER TABLE actors ADD COLUMN moved_at TIMESTAMP;     -- the last time, also of a move that was taken back
ALTER TABLE actors ADD COLUMN moved_followers INTEGER NOT NULL DEFAULT 0;  -- that one of ours had then

DROP TRIGGER actor_changed;
-- +goose StatementBegin
CREATE TRIGGER actor_changed AFTER UPDATE OF name, bio_html, picture_id, discoverable, locked, hides_network, moved_to_id ON actors
WHEN NEW.local AND NEW.kind <> 'Application' AND NEW.state = 'active' AND (OLD.name <> NEW.name OR OLD.bio_html <> NEW.bio_html
    OR OLD.picture_id IS NOT NEW.picture_id OR OLD.discoverable <> NEW.discoverable
    OR OLD.locked <> NEW.locked OR OLD.hides_network <> NEW.hides_network OR OLD.moved_to_id IS NOT NEW.moved_to_id)
BEGIN
    INSERT INTO actors_changed VALUES (NEW.id, 1)
    ON CONFLICT (actor_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER actor_alias_added AFTER INSERT ON actor_aliases BEGIN
    INSERT INTO actors_changed VALUES (NEW.actor_id, 1)
    ON CONFLICT (actor_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER actor_alias_removed AFTER DELETE ON actor_aliases BEGIN
    INSERT INTO actors_changed VALUES (OLD.actor_id, 1)
    ON CONFLICT (actor_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd
