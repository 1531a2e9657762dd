package store

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"muster/incident"
)

// Incident reads one incident as people decided it.
func (s *Store) Incident(ctx context.Context, number int64) (*incident.Incident, error) {
	var i *incident.Incident
	batch := &pgx.Batch{}
	batch.Queue(selectIncident, number).Query(func(rows pgx.Rows) error {
		row, err := pgx.CollectOneRow(rows, pgx.RowToStructByName[incidentRow])
		if errors.Is(err, pgx.ErrNoRows) {
			return noSuch(number)
		}
		i = row.noun()
		return err
	})
	batch.Queue(selectRoles, number).Query(func(rows pgx.Rows) (err error) {
		i.Roles, err = collectRoles(rows)
		return err
	})
	if err := s.hear.SendBatch(ctx, batch).Close(); err != nil {
		if refusal, ok := errors.AsType[*incident.Error](err); ok {
			return nil, refusal
		}
		return nil, fmt.Errorf("read %s: %w", incident.Ref(number), err)
	}
	return i, nil
}

// InRoom gives the number of the incident whose room a channel is, or 0.
func (s *Store) InRoom(ctx context.Context, channel string) (int64, error) {
	return s.roomNumber(ctx, s.hear, channel)
}

// selectRoomNumber names the index's condition, or the whole table would be read.
// A room that is only begun has no channel yet and belongs to nobody.
const selectRoomNumber = `SELECT coalesce((SELECT number FROM rooms WHERE channel = $1 AND channel <> ''), 0)`

const selectRoomOf = `SELECT coalesce((SELECT channel FROM rooms WHERE number = $1 AND purpose = 'room'), '')`

func (s *Store) roomNumber(ctx context.Context, pool *pgxpool.Pool, channel string) (int64, error) {
	var number int64
	err := pool.QueryRow(ctx, selectRoomNumber, channel).Scan(&number)
	if err != nil {
		return 0, fmt.Errorf("look up a room: %w", err)
	}
	return number, nil
}

// FromOrigin gives the number of the incident with an origin key, or 0.
func (s *Store) FromOrigin(ctx context.Context, key string) (int64, error) {
	var number int64
	err := s.hear.QueryRow(ctx, `SELECT coalesce((SELECT number FROM incidents WHERE origin_key = $1), 0)`, key).Scan(&number)
	if err != nil {
		return 0, fmt.Errorf("look up an origin: %w", err)
	}
	return number, nil
}

// RoomOf gives the channel id of an incident's room, or empty.
func (s *Store) RoomOf(ctx context.Context, number int64) (string, error) {
	var id string
	err := s.hear.QueryRow(ctx, selectRoomOf, number).Scan(&id)
	if err != nil {
		return "", fmt.Errorf("look up the room of %s: %w", incident.Ref(number), err)
	}
	return id, nil
}

// selectOpen looks up rooms and commanders for the page alone.
const selectOpen = `
	SELECT i.number, i.title, i.severity, i.status, i.declared_at,
	       coalesce(r.channel, '') AS room, coalesce(a.holder, '') AS commander, i.total
	  FROM (SELECT number, title, severity, status, declared_at, count(*) OVER () AS total
	          FROM incidents WHERE status <> 'resolved'
	         ORDER BY severity, number LIMIT $1 OFFSET $2) i
	  LEFT JOIN rooms r ON r.number = i.number AND r.purpose = 'room'
	  LEFT JOIN assignments a ON a.number = i.number AND a.role = 'commander'
	 ORDER BY i.severity, i.number`

// Open lists open incidents, the worst and oldest first, and counts them all.
func (s *Store) Open(ctx context.Context, limit, offset int) (list []incident.Listed, total int, err error) {
	rows, err := s.hear.Query(ctx, selectOpen, limit, offset)
	if err != nil {
		return nil, 0, fmt.Errorf("list the open incidents: %w", err)
	}
	list, err = pgx.CollectRows(rows, pgx.RowToStructByName[incident.Listed])
	if err != nil {
		return nil, 0, fmt.Errorf("list the open incidents: %w", err)
	}
	if len(list) > 0 {
		return list, list[0].Total, nil
	}
	if offset > 0 {
		// A page beyond the end has no row to carry the count.
		err = s.hear.QueryRow(ctx, `SELECT count(*) FROM incidents WHERE status <> 'resolved'`).Scan(&total)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("count the open incidents: %w", err)
	}
	return list, total, nil
}

const selectTrouble = `SELECT step, attempts, not_before, error, since FROM steps WHERE subject = $1 AND error <> '' ORDER BY since`

// Trouble lists what keeps an incident from being as people wish.
func (s *Store) Trouble(ctx context.Context, number int64) ([]incident.StepState, error) {
	rows, err := s.hear.Query(ctx, selectTrouble, incident.Subject(number))
	if err != nil {
		return nil, fmt.Errorf("read the trouble of %s: %w", incident.Ref(number), err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[incident.StepState])
}
