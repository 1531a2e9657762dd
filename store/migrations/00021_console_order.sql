-- +goose Up

-- The console lists by number, which is the order of declaration: of all, and of
-- one severity, status or declarer.
DROP INDEX incidents_declared, incidents_severity, incidents_status;
CREATE INDEX incidents_declared ON incidents (declared_at);
CREATE INDEX incidents_severity ON incidents (severity, number);
CREATE INDEX incidents_status ON incidents (status, number);
CREATE INDEX incidents_declarer_number ON incidents (declarer, number);
