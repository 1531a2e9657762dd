-- +goose Up

-- What the texts of open incidents were made of when a program last looked:
-- store.Rerender.
ALTER TABLE installation ADD COLUMN rendered text NOT NULL DEFAULT '';
