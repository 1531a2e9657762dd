package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"muster/incident"
)

// errFound ends a transaction that has nothing to write.
var errFound = errors.New("found")

// verb is the transaction of something that a person decided, in three round
// trips: what read queues, which takes the lock; the statements that decide makes
// of what was read; and the commit, followed by the notification of the subject
// that decide names. An error of decide ends it without a change. Both may run
// again for a transaction that crossed another one.
func (s *Store) verb(ctx context.Context, act string, read func(*pgx.Batch), decide func() (*pgx.Batch, string, error)) error {
	conn, err := s.hear.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("%s: connect: %w", act, err)
	}
	// The pool closes a connection that comes back in a transaction.
	defer conn.Release()
	var subject string
	err = crossing(ctx, func() (err error) {
		subject, err = prepare(ctx, conn, read, decide)
		if deadlocked(err) {
			_, _ = conn.Exec(context.WithoutCancel(ctx), `ROLLBACK`)
		}
		return err
	})
	if err == nil {
		err = s.before(ctx, act)
	} else if _, refused := errors.AsType[*incident.Error](err); !refused {
		err = fmt.Errorf("%s: %w", act, err)
	}
	if err != nil {
		_, _ = conn.Exec(context.WithoutCancel(ctx), `ROLLBACK`)
		return err
	}
	if err := commit(ctx, conn, subject); err != nil {
		return &UnknownError{Act: act, Err: err}
	}
	return s.after(ctx, act)
}

// settleLimit bounds the look for what became of a commit. Of the 3 s that Slack
// waits for an acknowledgement, about half a second is left by then.
const settleLimit = 400 * time.Millisecond

func prepare(ctx context.Context, conn *pgxpool.Conn, read func(*pgx.Batch), decide func() (*pgx.Batch, string, error)) (subject string, err error) {
	// A batch can be sent once only.
	batch := &pgx.Batch{}
	batch.Queue(`BEGIN`)
	read(batch)
	if err := conn.SendBatch(ctx, batch).Close(); err != nil {
		return "", err
	}
	write, subject, err := decide()
	if err != nil {
		return "", err
	}
	return subject, conn.SendBatch(ctx, write).Close()
}

// notify tells every program the subject's present wish count, so that a pass in
// hand knows when it is behind.
const notify = `SELECT pg_notify('muster', subject || ' ' || wanted) FROM reconciliations WHERE subject = $1`

// commit ends the transaction and sends the notification with it, but not in it:
// PostgreSQL lets transactions that notify commit only one after the other, in
// the whole database, and each would wait for its own write to the disk. By
// itself a notification writes nothing and takes no time. One that is lost is
// found by polling.
func commit(ctx context.Context, conn *pgxpool.Conn, subject string) error {
	batch := &pgx.Batch{}
	batch.Queue(`COMMIT`)
	batch.Queue(notify, subject)
	results := conn.SendBatch(ctx, batch)
	defer func() { _ = results.Close() }()
	tag, err := results.Exec()
	if err == nil && tag.String() == "ROLLBACK" {
		err = pgx.ErrTxCommitRollback
	}
	return err
}
