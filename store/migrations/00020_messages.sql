-- +goose Up

-- Messages of Slack's that people put into the timeline: incident.Message. A row
-- stays when its message is taken out, with what is known of who did what.
CREATE TABLE messages (
    number    bigint NOT NULL REFERENCES incidents,
    channel   text NOT NULL,
    ts        text NOT NULL,
    said_at   timestamptz,
    edited_at timestamptz,
    author    text NOT NULL,
    tool      text NOT NULL,
    body      text NOT NULL,
    files     jsonb NOT NULL,
    thread    text NOT NULL,
    link      text NOT NULL,
    marks     jsonb NOT NULL,
    gone      boolean NOT NULL,
    shown     boolean NOT NULL,
    -- The entry that it follows in the timeline, 0 if it is older than all.
    after     bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (number, channel, ts)
);
CREATE INDEX messages_place ON messages (channel, ts);
