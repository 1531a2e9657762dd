-- +goose Up

-- What find looks in. No language's word forms: titles are in many. Without a
-- pending list, which each search would read to its end.
ALTER TABLE incidents ADD COLUMN words tsvector GENERATED ALWAYS AS (to_tsvector('simple', title || ' ' || summary)) STORED;
CREATE INDEX incidents_words ON incidents USING gin (words) WITH (fastupdate = off);
CREATE INDEX incidents_resolved ON incidents (resolved_at) WHERE resolved_at IS NOT NULL;
CREATE INDEX assignments_holder ON assignments (holder, number);
