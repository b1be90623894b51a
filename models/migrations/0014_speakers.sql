-- Speakers who were told of notes on their talks, and what came from them.

-- +goose Up

-- Once a talk, whoever writes: by the first article on it.
CREATE TABLE speakers_told (
    talk_id   INTEGER NOT NULL REFERENCES talks (id),
    person_id INTEGER NOT NULL REFERENCES people (id),
    post_id   INTEGER NOT NULL REFERENCES posts (id),
    at        TIMESTAMP NOT NULL,
    PRIMARY KEY (talk_id, person_id)
);

-- What a speaker gave in a reply, and somebody here took over.
ALTER TABLE resources ADD COLUMN person_id INTEGER REFERENCES people (id);
