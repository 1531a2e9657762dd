-- +goose Up

-- The list of stale incidents in the digest channel: when the present one was
-- begun, and the incident among whose messages it is.
ALTER TABLE installation ADD COLUMN stale_at timestamptz, ADD COLUMN stale_leader bigint;
CREATE INDEX incidents_stale ON incidents (severity, number) WHERE stale_at IS NOT NULL AND status <> 'resolved';
