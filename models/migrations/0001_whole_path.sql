-- Everything the whole path needs: who writes, what they write, who follows,
-- what came in, what still has to go out. Our own IRIs are derived from handles
-- and public ids, never stored (docs/ARCHITECTURE.md, "Identity").

-- +goose Up
CREATE TABLE settings (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE actors (
    id             INTEGER PRIMARY KEY,
    uri            TEXT,               -- remote actors only
    local          BOOLEAN NOT NULL,
    kind           TEXT NOT NULL,      -- Person, Application, Group, Organization, Service
    handle         TEXT NOT NULL,
    handle_lc      TEXT NOT NULL,
    domain         TEXT NOT NULL DEFAULT '',   -- in the handle
    host           TEXT NOT NULL DEFAULT '',   -- of the uri, without a port
    name           TEXT NOT NULL DEFAULT '',
    bio_source     TEXT NOT NULL DEFAULT '',
    bio_html       TEXT NOT NULL DEFAULT '',
    url            TEXT NOT NULL DEFAULT '',
    inbox          TEXT NOT NULL DEFAULT '',
    shared_inbox   TEXT NOT NULL DEFAULT '',
    followers_uri  TEXT NOT NULL DEFAULT '',
    discoverable   BOOLEAN NOT NULL DEFAULT TRUE,
    state          TEXT NOT NULL DEFAULT 'active',  -- active, deleted
    raw            BLOB,
    render_version INTEGER NOT NULL DEFAULT 0,
    created_at     TIMESTAMP NOT NULL,
    fetched_at     TIMESTAMP
);
CREATE UNIQUE INDEX actors_uri ON actors (uri) WHERE uri IS NOT NULL;
CREATE UNIQUE INDEX actors_local_handle ON actors (handle_lc) WHERE local;
CREATE INDEX actors_handle ON actors (handle_lc, domain);

-- One namespace of local handles; a row is never deleted, so a handle is never reused.
CREATE TABLE handles (
    handle_lc  TEXT PRIMARY KEY,
    actor_id   INTEGER NOT NULL REFERENCES actors (id),
    retired_at TIMESTAMP
);

CREATE TABLE actor_keys (
    id         INTEGER PRIMARY KEY,
    actor_id   INTEGER NOT NULL REFERENCES actors (id),
    key_uri    TEXT,                   -- remote keys only
    algorithm  TEXT NOT NULL,          -- rsa
    public_pem  TEXT NOT NULL,
    private_pem TEXT NOT NULL DEFAULT '',
    retired_at TIMESTAMP,
    fetched_at TIMESTAMP
);
CREATE UNIQUE INDEX actor_keys_uri ON actor_keys (key_uri) WHERE key_uri IS NOT NULL;
CREATE INDEX actor_keys_actor ON actor_keys (actor_id);

CREATE TABLE accounts (
    id            INTEGER PRIMARY KEY,
    actor_id      INTEGER NOT NULL UNIQUE REFERENCES actors (id),
    password_hash TEXT NOT NULL,
    role          TEXT NOT NULL,       -- owner, editor, author
    locale        TEXT NOT NULL DEFAULT '',
    state         TEXT NOT NULL DEFAULT 'active',  -- active, deleted
    created_at    TIMESTAMP NOT NULL
);

CREATE TABLE sessions (
    token_hash TEXT PRIMARY KEY,
    account_id INTEGER NOT NULL REFERENCES accounts (id),
    created_at TIMESTAMP NOT NULL,
    expires_at TIMESTAMP NOT NULL
);
CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE posts (
    id                    INTEGER PRIMARY KEY,
    public_id             TEXT,        -- ours: 128 random bits, part of the IRI
    uri                   TEXT,        -- remote posts only
    local                 BOOLEAN NOT NULL,
    type                  TEXT NOT NULL,   -- Article, Note, Question …
    kind                  TEXT NOT NULL,   -- article, reply
    actor_id              INTEGER NOT NULL REFERENCES actors (id),
    account_id            INTEGER REFERENCES accounts (id),
    client_id             TEXT,
    state                 TEXT NOT NULL,   -- draft, published, deleted
    visibility            TEXT NOT NULL,   -- public, unlisted, followers, direct
    moderation            TEXT NOT NULL DEFAULT 'shown',  -- shown, hidden
    in_reply_to_uri       TEXT NOT NULL DEFAULT '',
    in_reply_to_id        INTEGER REFERENCES posts (id),
    root_id               INTEGER REFERENCES posts (id),  -- the article the thread stands under
    url                   TEXT NOT NULL DEFAULT '',
    slug                  TEXT NOT NULL DEFAULT '',
    title                 TEXT NOT NULL DEFAULT '',
    summary               TEXT NOT NULL DEFAULT '',
    language              TEXT NOT NULL DEFAULT '',
    html                  TEXT NOT NULL DEFAULT '',
    excerpt               TEXT NOT NULL DEFAULT '',
    words                 INTEGER NOT NULL DEFAULT 0,
    sensitive             BOOLEAN NOT NULL DEFAULT FALSE,
    raw                   BLOB,
    render_version        INTEGER NOT NULL DEFAULT 0,
    head_revision_id      INTEGER,
    published_revision_id INTEGER,
    lock_version          INTEGER NOT NULL DEFAULT 0,
    created_at            TIMESTAMP NOT NULL,
    published_at          TIMESTAMP,
    updated_at            TIMESTAMP,   -- set by an edit after publication, never before
    saved_at              TIMESTAMP
);
CREATE UNIQUE INDEX posts_public_id ON posts (public_id) WHERE public_id IS NOT NULL;
CREATE UNIQUE INDEX posts_uri ON posts (uri) WHERE uri IS NOT NULL;
CREATE UNIQUE INDEX posts_client ON posts (account_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX posts_by_actor ON posts (actor_id, state, published_at);
CREATE INDEX posts_by_account ON posts (account_id, saved_at);
CREATE INDEX posts_newest ON posts (kind, state, published_at);
-- With fewer columns SQLite would rather walk every reply there is, by posts_newest.
CREATE INDEX posts_thread ON posts (root_id, kind, state, published_at);
CREATE INDEX posts_answers ON posts (in_reply_to_id, published_at);
CREATE INDEX posts_orphans ON posts (in_reply_to_uri) WHERE in_reply_to_id IS NULL;
CREATE INDEX posts_render ON posts (render_version);

CREATE TABLE revisions (
    id          INTEGER PRIMARY KEY,
    post_id     INTEGER NOT NULL REFERENCES posts (id),
    number      INTEGER NOT NULL,
    base_number INTEGER NOT NULL,
    account_id  INTEGER REFERENCES accounts (id),
    kind        TEXT NOT NULL,         -- saved, published
    created_at  TIMESTAMP NOT NULL,
    UNIQUE (post_id, number)
);

CREATE TABLE revision_texts (
    revision_id INTEGER NOT NULL REFERENCES revisions (id),
    language    TEXT NOT NULL,
    title       TEXT NOT NULL,
    summary     TEXT NOT NULL,
    source      TEXT NOT NULL,
    tags        TEXT NOT NULL,         -- as typed, space separated
    slug        TEXT NOT NULL,         -- as typed; empty: made from the title
    PRIMARY KEY (revision_id, language)
);

-- Where an article's page is, and where it used to be.
CREATE TABLE paths (
    path    TEXT PRIMARY KEY,          -- handle/slug
    post_id INTEGER NOT NULL REFERENCES posts (id)
);
CREATE INDEX paths_post ON paths (post_id);

CREATE TABLE recipients (
    post_id  INTEGER NOT NULL REFERENCES posts (id),
    actor_id INTEGER NOT NULL REFERENCES actors (id),
    PRIMARY KEY (post_id, actor_id)
);
CREATE INDEX recipients_actor ON recipients (actor_id);

CREATE TABLE mentions (
    post_id  INTEGER NOT NULL REFERENCES posts (id),
    handle   TEXT NOT NULL,            -- as written, lower case
    actor_id INTEGER REFERENCES actors (id),
    PRIMARY KEY (post_id, handle)
);

CREATE TABLE hashtags (
    post_id INTEGER NOT NULL REFERENCES posts (id),
    tag_lc  TEXT NOT NULL,
    display TEXT NOT NULL,
    PRIMARY KEY (post_id, tag_lc)
);
CREATE INDEX hashtags_tag ON hashtags (tag_lc, post_id);

-- What is gone stays gone: a Delete may come before its Create.
CREATE TABLE tombstones (
    uri         TEXT NOT NULL,
    actor_id    INTEGER NOT NULL REFERENCES actors (id),
    former_type TEXT NOT NULL,
    at          TIMESTAMP NOT NULL,
    PRIMARY KEY (uri, actor_id)
);

CREATE TABLE follows (
    id          INTEGER PRIMARY KEY,
    uri         TEXT NOT NULL,
    follower_id INTEGER NOT NULL REFERENCES actors (id),
    target_id   INTEGER NOT NULL REFERENCES actors (id),
    state       TEXT NOT NULL,         -- accepted
    created_at  TIMESTAMP NOT NULL,
    UNIQUE (target_id, follower_id)
);
CREATE INDEX follows_follower ON follows (follower_id);

CREATE TABLE reactions (
    id         INTEGER PRIMARY KEY,
    type       TEXT NOT NULL,          -- Like, Announce
    actor_id   INTEGER NOT NULL REFERENCES actors (id),
    post_id    INTEGER NOT NULL REFERENCES posts (id),
    created_at TIMESTAMP NOT NULL,
    UNIQUE (post_id, type, actor_id)
);
CREATE INDEX reactions_actor ON reactions (actor_id);
-- A group may announce one post in two forms; either can be undone.
CREATE TABLE reaction_uris (
    uri         TEXT PRIMARY KEY,
    reaction_id INTEGER NOT NULL REFERENCES reactions (id)
);
CREATE INDEX reaction_uris_reaction ON reaction_uris (reaction_id);

CREATE TABLE activities (
    id         INTEGER PRIMARY KEY,
    public_id  TEXT NOT NULL UNIQUE,
    type       TEXT NOT NULL,
    actor_id   INTEGER NOT NULL REFERENCES actors (id),
    object_uri TEXT NOT NULL,
    body       BLOB,                   -- NULL once what it carried is deleted
    visibility TEXT NOT NULL,
    created_at TIMESTAMP NOT NULL
);
CREATE INDEX activities_object ON activities (object_uri, type);

CREATE TABLE inbox_seen (
    actor_id INTEGER NOT NULL REFERENCES actors (id),
    uri      TEXT NOT NULL,
    at       TIMESTAMP NOT NULL,
    outcome  TEXT NOT NULL,
    PRIMARY KEY (actor_id, uri)
);
CREATE INDEX inbox_seen_at ON inbox_seen (at);

-- A lane is a host with something due. Leasing it gives order, fairness and one
-- place for the host's breaker.
CREATE TABLE lanes (
    host         TEXT PRIMARY KEY,
    next_due     TIMESTAMP,
    paused_until TIMESTAMP,
    lease_until  TIMESTAMP,
    owner        TEXT NOT NULL DEFAULT '',
    failures     INTEGER NOT NULL DEFAULT 0,
    failed_since TIMESTAMP,
    failed_days  INTEGER NOT NULL DEFAULT 0,
    failed_on    TEXT NOT NULL DEFAULT '',    -- UTC day of the last counted failure
    dead_at      TIMESTAMP
);
CREATE INDEX lanes_due ON lanes (next_due) WHERE next_due IS NOT NULL;

CREATE TABLE deliveries (
    id          INTEGER PRIMARY KEY,
    activity_id INTEGER NOT NULL REFERENCES activities (id),
    inbox       TEXT NOT NULL,
    host        TEXT NOT NULL,
    order_key   TEXT NOT NULL,         -- the object's IRI: order holds per (inbox, object)
    run_at      TIMESTAMP NOT NULL,
    attempt     INTEGER NOT NULL DEFAULT 0,
    state       TEXT NOT NULL,         -- queued, delivered, failed, superseded
    status      INTEGER NOT NULL DEFAULT 0,
    error       TEXT NOT NULL DEFAULT '',
    done_at     TIMESTAMP,
    UNIQUE (activity_id, inbox)
);
CREATE INDEX deliveries_due ON deliveries (host, run_at) WHERE state = 'queued';
CREATE INDEX deliveries_order ON deliveries (inbox, order_key, id) WHERE state = 'queued';

CREATE TABLE jobs (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL,
    unique_key  TEXT NOT NULL UNIQUE,  -- the row goes when the job is done
    payload     TEXT NOT NULL,
    run_at      TIMESTAMP NOT NULL,
    attempt     INTEGER NOT NULL DEFAULT 0,
    lease_until TIMESTAMP,
    error       TEXT NOT NULL DEFAULT ''
);
CREATE INDEX jobs_due ON jobs (run_at);

CREATE TABLE blocks (
    id         INTEGER PRIMARY KEY,
    account_id INTEGER NOT NULL DEFAULT 0,  -- 0: the whole instance
    actor_id   INTEGER NOT NULL DEFAULT 0,  -- 0: a domain block
    domain     TEXT NOT NULL DEFAULT '',
    created_at TIMESTAMP NOT NULL,
    UNIQUE (account_id, actor_id, domain)
);
CREATE INDEX blocks_domain ON blocks (domain) WHERE domain <> '';
CREATE INDEX blocks_actor ON blocks (actor_id) WHERE actor_id <> 0;

