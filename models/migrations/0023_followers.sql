-- Followers that wait for a yes, and servers that got an author's last articles.

-- +goose Up
ALTER TABLE actors ADD COLUMN locked BOOLEAN NOT NULL DEFAULT FALSE;         -- approves followers by hand; of ours
ALTER TABLE actors ADD COLUMN hides_network BOOLEAN NOT NULL DEFAULT FALSE;  -- who follows, and how many; of ours
CREATE INDEX follows_state ON follows (target_id, state, id);

-- Rows of one chain go out one after the other, whatever they are about: an article is no
-- use to a server before the Accept.
ALTER TABLE deliveries ADD COLUMN chain TEXT NOT NULL DEFAULT '';
CREATE INDEX deliveries_chain ON deliveries (chain, id) WHERE state = 'queued' AND chain <> '';

-- Once for each author and server, whoever follows, leaves and comes back.
CREATE TABLE backfilled (
    actor_id INTEGER NOT NULL REFERENCES actors (id),
    host     TEXT NOT NULL,
    at       TIMESTAMP NOT NULL,
    PRIMARY KEY (actor_id, host)
);
-- Servers that have a follower have what was published since.
INSERT INTO backfilled
SELECT target_id, lower(substr(place, 1, instr(place, '/') - 1)), MIN(created_at) FROM (
    SELECT follows.target_id, follows.created_at, substr(inbox, instr(inbox, '://') + 3) || '/' AS place
    FROM follows JOIN actors ON actors.id = follows.follower_id AND NOT actors.local) GROUP BY 1, 2;

DROP TRIGGER actor_changed;
-- +goose StatementBegin
CREATE TRIGGER actor_changed AFTER UPDATE OF name, bio_html, picture_id, discoverable, locked, hides_network ON actors
WHEN NEW.local AND NEW.kind <> 'Application' AND NEW.state = 'active' AND (OLD.name <> NEW.name OR OLD.bio_html <> NEW.bio_html
    OR OLD.picture_id IS NOT NEW.picture_id OR OLD.discoverable <> NEW.discoverable
    OR OLD.locked <> NEW.locked OR OLD.hides_network <> NEW.hides_network)
BEGIN
    INSERT INTO actors_changed VALUES (NEW.id, 1)
    ON CONFLICT (actor_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd
