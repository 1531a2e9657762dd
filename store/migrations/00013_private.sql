-- +goose Up

-- A private incident is for the members of its room alone.
ALTER TABLE incidents ADD COLUMN private boolean NOT NULL DEFAULT false;
CREATE INDEX incidents_private ON incidents (number) WHERE private;

-- Who is known to be in the room of a private incident, or to have left it, and
-- when Slack was asked for the list that this is. It is a fact.
CREATE TABLE members (
    number  bigint NOT NULL REFERENCES incidents,
    person  text NOT NULL,
    present boolean NOT NULL,
    PRIMARY KEY (number, person)
);
ALTER TABLE rooms ADD COLUMN members_at timestamptz NOT NULL DEFAULT '-infinity';
