-- How deliveries and servers stand, to be told to people.

-- +goose Up

-- Servers that rest from failing, or were given up.
CREATE INDEX lanes_troubled ON lanes (host) WHERE dead_at IS NOT NULL OR paused_until IS NOT NULL;

-- What a server answered is forgotten after a while; that it was told is not.
CREATE INDEX deliveries_said ON deliveries (done_at) WHERE error <> '';

-- What was given up, of the articles that an author's list shows.
CREATE INDEX deliveries_failed ON deliveries (activity_id) WHERE state = 'failed';
