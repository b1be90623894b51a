-- Talk notes and recaps: what they say beside their text, what they are made of, and
-- which of them are behind what they show.

-- +goose Up

ALTER TABLE revision_texts ADD COLUMN takeaway TEXT NOT NULL DEFAULT '';

-- What a published recap shows of which notes. Rendering it again, as when a talk
-- changes, must not let out what was written since.
CREATE TABLE recap_notes (
    recap_id    INTEGER NOT NULL REFERENCES posts (id),
    note_id     INTEGER NOT NULL REFERENCES posts (id),
    revision_id INTEGER NOT NULL,
    whole       BOOLEAN NOT NULL,          -- its text, or its takeaway and a link
    PRIMARY KEY (recap_id, note_id)
);
CREATE INDEX recap_notes_note ON recap_notes (note_id);
CREATE INDEX posts_recaps ON posts (actor_id, conference_id, day) WHERE day <> '';

-- Published articles whose talks changed since they were rendered. Whoever renders one
-- again removes its row if no further change was counted meanwhile.
CREATE TABLE posts_behind (
    post_id INTEGER PRIMARY KEY REFERENCES posts (id),
    changes INTEGER NOT NULL
);

-- The published articles that show a talk: notes on it, and the recaps of those.
CREATE VIEW talk_articles AS
SELECT talk_id, id AS post_id FROM posts WHERE talk_id IS NOT NULL AND state = 'published'
UNION ALL
SELECT notes.talk_id, recaps.id FROM posts AS notes
JOIN recap_notes ON recap_notes.note_id = notes.id
JOIN posts AS recaps ON recaps.id = recap_notes.recap_id AND recaps.state = 'published'
WHERE notes.talk_id IS NOT NULL;

-- Talks are changed by imports, by hand and by what attendees add. Triggers see each way,
-- so that none can be forgotten.

-- +goose StatementBegin
CREATE TRIGGER behind_talk AFTER UPDATE OF title, kind, starts_at, ends_at, room ON talks BEGIN
    INSERT INTO posts_behind SELECT post_id, 1 FROM talk_articles WHERE talk_id = NEW.id
    ON CONFLICT (post_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER behind_speaker AFTER INSERT ON appearances BEGIN
    INSERT INTO posts_behind SELECT post_id, 1 FROM talk_articles WHERE talk_id = NEW.talk_id
    ON CONFLICT (post_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER behind_speaker_changed AFTER UPDATE ON appearances BEGIN
    INSERT INTO posts_behind SELECT post_id, 1 FROM talk_articles WHERE talk_id = NEW.talk_id
    ON CONFLICT (post_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER behind_speaker_gone AFTER DELETE ON appearances BEGIN
    INSERT INTO posts_behind SELECT post_id, 1 FROM talk_articles WHERE talk_id = OLD.talk_id
    ON CONFLICT (post_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER behind_person AFTER UPDATE OF name, do_not_name ON people BEGIN
    INSERT INTO posts_behind SELECT post_id, 1 FROM talk_articles
    WHERE talk_id IN (SELECT talk_id FROM appearances WHERE person_id = NEW.id)
    ON CONFLICT (post_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER behind_resource AFTER INSERT ON resources BEGIN
    INSERT INTO posts_behind SELECT post_id, 1 FROM talk_articles WHERE talk_id = NEW.talk_id
    ON CONFLICT (post_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER behind_resource_changed AFTER UPDATE ON resources BEGIN
    INSERT INTO posts_behind SELECT post_id, 1 FROM talk_articles WHERE talk_id = NEW.talk_id
    ON CONFLICT (post_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER behind_resource_gone AFTER DELETE ON resources BEGIN
    INSERT INTO posts_behind SELECT post_id, 1 FROM talk_articles WHERE talk_id = OLD.talk_id
    ON CONFLICT (post_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER behind_zone AFTER UPDATE OF zone ON conferences WHEN OLD.zone <> NEW.zone BEGIN
    INSERT INTO posts_behind SELECT post_id, 1 FROM talk_articles
    WHERE talk_id IN (SELECT id FROM talks WHERE conference_id = NEW.id)
    ON CONFLICT (post_id) DO UPDATE SET changes = changes + 1;
END;
-- +goose StatementEnd
