package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// lockDue takes the incidents that are due longest. Whoever changes one meanwhile,
// another replica's clock among them, works out anew when it is due.
const lockDue = `
	SELECT ` + incidentColumns + ` FROM incidents
	 WHERE due_at <= @now ORDER BY due_at LIMIT @limit FOR NO KEY UPDATE SKIP LOCKED`

const selectRolesOf = `
	SELECT number, role, holder, made_by, made_at, note, typed_in FROM assignments WHERE number = ANY(@numbers) ORDER BY number, role`

const notifyAll = `SELECT pg_notify('muster', subject || ' ' || wanted) FROM reconciliations WHERE subject = ANY($1)`

// ChangeDue implements incident.DeskStore. All of it is one transaction of six
// round trips, or of three if nothing is due.
func (s *Store) ChangeDue(ctx context.Context, now time.Time, limit int, listEvery time.Duration, fn func(*incident.Incident) bool) (int, error) {
	var looked int
	var subjects []string
	err := pgx.BeginFunc(ctx, s.hear, func(tx pgx.Tx) error {
		due, err := lockedDue(ctx, tx, now, limit)
		if err != nil || len(due) == 0 {
			return err
		}
		looked = len(due)
		batch := &pgx.Batch{}
		stale := int64(0)
		for _, i := range due {
			before := i.Cadence.StaleAt
			said := fn(i)
			if i.Cadence.StaleAt != before && stale == 0 && i.Announced() {
				stale = i.Number
			}
			batch.Queue(updateIncident, incidentArgs(i))
			queuePutFollowUps(batch, i)
			queueEntries(batch, i, "")
			if said {
				queueWanted(batch, i)
				subjects = append(subjects, incident.Subject(i.Number))
			}
		}
		if stale != 0 {
			queueStale(batch, stale, now, listEvery, &subjects)
		}
		if err := sendBatch(ctx, tx, batch); err != nil {
			return err
		}
		return s.before(ctx, "tick")
	})
	if err != nil {
		return 0, fmt.Errorf("do what is due: %w", err)
	}
	if looked == 0 {
		return 0, nil
	}
	// Outside the transaction, as in commit; one that is lost is found by polling.
	_, err = s.hear.Exec(ctx, notifyAll, subjects)
	return looked, errors.Join(err, s.after(ctx, "tick"))
}

// lockedDue reads what is due with its roles and what is set. These are read after
// the lock, so that they are as the last change left them.
func lockedDue(ctx context.Context, tx pgx.Tx, now time.Time, limit int) ([]*incident.Incident, error) {
	rows, err := tx.Query(ctx, lockDue, pgx.NamedArgs{"now": now, "limit": limit})
	if err != nil {
		return nil, err
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[incidentRow])
	if err != nil || len(found) == 0 {
		return nil, err
	}
	due := make([]*incident.Incident, len(found))
	numbers := make([]int64, len(found))
	at := make(map[int64]*incident.Incident, len(found))
	for n, row := range found {
		due[n], numbers[n] = row.noun(), row.Number
		at[row.Number] = due[n]
	}
	batch := &pgx.Batch{}
	batch.Queue(selectRolesOf, pgx.NamedArgs{"numbers": numbers}).Query(func(rows pgx.Rows) error {
		held, err := pgx.CollectRows(rows, pgx.RowToStructByName[struct {
			Number int64
			assignmentRow
		}])
		for _, r := range held {
			at[r.Number].Roles = append(at[r.Number].Roles, r.noun())
		}
		return err
	})
	batch.Queue(selectFollowUpsOf, pgx.NamedArgs{"numbers": numbers}).Query(func(rows pgx.Rows) error {
		found, err := pgx.CollectRows(rows, pgx.RowToStructByName[struct {
			Number int64
			followUpRow
		}])
		for _, r := range found {
			at[r.Number].FollowUps = append(at[r.Number].FollowUps, r.noun())
		}
		return err
	})
	queueSet(batch, func(set incident.Set) {
		for _, i := range due {
			i.Set = set
		}
	})
	return due, sendBatch(ctx, tx, batch)
}

// beginStaleList begins a list with the first of the incidents that turned stale,
// unless the present one is recent enough to be added to.
const beginStaleList = `
	UPDATE installation SET stale_at = @now, stale_leader = @number
	 WHERE stale_at IS NULL OR stale_at <= @now::timestamptz - @every::interval`

const raiseStaleList = `
	UPDATE reconciliations SET wanted = wanted + 1, changed_at = now(), retry_at = '-infinity'
	 WHERE subject = (SELECT 'incident:' || stale_leader FROM installation) RETURNING subject`

// onStaleList reports whether an incident is on the list of stale incidents, and
// so changes it with every change of its own.
func onStaleList(i *incident.Incident) bool {
	c := &i.Cadence
	return i.Status.Open() && !c.StaleAt.IsZero() && c.KeptAt.Before(c.StaleAt)
}

// queueStale lets the list be said that the incidents that turned stale belong to.
// subjects gets the one that says it.
func queueStale(batch *pgx.Batch, first int64, now time.Time, every time.Duration, subjects *[]string) {
	batch.Queue(beginStaleList, pgx.NamedArgs{"now": now, "number": first, "every": every})
	batch.Queue(raiseStaleList).Query(func(rows pgx.Rows) error {
		leader, err := pgx.CollectRows(rows, pgx.RowTo[string])
		*subjects = append(*subjects, leader...)
		return err
	})
}

// selectStale lists what is stale, for the incident that says so.
const selectStale = `
	SELECT coalesce(i.number, 0) AS number, coalesce(i.title, '') AS title, coalesce(i.severity, 0) AS severity,
	       coalesce(i.status, '') AS status, coalesce(i.declared_at, 'epoch') AS declared_at, coalesce(r.channel, '') AS room,
	       coalesce(a.holder, '') AS commander, ` + severityName + `, list.stale_at AS begun, count(i.number) OVER () AS total
	  FROM installation list
	  LEFT JOIN incidents i ON i.stale_at IS NOT NULL AND i.resolved_at IS NULL AND NOT i.private AND NOT i.test AND (i.kept_at IS NULL OR i.kept_at < i.stale_at)
	  LEFT JOIN rooms r ON r.number = i.number AND r.purpose = 'room'
	  LEFT JOIN assignments a ON a.number = i.number AND a.role = 'commander'
	 WHERE list.stale_leader = $1
	 ORDER BY i.severity, i.number LIMIT 80`

type staleRow struct {
	Number       int64
	Title        string
	Severity     int
	SeverityName string
	Status       string
	DeclaredAt   time.Time
	Room         string
	Commander    string
	Begun        time.Time
	Total        int
}

// collectStale is nil if the incident has no list to say. One without incidents is
// over: those on it were resolved or are worked on.
func collectStale(rows pgx.Rows) (*incident.StaleList, error) {
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[staleRow])
	if err != nil || len(found) == 0 {
		return nil, err
	}
	list := &incident.StaleList{At: found[0].Begun, Total: found[0].Total}
	for _, r := range found {
		if r.Number == 0 {
			continue
		}
		list.List = append(list.List, incident.Listed{
			Number: r.Number, Title: r.Title, Severity: incident.Severity(r.Severity), SeverityName: r.SeverityName, Status: incident.Status(r.Status),
			DeclaredAt: r.DeclaredAt, Room: r.Room, Commander: r.Commander,
		})
	}
	return list, nil
}
