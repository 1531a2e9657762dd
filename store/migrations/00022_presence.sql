-- +goose Up

-- What people do to the channels of incidents: the state that Slack showed last,
-- the hints that there may be another one, and whether it is needed again.
ALTER TABLE rooms
    ADD COLUMN state       text NOT NULL DEFAULT '',
    ADD COLUMN noticed     bigint NOT NULL DEFAULT 0,
    ADD COLUMN noticed_by  text NOT NULL DEFAULT '',
    ADD COLUMN looked      bigint NOT NULL DEFAULT 0,
    ADD COLUMN wanted_back boolean NOT NULL DEFAULT false;

-- When the record was last to be compared with Slack, in part and as a whole.
ALTER TABLE reconciliations
    ADD COLUMN check_at  timestamptz,
    ADD COLUMN resync_at timestamptz;
