-- +goose Up
-- What is a duplicate of an incident is raised when that one is closed or opened.
CREATE INDEX incidents_duplicate ON incidents (duplicate_of) WHERE duplicate_of <> 0;
