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
	SELECT number, role, holder, made_by, made_at FROM assignments WHERE number = ANY(@numbers) ORDER BY number, role`

const notifyAll = `SELECT pg_notify('muster', subject || ' ' || wanted) FROM reconciliations WHERE subject = ANY($1)`

// ChangeDue implements incident.DeskStore. All of it is one transaction of six
// round trips, or of three if nothing is due.
func (s *Store) ChangeDue(ctx context.Context, now time.Time, limit int, fn func(*incident.Incident) bool) (int, error) {
	var looked int
	var subjects []string
	err := pgx.BeginFunc(ctx, s.hear, func(tx pgx.Tx) error {
		due, err := lockedDue(ctx, tx, now, limit)
		if err != nil || len(due) == 0 {
			return err
		}
		looked = len(due)
		batch := &pgx.Batch{}
		for _, i := range due {
			said := fn(i)
			batch.Queue(updateIncident, incidentArgs(i))
			queueEntries(batch, i, "")
			if said {
				queueWanted(batch, i)
				subjects = append(subjects, incident.Subject(i.Number))
			}
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

// lockedDue reads what is due with its roles. These are read after the lock, so
// that they are as the last change left them.
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
	rows, err = tx.Query(ctx, selectRolesOf, pgx.NamedArgs{"numbers": numbers})
	if err != nil {
		return nil, err
	}
	held, err := pgx.CollectRows(rows, pgx.RowToStructByName[struct {
		Number int64
		assignmentRow
	}])
	for _, r := range held {
		at[r.Number].Roles = append(at[r.Number].Roles, r.noun())
	}
	return due, err
}
