-- Profiles that changed since other servers were told.

-- +goose Up
CREATE TABLE actors_changed (
    actor_id INTEGER PRIMARY KEY REFERENCES actors (id),
    changes  INTEGER NOT NULL
);

-- +goose StatementBegin
CREATE TRIGGER actor_changed AFTER UPDATE OF name, bio_html, picture_id, discoverable ON actors
WHEN NEW.local AND NEW.kind <> 'Application' AND NEW.state = 'active' AND (OLD.name <> NEW.name OR OLD.bio_html <> NEW.bio_html
    OR OLD.picture_id IS NOT NEW.picture_id OR OLD.discoverable <> NEW.discoverable)
BEGIN
    INSERT INTO actors_changed VALUES (NEW.id, 1)
    ON CONFLICT (actor_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd
