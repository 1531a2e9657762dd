package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

const selectRoleTexts = `SELECT key, name, definition AS text, position, retired FROM roles ORDER BY position, key`

const selectSeverityTexts = `
	SELECT level, name, definition AS text, coalesce(first_after, '0') AS first, coalesce(every, '0') AS every
	  FROM severities ORDER BY level`

const settingColumns = `guide, meeting, topic, invite_group AS group, coalesce(commander_after, '0') AS commander_after, guests`

const selectSettings = `SELECT ` + settingColumns + ` FROM installation`

func queueDefinitions(batch *pgx.Batch, into *incident.Definitions) {
	queueDefinitionsBy(batch, into, selectSettings)
}

// queueDefinitionsBy reads the settings with a statement that may lock them, the
// first of the batch.
func queueDefinitionsBy(batch *pgx.Batch, into *incident.Definitions, settings string) {
	batch.Queue(settings).Query(func(rows pgx.Rows) (err error) {
		into.Settings, err = pgx.CollectOneRow(rows, pgx.RowToStructByName[incident.Settings])
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		return err
	})
	batch.Queue(selectRoleTexts).Query(func(rows pgx.Rows) error {
		all, err := pgx.CollectRows(rows, pgx.RowToStructByName[incident.Role])
		into.Roles, into.Retired = nil, nil
		for _, r := range all {
			if r.Retired {
				into.Retired = append(into.Retired, r)
			} else {
				into.Roles = append(into.Roles, r)
			}
		}
		return err
	})
	batch.Queue(selectSeverityTexts).Query(func(rows pgx.Rows) (err error) {
		into.Severities, err = pgx.CollectRows(rows, pgx.RowToStructByName[incident.SeverityDefinition])
		return err
	})
}

// Definitions implements incident.DeskStore.
func (s *Store) Definitions(ctx context.Context) (incident.Definitions, error) {
	var d incident.Definitions
	batch := &pgx.Batch{}
	queueDefinitions(batch, &d)
	if err := s.hear.SendBatch(ctx, batch).Close(); err != nil {
		return d, fmt.Errorf("read the definitions: %w", err)
	}
	return d, nil
}

// Install makes the installation's row and its stock definitions at the first
// start, and returns its id. Programs that start together agree on one: the
// others wait for the row and then leave everything as it is.
func (s *Store) Install(ctx context.Context, stock incident.Definitions) (id string, err error) {
	const make = `INSERT INTO installation (one) VALUES (true) ON CONFLICT DO NOTHING RETURNING id::text`
	err = s.inTx(ctx, s.hear, "install", func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, make).Scan(&id)
		if errors.Is(err, pgx.ErrNoRows) {
			return tx.QueryRow(ctx, `SELECT id::text FROM installation`).Scan(&id)
		}
		if err != nil {
			return err
		}
		batch := &pgx.Batch{}
		for _, r := range stock.Roles {
			batch.Queue(`INSERT INTO roles (key, name, definition, position) VALUES ($1, $2, $3, $4)`, r.Key, r.Name, r.Text, r.Position)
		}
		for _, sev := range stock.Severities {
			batch.Queue(`INSERT INTO severities (level, name, definition) VALUES ($1, $2, $3)`, int(sev.Level), sev.Name, sev.Text)
		}
		return sendBatch(ctx, tx, batch)
	})
	return id, err
}

// DigestChannel gives the digest channel's id that was found for a name at an
// earlier start, or empty.
func (s *Store) DigestChannel(ctx context.Context, name string) (string, error) {
	var id string
	err := s.hear.QueryRow(ctx, `SELECT CASE WHEN digest_name = $1 THEN digest_id ELSE '' END FROM installation`, name).Scan(&id)
	return id, err
}

// DigestNow gives the digest channel's id, which Slack may change.
func (s *Store) DigestNow(ctx context.Context) (string, error) {
	var id string
	err := s.hear.QueryRow(ctx, `SELECT digest_id FROM installation`).Scan(&id)
	return id, err
}

// SaveDigestChannel remembers it, for the passes and for the next start.
func (s *Store) SaveDigestChannel(ctx context.Context, name, id string) error {
	return s.inTx(ctx, s.hear, "digest channel", func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE installation SET digest_name = $1, digest_id = $2`, name, id)
		return err
	})
}

// selectTold notes one try and finds another one. What the statement inserts it
// does not see.
const selectTold = `
	WITH noted AS (INSERT INTO told (key) VALUES ($1 || ' ' || $2) ON CONFLICT DO NOTHING)
	SELECT EXISTS (SELECT FROM told WHERE starts_with(key, $1 || ' ') AND key <> $1 || ' ' || $2)`

// Told implements incident.DeskStore.
func (s *Store) Told(ctx context.Context, key, try string) (bool, error) {
	var known bool
	err := s.inTx(ctx, s.hear, "told", func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, selectTold, key, try).Scan(&known)
	})
	return known && err == nil, err
}
