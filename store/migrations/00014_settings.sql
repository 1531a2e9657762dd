-- +goose Up

-- What administrators may change besides the texts. Null and empty mean that the
-- environment rules.
ALTER TABLE severities ADD COLUMN first_after interval, ADD COLUMN every interval;
ALTER TABLE roles ADD COLUMN retired boolean NOT NULL DEFAULT false;
ALTER TABLE installation
    ADD COLUMN guide           text NOT NULL DEFAULT '',
    ADD COLUMN meeting         text NOT NULL DEFAULT '',
    ADD COLUMN topic           text NOT NULL DEFAULT '',
    ADD COLUMN invite_group    text NOT NULL DEFAULT '',
    ADD COLUMN commander_after interval,
    ADD COLUMN guests          boolean NOT NULL DEFAULT false;

CREATE TABLE setting_changes (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    setting    text NOT NULL,
    from_value text NOT NULL,
    to_value   text NOT NULL,
    author     text NOT NULL,
    at         timestamptz NOT NULL,
    -- The inbound event that asked for it; null on all but an act's first change.
    act_key    text
);
CREATE INDEX setting_changes_setting ON setting_changes (setting, id);
CREATE UNIQUE INDEX setting_changes_act ON setting_changes (act_key) WHERE act_key IS NOT NULL;
