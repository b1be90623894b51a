-- Speakers who were told of notes on their talks, what came from them, and what they asked.

-- +goose Up

-- Who a speaker is, once their address was looked up: an address may come to be somebody
-- else's, and is spelt in several ways.
ALTER TABLE people ADD COLUMN actor_id INTEGER REFERENCES actors (id);
CREATE INDEX people_actor ON people (actor_id) WHERE actor_id IS NOT NULL;

-- What the schedule calls somebody whose name was put right; empty: as they are called.
ALTER TABLE people ADD COLUMN schedule_name TEXT NOT NULL DEFAULT '';

-- Once a talk, whoever writes: by the first article on it.
CREATE TABLE speakers_told (
    talk_id  INTEGER NOT NULL REFERENCES talks (id),
    actor_id INTEGER NOT NULL REFERENCES actors (id),
    post_id  INTEGER NOT NULL REFERENCES posts (id),
    at       TIMESTAMP NOT NULL,
    PRIMARY KEY (talk_id, actor_id)
);

-- Speakers who asked us themselves not to be mentioned. No form writes here.
CREATE TABLE speakers_silent (
    actor_id INTEGER PRIMARY KEY REFERENCES actors (id),
    at       TIMESTAMP NOT NULL
);

-- What a speaker gave in a reply, and somebody here took over.
ALTER TABLE resources ADD COLUMN person_id INTEGER REFERENCES people (id);

-- The conference whose coverage waits.
ALTER TABLE notifications ADD COLUMN conference_id INTEGER REFERENCES conferences (id);

-- What a post of somebody elsewhere says that its thread is: an answer of ours to it says
-- the same, so that its server finds the thread though the answer's parent comes later.
ALTER TABLE posts ADD COLUMN conversation TEXT NOT NULL DEFAULT '';
