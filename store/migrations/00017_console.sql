-- +goose Up

-- Links that sign a person in to the console once, and the sessions that they
-- began. Of each, only the SHA-256 of the secret.
CREATE TABLE console_links (
    hash       bytea PRIMARY KEY,
    person     text NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX console_links_person ON console_links (person);
CREATE TABLE console_sessions (
    hash       bytea PRIMARY KEY,
    person     text NOT NULL,
    began_at   timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL
);

-- What the console lists: the newest first, of all and of one severity or status.
CREATE INDEX incidents_declared ON incidents (declared_at, number);
CREATE INDEX incidents_severity ON incidents (severity, declared_at, number);
CREATE INDEX incidents_status ON incidents (status, declared_at, number);

-- What was given up.
CREATE INDEX postings_refused ON postings (subject) WHERE error <> '';
CREATE INDEX deeds_refused ON deeds (subject) WHERE error <> '';
