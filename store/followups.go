package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

const followUpColumns = `n, body, owner, given_by, given_at, due, author, at, changed_by, done_at, done_by, dropped, remind_at, reminded_at`

const selectFollowUps = `SELECT ` + followUpColumns + ` FROM follow_ups WHERE number = $1 ORDER BY n`

const selectFollowUpsOf = `SELECT number, ` + followUpColumns + ` FROM follow_ups WHERE number = ANY(@numbers) ORDER BY number, n`

type followUpRow struct {
	N          int
	Body       string
	Owner      string
	GivenBy    string
	GivenAt    *time.Time
	Due        string
	Author     string
	At         time.Time
	ChangedBy  string
	DoneAt     *time.Time
	DoneBy     string
	Dropped    bool
	RemindAt   *time.Time
	RemindedAt *time.Time
}

func (r followUpRow) noun() incident.FollowUp {
	return incident.FollowUp{
		N: r.N, Text: r.Body, Owner: r.Owner, GivenBy: r.GivenBy, GivenAt: orZero(r.GivenAt), Due: r.Due,
		By: r.Author, At: r.At, ChangedBy: r.ChangedBy, DoneAt: orZero(r.DoneAt), DoneBy: r.DoneBy, Dropped: r.Dropped,
		RemindAt: orZero(r.RemindAt), RemindedAt: orZero(r.RemindedAt),
	}
}

// queueFollowUps reads the follow-ups of an incident.
func queueFollowUps(batch *pgx.Batch, number int64, i *incident.Incident) {
	batch.Queue(selectFollowUps, number).Query(func(rows pgx.Rows) error {
		found, err := pgx.CollectRows(rows, pgx.RowToStructByName[followUpRow])
		for _, r := range found {
			i.FollowUps = append(i.FollowUps, r.noun())
		}
		return err
	})
}

const putFollowUp = `
	INSERT INTO follow_ups (number, ` + followUpColumns + `)
	VALUES (@number, @n, @body, @owner, @given_by, @given_at, @due, @author, @at, @changed_by, @done_at, @done_by, @dropped, @remind_at, @reminded_at)
	ON CONFLICT (number, n) DO UPDATE
	   SET body = excluded.body, owner = excluded.owner, given_by = excluded.given_by, given_at = excluded.given_at,
	       due = excluded.due, changed_by = excluded.changed_by, done_at = excluded.done_at, done_by = excluded.done_by,
	       dropped = excluded.dropped, remind_at = excluded.remind_at, reminded_at = excluded.reminded_at`

func queuePutFollowUps(batch *pgx.Batch, i *incident.Incident) {
	for _, f := range i.PutFollowUps() {
		batch.Queue(putFollowUp, pgx.NamedArgs{
			"number": i.Number, "n": f.N, "body": f.Text, "owner": f.Owner, "given_by": f.GivenBy, "given_at": nullable(f.GivenAt),
			"due": f.Due, "author": f.By, "at": f.At, "changed_by": f.ChangedBy, "done_at": nullable(f.DoneAt), "done_by": f.DoneBy,
			"dropped": f.Dropped, "remind_at": nullable(f.RemindAt), "reminded_at": nullable(f.RemindedAt),
		})
	}
}

// FollowUps reads what a person has to do, the soonest due first, as far as they
// may know of the incidents.
func (s *Store) FollowUps(ctx context.Context, person string, limit int) ([]incident.OwnFollowUp, error) {
	return s.openFollowUps(ctx, `owner = @viewer AND `, person, limit)
}

// AllFollowUps is FollowUps of everybody, as far as the viewer may know of the
// incidents.
func (s *Store) AllFollowUps(ctx context.Context, viewer string, limit int) ([]incident.OwnFollowUp, error) {
	return s.openFollowUps(ctx, ``, viewer, limit)
}

func (s *Store) openFollowUps(ctx context.Context, where, viewer string, limit int) ([]incident.OwnFollowUp, error) {
	rows, err := s.hear.Query(ctx, `
		SELECT f.*, i.title
		  FROM (SELECT number, `+followUpColumns+` FROM follow_ups WHERE `+where+`done_at IS NULL AND NOT dropped) f
		  JOIN incidents i ON i.number = f.number
		 WHERE NOT i.test AND i.status NOT IN ('cancelled', 'duplicate') AND `+visible+`
		 ORDER BY f.due = '', f.due, f.number, f.n LIMIT @limit`, pgx.NamedArgs{"viewer": viewer, "limit": limit})
	if err != nil {
		return nil, fmt.Errorf("read follow-ups: %w", err)
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[struct {
		Number int64
		Title  string
		followUpRow
	}])
	var list []incident.OwnFollowUp
	for _, r := range found {
		list = append(list, incident.OwnFollowUp{Number: r.Number, Title: r.Title, FollowUp: r.noun()})
	}
	return list, err
}
