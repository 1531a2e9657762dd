-- +goose Up

-- An incident also ends as cancelled, or as the duplicate of another. In each
-- case resolved_at is when; that it is null says that the incident is open.
ALTER TABLE incidents
    ADD COLUMN duplicate_of bigint NOT NULL DEFAULT 0,
    DROP CONSTRAINT incidents_status_check,
    DROP CONSTRAINT incidents_check;
ALTER TABLE incidents
    ADD CONSTRAINT incidents_status_check
        CHECK (status IN ('investigating', 'identified', 'monitoring', 'resolved', 'cancelled', 'duplicate')),
    ADD CONSTRAINT incidents_end_check
        CHECK ((status IN ('resolved', 'cancelled', 'duplicate')) = (resolved_at IS NOT NULL)),
    ADD CONSTRAINT incidents_duplicate_check
        CHECK ((status = 'duplicate') = (duplicate_of <> 0) AND duplicate_of <> number);

DROP INDEX incidents_open;
CREATE INDEX incidents_open ON incidents (severity, number) WHERE resolved_at IS NULL;
DROP INDEX incidents_stale;
CREATE INDEX incidents_stale ON incidents (severity, number) WHERE stale_at IS NOT NULL AND resolved_at IS NULL;
