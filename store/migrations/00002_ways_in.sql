-- +goose Up

-- The message that an incident was declared from, if it was: incident.Post.
ALTER TABLE incidents ADD COLUMN origin_post jsonb;

-- Events of Slack's that need a look before they become a verb. A row is also
-- the memory that the event was here, for a day.
CREATE TABLE inbox (
    event_id      text PRIMARY KEY,
    payload       jsonb NOT NULL,
    received_at   timestamptz NOT NULL DEFAULT now(),
    claimed_until timestamptz NOT NULL DEFAULT '-infinity',
    attempts      integer NOT NULL DEFAULT 0,
    done_at       timestamptz
);
CREATE INDEX inbox_due ON inbox (received_at) WHERE done_at IS NULL;
CREATE INDEX inbox_received ON inbox (received_at);
