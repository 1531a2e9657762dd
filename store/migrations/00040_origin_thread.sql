-- +goose Up
-- The thread in which somebody mentioned muster, so that the answer comes there.
ALTER TABLE incidents ADD COLUMN origin_thread text NOT NULL DEFAULT '';
