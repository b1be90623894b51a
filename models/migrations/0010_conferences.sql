-- Conferences, their programmes, who speaks, what belongs to a talk, and which of our
-- articles are about one. A conference is an actor, a Group, that can be followed.

-- +goose Up

-- What every edition of a conference flows into.
CREATE TABLE series (
    id         INTEGER PRIMARY KEY,
    actor_id   INTEGER NOT NULL UNIQUE REFERENCES actors (id),
    created_at TIMESTAMP NOT NULL
);

CREATE TABLE conferences (
    id         INTEGER PRIMARY KEY,
    actor_id   INTEGER NOT NULL UNIQUE REFERENCES actors (id),  -- its handle and name
    series_id  INTEGER REFERENCES series (id),
    starts_on  TEXT NOT NULL,             -- 2006-01-02, in its zone
    ends_on    TEXT NOT NULL,
    zone       TEXT NOT NULL,             -- IANA name
    city       TEXT NOT NULL DEFAULT '',
    url        TEXT NOT NULL DEFAULT '',
    hashtag    TEXT NOT NULL DEFAULT '',  -- without #
    announces  TEXT NOT NULL DEFAULT 'everything',  -- everything, recaps, digest
    coverage   TEXT NOT NULL DEFAULT 'held',        -- held, open: what strangers' posts that mention it meet
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX conferences_dates ON conferences (starts_on);
CREATE INDEX conferences_series ON conferences (series_id) WHERE series_id IS NOT NULL;

-- Who looks after a conference or a series. Owners of the instance look after all.
CREATE TABLE actor_managers (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    actor_id   INTEGER NOT NULL REFERENCES actors (id),
    role       TEXT NOT NULL,             -- owner, editor
    PRIMARY KEY (account_id, actor_id)
);
CREATE INDEX actor_managers_actor ON actor_managers (actor_id);

-- Where a programme comes from, and what was last read there.
CREATE TABLE schedule_sources (
    conference_id INTEGER PRIMARY KEY REFERENCES conferences (id),
    url           TEXT NOT NULL DEFAULT '',   -- empty: a file
    format        TEXT NOT NULL,
    version       TEXT NOT NULL DEFAULT '',
    hash          TEXT NOT NULL,              -- SHA-256 in hex of the file as it came
    etag          TEXT NOT NULL DEFAULT '',
    modified      TEXT NOT NULL DEFAULT '',   -- Last-Modified, as it came
    read_at       TIMESTAMP NOT NULL,
    refresh       INTEGER NOT NULL DEFAULT 0, -- seconds between looks; 0: never by itself
    next_at       TIMESTAMP,
    error         TEXT NOT NULL DEFAULT ''    -- of the last look
);
CREATE INDEX schedule_sources_next ON schedule_sources (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE talks (
    id            INTEGER PRIMARY KEY,
    public_id     TEXT NOT NULL UNIQUE,   -- part of its IRI
    conference_id INTEGER NOT NULL REFERENCES conferences (id),
    slug          TEXT NOT NULL,
    title         TEXT NOT NULL,
    raw_title     TEXT NOT NULL DEFAULT '',
    subtitle      TEXT NOT NULL DEFAULT '',
    kind          TEXT NOT NULL,          -- keynote, talk, workshop, panel, lightning, bof, break, other
    raw_type      TEXT NOT NULL DEFAULT '',
    starts_at     TIMESTAMP NOT NULL,
    ends_at       TIMESTAMP NOT NULL,
    day           TEXT NOT NULL,          -- of the conference, 2006-01-02: a party at 01:00 belongs to the day before
    room          TEXT NOT NULL DEFAULT '',
    track         TEXT NOT NULL DEFAULT '',
    language      TEXT NOT NULL DEFAULT '',   -- BCP 47, comma separated
    abstract      TEXT NOT NULL DEFAULT '',   -- Markdown
    description   TEXT NOT NULL DEFAULT '',
    html          TEXT NOT NULL DEFAULT '',   -- abstract and description, rendered
    url           TEXT NOT NULL DEFAULT '',
    state         TEXT NOT NULL DEFAULT 'scheduled',  -- scheduled, cancelled, removed
    do_not_record BOOLEAN NOT NULL DEFAULT FALSE,
    do_not_stream BOOLEAN NOT NULL DEFAULT FALSE,
    created_at    TIMESTAMP NOT NULL,
    changed_at    TIMESTAMP NOT NULL,
    UNIQUE (conference_id, slug)
);
CREATE INDEX talks_programme ON talks (conference_id, day, starts_at);
CREATE INDEX talks_time ON talks (conference_id, starts_at);

-- What a re-import finds a talk by.
CREATE TABLE talk_external_ids (
    conference_id INTEGER NOT NULL REFERENCES conferences (id),
    scheme        TEXT NOT NULL,          -- guid, code, uid, id, url
    value         TEXT NOT NULL,
    talk_id       INTEGER NOT NULL REFERENCES talks (id),
    PRIMARY KEY (conference_id, scheme, value)
);
CREATE INDEX talk_external_ids_talk ON talk_external_ids (talk_id);

-- What somebody put right by hand, and no import may undo.
CREATE TABLE corrections (
    talk_id    INTEGER NOT NULL REFERENCES talks (id),
    field      TEXT NOT NULL,             -- title, room, starts_at, …, speakers
    account_id INTEGER REFERENCES accounts (id),
    at         TIMESTAMP NOT NULL,
    PRIMARY KEY (talk_id, field)
);

CREATE TABLE people (
    id            INTEGER PRIMARY KEY,
    conference_id INTEGER NOT NULL REFERENCES conferences (id),
    slug          TEXT NOT NULL,
    name          TEXT NOT NULL,
    name_lc       TEXT NOT NULL,
    guid          TEXT NOT NULL DEFAULT '',
    url           TEXT NOT NULL DEFAULT '',
    acct          TEXT NOT NULL DEFAULT '',   -- user@host, where they can be mentioned
    opted_out     BOOLEAN NOT NULL DEFAULT FALSE,  -- of being mentioned
    do_not_name   BOOLEAN NOT NULL DEFAULT FALSE,
    UNIQUE (conference_id, slug)
);
CREATE INDEX people_name ON people (conference_id, name_lc);
CREATE INDEX people_acct ON people (acct) WHERE acct <> '';

-- Somebody at one talk, with the role and the affiliation that they had then.
CREATE TABLE appearances (
    talk_id     INTEGER NOT NULL REFERENCES talks (id),
    position    INTEGER NOT NULL,
    person_id   INTEGER NOT NULL REFERENCES people (id),
    role        TEXT NOT NULL DEFAULT '',
    affiliation TEXT NOT NULL DEFAULT '',
    moderator   BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (talk_id, position)
);
CREATE INDEX appearances_person ON appearances (person_id);

-- Slides, recordings, code: from the schedule, or added later by somebody who was there.
CREATE TABLE resources (
    id         INTEGER PRIMARY KEY,
    talk_id    INTEGER NOT NULL REFERENCES talks (id),
    type       TEXT NOT NULL,             -- slides, video, code, paper, web
    url        TEXT NOT NULL,
    title      TEXT NOT NULL DEFAULT '',
    account_id INTEGER REFERENCES accounts (id),  -- who added it; NULL: the schedule
    created_at TIMESTAMP NOT NULL,
    UNIQUE (talk_id, url)
);

-- What an attendee means to see, and saw. Nobody else's business.
CREATE TABLE plan_items (
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    talk_id    INTEGER NOT NULL REFERENCES talks (id),
    mark       TEXT NOT NULL,             -- starred, attended, missed, later, speaker
    changed_at TIMESTAMP NOT NULL,
    PRIMARY KEY (account_id, talk_id)
);
CREATE INDEX plan_items_talk ON plan_items (talk_id);

-- The secret URL of a plan as an iCalendar feed.
CREATE TABLE plan_feeds (
    token_hash    TEXT PRIMARY KEY,
    account_id    INTEGER NOT NULL REFERENCES accounts (id),
    conference_id INTEGER NOT NULL REFERENCES conferences (id),
    created_at    TIMESTAMP NOT NULL,
    UNIQUE (account_id, conference_id)
);

-- An article about a talk is a talk note; one about a day of a conference, its recap.
ALTER TABLE posts ADD COLUMN conference_id INTEGER REFERENCES conferences (id);
ALTER TABLE posts ADD COLUMN talk_id INTEGER REFERENCES talks (id);
ALTER TABLE posts ADD COLUMN day TEXT NOT NULL DEFAULT '';       -- of the conference: a recap
ALTER TABLE posts ADD COLUMN takeaway TEXT NOT NULL DEFAULT '';  -- of a talk note, as published
CREATE INDEX posts_conference ON posts (conference_id, state, published_at) WHERE conference_id IS NOT NULL;
CREATE INDEX posts_talk ON posts (talk_id, state, published_at) WHERE talk_id IS NOT NULL;
