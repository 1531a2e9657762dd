-- +goose Up

ALTER TABLE incidents ADD COLUMN test boolean NOT NULL DEFAULT false;
