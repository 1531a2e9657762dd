-- +goose Up
-- When calls left before their bucket was limited, of all replicas.
ALTER TABLE slack_limits ADD COLUMN sent timestamptz[] NOT NULL DEFAULT '{}';
