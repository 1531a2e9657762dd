-- +goose Up

-- What is to be done because of an incident: incident.FollowUp.
CREATE TABLE follow_ups (
    number      bigint NOT NULL REFERENCES incidents,
    n           integer NOT NULL,
    body        text NOT NULL,
    owner       text NOT NULL,
    given_by    text NOT NULL,
    given_at    timestamptz,
    due         text NOT NULL,
    author      text NOT NULL,
    at          timestamptz NOT NULL,
    changed_by  text NOT NULL,
    done_at     timestamptz,
    done_by     text NOT NULL,
    dropped     boolean NOT NULL,
    remind_at   timestamptz,
    reminded_at timestamptz,
    PRIMARY KEY (number, n)
);
CREATE INDEX follow_ups_owner ON follow_ups (owner, due) WHERE done_at IS NULL AND NOT dropped;

-- When the next reminder of a follow-up is due. due_at is the first of all that is.
ALTER TABLE incidents ADD COLUMN todo_due_at timestamptz;
ALTER TABLE incidents DROP COLUMN due_at;
ALTER TABLE incidents
    ADD COLUMN due_at timestamptz GENERATED ALWAYS AS (least(reminder_due_at, commander_due_at, stale_due_at, todo_due_at)) STORED;
CREATE INDEX incidents_due ON incidents (due_at) WHERE due_at IS NOT NULL;
