-- +goose Up

-- What people are called, as Slack said at a moment: people.Names.
CREATE TABLE names (
    id   text PRIMARY KEY,
    name text NOT NULL,
    at   timestamptz NOT NULL
);
