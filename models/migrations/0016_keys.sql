-- A key that is replaced is news of its actor; keys of a kind that an actor lacks are looked for.

-- +goose Up
-- +goose StatementBegin
CREATE TRIGGER actor_key_retired AFTER UPDATE OF retired_at ON actor_keys
WHEN NEW.retired_at IS NOT NULL AND OLD.retired_at IS NULL
BEGIN
    INSERT INTO actors_changed SELECT id, 1 FROM actors WHERE id = NEW.actor_id AND local AND kind <> 'Application' AND state = 'active'
    ON CONFLICT (actor_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd

-- Which servers have actors with Ed25519 keys is asked before each delivery.
CREATE INDEX actors_host ON actors (host) WHERE NOT local;
