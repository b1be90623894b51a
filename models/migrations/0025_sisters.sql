-- What others write elsewhere about single talks, and who else holds the same conference.

-- +goose Up

-- Which talks coverage is about. What the conference's managers decided stands in coverage.
CREATE TABLE coverage_talks (
    talk_id INTEGER NOT NULL REFERENCES talks (id),
    post_id INTEGER NOT NULL REFERENCES posts (id),
    url     TEXT NOT NULL DEFAULT '',  -- of the part of the post that is, where it says
    PRIMARY KEY (talk_id, post_id)
);
CREATE INDEX coverage_talks_post ON coverage_talks (post_id);

-- How much one server had to say of a conference of late.
CREATE INDEX coverage_newest ON coverage (conference_id, created_at);

-- A post names a talk by what its schedule calls it.
CREATE INDEX talk_external_ids_value ON talk_external_ids (scheme, value);

-- Groups elsewhere that say they are of the same conference.
CREATE TABLE sisters (
    conference_id INTEGER NOT NULL REFERENCES conferences (id),
    actor_id      INTEGER NOT NULL REFERENCES actors (id),
    state         TEXT NOT NULL,             -- proposed, followed, refused
    next_at       TIMESTAMP,                 -- when its outbox is looked at; NULL: never
    day           TEXT NOT NULL DEFAULT '',  -- 2006-01-02, UTC, that news counts for
    news          INTEGER NOT NULL DEFAULT 0,
    created_at    TIMESTAMP NOT NULL,
    PRIMARY KEY (conference_id, actor_id)
);
CREATE INDEX sisters_actor ON sisters (actor_id);
CREATE INDEX sisters_next ON sisters (next_at) WHERE next_at IS NOT NULL;
