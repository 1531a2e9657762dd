-- +goose Up

-- Who wrote the title and the summary as they are.
ALTER TABLE incidents ADD COLUMN title_by text NOT NULL DEFAULT '', ADD COLUMN summary_by text NOT NULL DEFAULT '';
UPDATE incidents SET title_by = declarer, summary_by = declarer;
