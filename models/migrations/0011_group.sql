-- What a conference's followers get: evening digests; what strangers write about it.

-- +goose Up

-- Posts from elsewhere that mention a conference. Each conference decides for itself.
CREATE TABLE coverage (
    conference_id INTEGER NOT NULL REFERENCES conferences (id),
    post_id       INTEGER NOT NULL REFERENCES posts (id),
    state         TEXT NOT NULL,          -- held, shown, hidden
    created_at    TIMESTAMP NOT NULL,
    PRIMARY KEY (conference_id, post_id)
);
CREATE INDEX coverage_state ON coverage (conference_id, state, post_id);
CREATE INDEX coverage_post ON coverage (post_id);

-- One digest for each day of a conference, however often the server is started.
CREATE TABLE digests (
    conference_id INTEGER NOT NULL REFERENCES conferences (id),
    day           TEXT NOT NULL,          -- 2006-01-02, in its zone
    until         TIMESTAMP NOT NULL,     -- what was published later is the next one's
    post_id       INTEGER NOT NULL REFERENCES posts (id),
    PRIMARY KEY (conference_id, day)
);

-- What a conference did, for its outbox: what it took back has no body any more.
CREATE INDEX activities_standing ON activities (actor_id, id) WHERE body IS NOT NULL AND type IN ('Create', 'Announce');
CREATE INDEX conferences_digests ON conferences (announces) WHERE announces = 'digest';
