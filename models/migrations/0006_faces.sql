-- The faces of our own people: a picture of theirs.

-- +goose Up
ALTER TABLE actors ADD COLUMN picture_id INTEGER REFERENCES pictures (id);
CREATE INDEX actors_picture ON actors (picture_id) WHERE picture_id IS NOT NULL;
