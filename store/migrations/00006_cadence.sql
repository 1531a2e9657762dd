-- +goose Up

-- What an update or a promise adds to its text: incident.Detail.
ALTER TABLE entries ADD COLUMN detail jsonb;

-- What readers were told last, and what the clock knows: incident.Cadence. The
-- due times are worked out by the Desk at each change; what is past is looked at
-- again, so that a due time may always be too early.
ALTER TABLE incidents
    ADD COLUMN last_update       text NOT NULL DEFAULT '',
    ADD COLUMN last_update_by    text NOT NULL DEFAULT '',
    ADD COLUMN last_update_at    timestamptz,
    ADD COLUMN promised_at       timestamptz,
    ADD COLUMN critical_since    timestamptz,
    ADD COLUMN clock_from        timestamptz,
    ADD COLUMN reminded_at       timestamptz,
    ADD COLUMN snoozed_until     timestamptz,
    ADD COLUMN stopped           boolean NOT NULL DEFAULT false,
    ADD COLUMN reminders         jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN commander_free_at timestamptz,
    ADD COLUMN prompted_at       timestamptz,
    ADD COLUMN stale_at          timestamptz,
    ADD COLUMN kept_at           timestamptz,
    ADD COLUMN update_due_at     timestamptz,
    ADD COLUMN reminder_due_at   timestamptz,
    ADD COLUMN commander_due_at  timestamptz,
    ADD COLUMN stale_due_at      timestamptz;
ALTER TABLE incidents
    ADD COLUMN due_at timestamptz GENERATED ALWAYS AS (least(reminder_due_at, commander_due_at, stale_due_at)) STORED;
CREATE INDEX incidents_due ON incidents (due_at) WHERE due_at IS NOT NULL;

-- Incidents that were open before there was a clock begin with it now.
UPDATE incidents SET prompted_at = now(), stale_due_at = now() WHERE status <> 'resolved';
UPDATE incidents SET critical_since = severity_at, clock_from = now() WHERE status <> 'resolved' AND severity <= 2;

-- Who wants direct messages about an incident, from the entry after this one.
CREATE TABLE subscriptions (
    number bigint NOT NULL REFERENCES incidents,
    person text NOT NULL,
    after  bigint NOT NULL,
    PRIMARY KEY (number, person)
);
