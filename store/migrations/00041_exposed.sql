-- +goose Up

-- A room of a private incident that somebody made public.
ALTER TABLE rooms ADD COLUMN exposed boolean NOT NULL DEFAULT false;
