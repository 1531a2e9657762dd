-- +goose Up

-- Who wants to be in a room, though they have no role there: a wish.
CREATE TABLE joins (
    number bigint NOT NULL REFERENCES incidents,
    person text NOT NULL,
    at     timestamptz NOT NULL,
    PRIMARY KEY (number, person)
);
