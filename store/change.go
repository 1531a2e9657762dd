package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

const selectActed = `SELECT EXISTS (SELECT FROM entries WHERE number = $1 AND act_key = $2)`

// Change implements incident.DeskStore.
func (s *Store) Change(ctx context.Context, number int64, key string, fn func(*incident.Incident) error) (*incident.Incident, error) {
	i, acted := &incident.Incident{}, false
	read := func(batch *pgx.Batch) { queueLock(batch, number, key, i, &acted) }
	err := s.verb(ctx, "change", read, func() (*pgx.Batch, string, error) {
		if acted {
			return nil, "", errFound
		}
		write, err := changed(i, key, func() error { return fn(i) })
		return write, incident.Subject(number), err
	})
	if unknown, ok := errors.AsType[*UnknownError](err); ok {
		return s.settleChange(ctx, number, key, unknown)
	}
	if err != nil && !errors.Is(err, errFound) {
		return nil, err
	}
	return i, nil
}

// ChangeBoth implements incident.DeskStore. Both rows are locked in the order of their
// numbers, so that two who do it at once wait for each other once.
func (s *Store) ChangeBoth(ctx context.Context, number, other int64, key string, fn func(i, other *incident.Incident) error) (*incident.Incident, *incident.Incident, error) {
	both := map[int64]*struct {
		incident.Incident
		acted bool
	}{number: {}, other: {}}
	read := func(batch *pgx.Batch) {
		for _, n := range []int64{min(number, other), max(number, other)} {
			queueLock(batch, n, key, &both[n].Incident, &both[n].acted)
		}
	}
	err := s.verb(ctx, "change both", read, func() (*pgx.Batch, string, error) {
		i, o := &both[number].Incident, &both[other].Incident
		if both[number].acted {
			return nil, "", errFound
		}
		write, err := changed(i, key, func() error { return fn(i, o) })
		if err != nil {
			return nil, "", err
		}
		own := write.Len()
		if queueJoins(write, o); write.Len() > own {
			queueWanted(write, o)
			write.Queue(notify, incident.Subject(other))
		}
		return write, incident.Subject(number), nil
	})
	if unknown, ok := errors.AsType[*UnknownError](err); ok {
		_, err = s.settleChange(ctx, number, key, unknown)
	}
	if err != nil && !errors.Is(err, errFound) {
		return nil, nil, err
	}
	return &both[number].Incident, &both[other].Incident, nil
}

// changed makes the statements that save what fn changes of an incident.
func changed(i *incident.Incident, key string, fn func() error) (*pgx.Batch, error) {
	before, listed, was, called := roleSet(i), onStaleList(i), i.Status, i.Title
	if err := fn(); err != nil {
		return nil, err
	}
	write := &pgx.Batch{}
	write.Queue(updateIncident, incidentArgs(i))
	queueRoles(write, i, before)
	queueMessages(write, i)
	queuePutFollowUps(write, i)
	queueJoins(write, i)
	queueEntries(write, i, key)
	queueWanted(write, i)
	args := pgx.NamedArgs{"number": i.Number}
	if !was.Open() && i.Status.Open() {
		write.Queue(wantBack, args)
	}
	if was != incident.Resolved && i.Status == incident.Resolved {
		// The page is to have the last of what people said.
		write.Queue(lookAtMessages, args)
		write.Queue(wantReviewBack, args)
	}
	if (was == incident.Duplicate) != (i.Status == incident.Duplicate) || was.Open() != i.Status.Open() || called != i.Title {
		write.Queue(raiseDuplicates, args)
	}
	if listed || onStaleList(i) {
		// Who listens wakes for this incident, and finds the list as well.
		write.Queue(raiseStaleList)
	}
	return write, nil
}

// duplicatesOf gives the subjects of what is closed as a duplicate of an incident, or of
// another one that is: the work on all of them goes on in the same place.
func duplicatesOf(number string) string {
	return `ARRAY(
		WITH RECURSIVE duplicates AS (
			SELECT d.number FROM incidents d WHERE d.duplicate_of = ` + number + ` AND d.duplicate_of <> 0
			UNION
			SELECT d.number FROM duplicates CROSS JOIN LATERAL (
				SELECT o.number FROM incidents o WHERE o.duplicate_of = duplicates.number AND o.duplicate_of <> 0 OFFSET 0) d)
		SELECT 'incident:' || number FROM duplicates)`
}

// raiseDuplicates lets them lead elsewhere, or call it otherwise. Who polls finds them.
var raiseDuplicates = `
	UPDATE reconciliations SET wanted = wanted + 1, changed_at = now(), retry_at = '-infinity'
	 WHERE subject = ANY (` + duplicatesOf(`@number`) + `)`

// settleChange finds out, as settleDeclare does, whether a change was committed
// after all.
func (s *Store) settleChange(ctx context.Context, number int64, key string, unknown *UnknownError) (*incident.Incident, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleLimit)
	defer cancel()
	i, acted := &incident.Incident{}, false
	err := pgx.BeginFunc(ctx, s.hear, func(tx pgx.Tx) error {
		batch := &pgx.Batch{}
		queueLock(batch, number, key, i, &acted)
		return sendBatch(ctx, tx, batch)
	})
	if err != nil || !acted {
		return nil, unknown
	}
	s.tell(ctx, number)
	return i, nil
}

// tell sends a notification that was perhaps cut off with its commit.
func (s *Store) tell(ctx context.Context, number int64) {
	_, _ = s.hear.Exec(ctx, notify, incident.Subject(number))
}

// queueLock reads the incident inside its row lock and whether key acted on it.
func queueLock(batch *pgx.Batch, number int64, key string, i *incident.Incident, acted *bool) {
	queueIncident(batch, lockIncident, number, i)
	queueSet(batch, func(set incident.Set) { i.Set = set })
	batch.Queue(selectMessages, number).Query(into(&i.Messages, collectMessages))
	batch.Queue(selectActed, number, key).QueryRow(func(row pgx.Row) error { return row.Scan(acted) })
}

const raiseWanted = `
	INSERT INTO reconciliations (subject, urgency) VALUES ($1, $2)
	ON CONFLICT (subject) DO UPDATE
	   SET wanted = reconciliations.wanted + 1, urgency = excluded.urgency,
	       changed_at = now(), retry_at = '-infinity'`

func queueWanted(batch *pgx.Batch, i *incident.Incident) {
	batch.Queue(raiseWanted, incident.Subject(i.Number), urgency(i))
}

// urgency orders work: the worst severity first, what is over last.
func urgency(i *incident.Incident) int {
	if !i.Status.Open() {
		return int(incident.SEV4) + 1
	}
	return int(i.Severity)
}
