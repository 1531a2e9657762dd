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
	i := &incident.Incident{}
	batch := &pgx.Batch{}
	queueIncident(batch, selectIncident, number, i)
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

// RoomCard gives the number of the incident whose room, not review, a channel is,
// or 0, and the ts of its card, empty until it is posted.
func (s *Store) RoomCard(ctx context.Context, channel string) (number int64, ts string, err error) {
	rows, err := s.hear.Query(ctx, `
		SELECT r.number, coalesce((SELECT p.ts FROM postings p WHERE p.subject = 'incident:' || r.number AND p.key = 'card'), '')
		  FROM rooms r WHERE r.channel = $1 AND r.channel <> '' AND r.purpose = 'room'`, channel)
	if err == nil {
		_, err = pgx.ForEachRow(rows, []any{&number, &ts}, func() error { return nil })
	}
	if err != nil {
		return 0, "", fmt.Errorf("look up a room's card: %w", err)
	}
	return number, ts, nil
}

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

// selectTrouble finds the steps that don't work, and the channels of an open incident
// in which they can't.
const selectTrouble = `
	SELECT step, attempts, not_before, error, since FROM steps WHERE subject = $1 AND error <> ''
	UNION ALL
	SELECT CASE purpose WHEN 'room' THEN 'channel' ELSE purpose || ' channel' END, 0, 'epoch'::timestamptz,
	       CASE state WHEN 'archived' THEN 'it is archived' WHEN 'away' THEN 'muster is not in it: invite it with /invite @muster'
	            ELSE 'it is gone, or private without muster in it' END,
	       coalesce((SELECT max(at) FROM entries e WHERE e.number = $2 AND kind = 'channel'), i.status_at)
	  FROM rooms JOIN incidents i USING (number) WHERE number = $2 AND state <> '' AND i.resolved_at IS NULL
	 ORDER BY since`

// Trouble lists what keeps an incident from being as people wish.
func (s *Store) Trouble(ctx context.Context, number int64) ([]incident.StepState, error) {
	rows, err := s.hear.Query(ctx, selectTrouble, incident.Subject(number), number)
	if err != nil {
		return nil, fmt.Errorf("read the trouble of %s: %w", incident.Ref(number), err)
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[incident.StepState])
}

// selectReplacing compares the last wish with the last that came true.
const selectReplacing = `
	SELECT coalesce((SELECT max(id) FROM entries WHERE number = @number AND kind = @kind), 0) >
	       coalesce((SELECT value::bigint FROM deeds WHERE subject = @subject AND key = @key AND value <> ''), 0)`

// Replacing reports whether somebody wished that the review's page be replaced and it is
// not yet.
func (s *Store) Replacing(ctx context.Context, number int64) (pending bool, err error) {
	err = s.hear.QueryRow(ctx, selectReplacing, pgx.NamedArgs{
		"number": number, "kind": string(incident.EntryReplaced), "subject": incident.Subject(number), "key": incident.DeedReplaced,
	}).Scan(&pending)
	if err != nil {
		return false, fmt.Errorf("look whether the page is being replaced: %w", err)
	}
	return pending, nil
}
