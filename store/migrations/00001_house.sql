-- +goose Up

CREATE TABLE installation (
    one          boolean PRIMARY KEY DEFAULT true CHECK (one),
    id           uuid NOT NULL DEFAULT gen_random_uuid(),
    last_number  bigint NOT NULL DEFAULT 0,
    digest_name  text NOT NULL DEFAULT '',
    digest_id    text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE severities (
    level      smallint PRIMARY KEY CHECK (level BETWEEN 1 AND 4),
    name       text NOT NULL,
    definition text NOT NULL
);

CREATE TABLE roles (
    key        text PRIMARY KEY CHECK (key ~ '^[a-z0-9]+$'),
    name       text NOT NULL,
    definition text NOT NULL,
    position   smallint NOT NULL
);

-- Wishes: what people decided.

CREATE TABLE incidents (
    number              bigint PRIMARY KEY CHECK (number > 0),
    title               text NOT NULL CHECK (title <> ''),
    summary             text NOT NULL,
    severity            smallint NOT NULL CHECK (severity BETWEEN 1 AND 4),
    severity_at         timestamptz NOT NULL,
    severity_by         text NOT NULL,
    status              text NOT NULL CHECK (status IN ('investigating', 'identified', 'monitoring', 'resolved')),
    status_at           timestamptz NOT NULL,
    status_by           text NOT NULL,
    declarer            text NOT NULL,
    declared_at         timestamptz NOT NULL,
    resolved_at         timestamptz,
    resolved_by         text NOT NULL,
    resolution          text NOT NULL,
    origin_kind         text NOT NULL,
    origin_key          text NOT NULL UNIQUE,
    origin_channel      text NOT NULL,
    origin_view         text NOT NULL,
    origin_response_url text NOT NULL,
    CHECK ((status = 'resolved') = (resolved_at IS NOT NULL))
);
CREATE INDEX incidents_open ON incidents (severity, number) WHERE status <> 'resolved';
CREATE INDEX incidents_declarer ON incidents (declarer, declared_at);

CREATE TABLE assignments (
    number  bigint NOT NULL REFERENCES incidents,
    role    text NOT NULL,
    holder  text NOT NULL,
    made_by text NOT NULL,
    made_at timestamptz NOT NULL,
    PRIMARY KEY (number, role)
);

CREATE TABLE entries (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    number     bigint NOT NULL REFERENCES incidents,
    kind       text NOT NULL,
    at         timestamptz NOT NULL,
    author     text NOT NULL,
    quiet      boolean NOT NULL,
    from_value text NOT NULL,
    to_value   text NOT NULL,
    role       text NOT NULL,
    body       text NOT NULL,
    -- The inbound event that asked for it; null on all but a verb's first entry.
    act_key    text
);
CREATE INDEX entries_number ON entries (number, id);
CREATE UNIQUE INDEX entries_act ON entries (number, act_key) WHERE act_key IS NOT NULL;

-- What people were warned of, so that they may insist.
CREATE TABLE told (
    key text PRIMARY KEY,
    at  timestamptz NOT NULL DEFAULT now()
);

-- The queue, the lease, the backoff and the diagnosis, one row a subject.
CREATE TABLE reconciliations (
    subject       text PRIMARY KEY,
    wanted        bigint NOT NULL DEFAULT 1,
    seen          bigint NOT NULL DEFAULT 0,
    urgency       smallint NOT NULL,
    changed_at    timestamptz NOT NULL DEFAULT now(),
    retry_at      timestamptz NOT NULL DEFAULT '-infinity',
    claim_token   uuid,
    claimed_until timestamptz NOT NULL DEFAULT '-infinity',
    attempts      integer NOT NULL DEFAULT 0
);
CREATE INDEX reconciliations_due ON reconciliations (urgency, changed_at) WHERE seen < wanted;

-- Facts: what was done outside.

CREATE TABLE steps (
    subject    text NOT NULL REFERENCES reconciliations,
    step       text NOT NULL,
    attempts   integer NOT NULL,
    not_before timestamptz NOT NULL,
    error      text NOT NULL,
    since      timestamptz NOT NULL,
    PRIMARY KEY (subject, step)
);

CREATE TABLE rooms (
    number       bigint NOT NULL REFERENCES incidents,
    purpose      text NOT NULL,
    channel      text NOT NULL DEFAULT '',
    name         text NOT NULL,
    attempted_at timestamptz,
    PRIMARY KEY (number, purpose)
);
CREATE UNIQUE INDEX rooms_channel ON rooms (channel) WHERE channel <> '';

CREATE TABLE postings (
    subject      text NOT NULL REFERENCES reconciliations,
    key          text NOT NULL,
    channel      text NOT NULL,
    thread       text NOT NULL,
    ts           text NOT NULL DEFAULT '',
    hash         text NOT NULL DEFAULT '',
    sent_at      timestamptz NOT NULL,
    attempted_at timestamptz,
    looks        integer NOT NULL DEFAULT 0,
    error        text NOT NULL DEFAULT '',
    PRIMARY KEY (subject, key)
);

CREATE TABLE deeds (
    subject      text NOT NULL REFERENCES reconciliations,
    key          text NOT NULL,
    value        text NOT NULL,
    ref          text NOT NULL DEFAULT '',
    attempted_at timestamptz,
    done_at      timestamptz,
    error        text NOT NULL DEFAULT '',
    PRIMARY KEY (subject, key)
);

CREATE TABLE direct_channels (
    person  text PRIMARY KEY,
    channel text NOT NULL
);

-- One bucket for each Slack method, and for each channel where posting is
-- limited by channel; a row only after Slack said 429.
CREATE TABLE slack_limits (
    bucket       text PRIMARY KEY,
    next_at      timestamptz NOT NULL,
    interval_ms  bigint NOT NULL,
    strict_until timestamptz NOT NULL
);
