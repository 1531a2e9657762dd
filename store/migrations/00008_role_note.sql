-- +goose Up

-- What the person who gets a role should know, from whoever gave it.
ALTER TABLE assignments ADD COLUMN note text NOT NULL DEFAULT '';
