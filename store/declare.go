package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// takeNumber also puts declarations in order: the row stays locked until the
// commit, so the look for an earlier one below can't miss any.
const takeNumber = `UPDATE installation SET last_number = last_number + 1 RETURNING last_number`

const selectSame = `
	SELECT ` + incidentColumns + ` FROM incidents
	 WHERE origin_key = @key
	    OR (@recent AND declarer = @declarer AND declared_at > @since AND resolved_at IS NULL AND title = @title)
	 ORDER BY (origin_key = @key) DESC, number DESC LIMIT 1`

// errNoKey refuses a declaration that would be taken for another one without key.
var errNoKey = errors.New("declare: the origin has no key")

// Declare implements incident.DeskStore.
func (s *Store) Declare(ctx context.Context, d incident.Declaration, since time.Time, build func(int64, incident.Set) *incident.Incident) (*incident.Incident, bool, error) {
	if d.Origin.Key == "" {
		return nil, false, errNoKey
	}
	var number int64
	var set incident.Set
	var earlier, i *incident.Incident
	read := func(batch *pgx.Batch) {
		batch.Queue(takeNumber).QueryRow(func(row pgx.Row) error { return row.Scan(&number) })
		queueSet(batch, func(found incident.Set) { set = found })
		queueSame(batch, d, since, &earlier)
	}
	err := s.verb(ctx, "declare", read, func() (*pgx.Batch, string, error) {
		if earlier != nil {
			i = earlier
			return nil, "", errFound
		}
		i = build(number, set)
		write := &pgx.Batch{}
		write.Queue(insertIncident, incidentArgs(i))
		queueEntries(write, i, "")
		queueWanted(write, i)
		return write, incident.Subject(number), nil
	})
	if errors.Is(err, errFound) {
		return i, false, s.loadRoles(ctx, i)
	}
	if unknown, ok := errors.AsType[*UnknownError](err); ok {
		return s.settleDeclare(ctx, d, unknown)
	}
	if err != nil {
		return nil, false, err
	}
	return i, true, nil
}

// settleDeclare finds out whether a declaration was committed after all. The
// caller's context may be what cut the commit, so that the look has its own. It
// waits for the row that the commit holds: then the outcome is there to be seen.
func (s *Store) settleDeclare(ctx context.Context, d incident.Declaration, unknown *UnknownError) (*incident.Incident, bool, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleLimit)
	defer cancel()
	var found *incident.Incident
	err := pgx.BeginFunc(ctx, s.hear, func(tx pgx.Tx) error {
		batch := &pgx.Batch{}
		batch.Queue(`SELECT FROM installation FOR SHARE`)
		queueSame(batch, d, time.Time{}, &found)
		return sendBatch(ctx, tx, batch)
	})
	if err != nil || found == nil {
		return nil, false, unknown
	}
	s.tell(ctx, found.Number)
	return found, true, nil
}

// queueSame looks for the incident that d asks for; found stays nil if none is.
func queueSame(batch *pgx.Batch, d incident.Declaration, since time.Time, found **incident.Incident) {
	batch.Queue(selectSame, pgx.NamedArgs{
		"key": d.Origin.Key, "recent": !since.IsZero(), "since": since,
		"declarer": d.By, "title": incident.CleanLine(d.Title),
	}).Query(func(rows pgx.Rows) error {
		row, err := pgx.CollectOneRow(rows, pgx.RowToStructByName[incidentRow])
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		*found = row.noun()
		return err
	})
}
