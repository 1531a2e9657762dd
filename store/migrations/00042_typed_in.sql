-- +goose Up

-- The channel in which the holder of a role typed when they took it.
ALTER TABLE assignments ADD COLUMN typed_in text NOT NULL DEFAULT '';
