package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// selectAlike gives the newest open incidents, with which a new one is compared
// while whoever declared it has not been told where to go: what is closed is not
// even looked at, and what is private is named to nobody. The index of open
// incidents is named by its condition in a part of its own, or all would be read.
const selectAlike = `
	SELECT i.number, i.title, i.severity, ` + severityName + `,
	       coalesce((SELECT r.channel FROM rooms r WHERE r.number = i.number AND r.purpose = 'room'), '') AS room
	  FROM (SELECT o.number, o.title, o.severity
	          FROM incidents i
	         CROSS JOIN (SELECT number, title, severity, test, private FROM incidents WHERE resolved_at IS NULL OFFSET 0) o
	         WHERE i.number = $1 AND i.resolved_at IS NULL AND o.number < i.number AND NOT o.private AND o.test = i.test
	           AND NOT EXISTS (SELECT FROM deeds d WHERE d.subject = $2 AND d.key = 'origin' AND d.value = 'ready')
	         ORDER BY o.number DESC LIMIT 200) i`

func collectAlike(rows pgx.Rows) ([]incident.Alike, error) {
	return pgx.CollectRows(rows, pgx.RowToStructByName[incident.Alike])
}

// Alike lists what is open already and sounds like an incident.
func (s *Store) Alike(ctx context.Context, i *incident.Incident) ([]incident.Alike, error) {
	rows, err := s.hear.Query(ctx, selectAlike, i.Number, incident.Subject(i.Number))
	if err != nil {
		return nil, fmt.Errorf("look for what sounds alike: %w", err)
	}
	open, err := collectAlike(rows)
	return incident.MostAlike(i.Title, open), err
}

const insertJoin = `
	INSERT INTO joins (number, person, at) VALUES ($1, $2, $3)
	ON CONFLICT (number, person) DO UPDATE SET at = excluded.at`

func queueJoins(batch *pgx.Batch, i *incident.Incident) {
	for _, j := range i.NewJoins() {
		batch.Queue(insertJoin, i.Number, j.Person, j.At)
	}
}

const selectJoins = `SELECT person, at FROM joins WHERE number = $1 ORDER BY at, person`

func collectJoins(rows pgx.Rows) ([]incident.Join, error) {
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[incident.Join])
	if len(found) == 0 {
		return nil, err
	}
	return found, err
}
