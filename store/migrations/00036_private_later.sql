-- +goose Up
-- Whether Slack shows a channel only to its members, and since when an incident is
-- private that was not declared so.
ALTER TABLE rooms ADD COLUMN private boolean NOT NULL DEFAULT false;
UPDATE rooms SET private = true FROM incidents i WHERE i.number = rooms.number AND i.private;
ALTER TABLE incidents ADD COLUMN private_at timestamptz;
