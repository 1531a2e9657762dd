package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

const selectBacklog = `
	SELECT (SELECT count(*) FROM reconciliations WHERE seen < wanted),
	       (SELECT coalesce(extract(epoch FROM now() - min(changed_at)), 0)::float8 FROM reconciliations WHERE seen < wanted),
	       (SELECT count(DISTINCT subject) FROM steps WHERE error <> ''),
	       (SELECT count(*) FROM inbox WHERE done_at IS NULL AND (attempts > 0 OR claimed_until <= now() + interval '5 seconds')),
	       (SELECT count(*) FROM incidents WHERE due_at < $1::timestamptz - interval '1 minute')`

const selectOpen = `SELECT severity, count(*) FROM incidents WHERE resolved_at IS NULL AND NOT test GROUP BY severity`

// Backlog reads how much is not done by now, the program's clock. One round trip.
func (s *Store) Backlog(ctx context.Context, now time.Time) (incident.Backlog, error) {
	var b incident.Backlog
	batch := &pgx.Batch{}
	batch.Queue(selectBacklog, now).QueryRow(func(row pgx.Row) error {
		var oldest float64
		err := row.Scan(&b.Waiting, &oldest, &b.Stuck, &b.Inbox, &b.Overdue)
		b.Oldest = max(0, time.Duration(oldest*float64(time.Second)))
		return err
	})
	batch.Queue(selectOpen).Query(func(rows pgx.Rows) error {
		var severity, count int
		_, err := pgx.ForEachRow(rows, []any{&severity, &count}, func() error {
			b.Open[severity-1] = count
			return nil
		})
		return err
	})
	if err := s.speak.SendBatch(ctx, batch).Close(); err != nil {
		return b, fmt.Errorf("read the backlog: %w", err)
	}
	return b, nil
}

// AtRest reports whether nothing waits and nothing is in hand, in any replica: each
// subject has been seen as it is wanted, and each event dealt with.
func (s *Store) AtRest(ctx context.Context) (rests bool, err error) {
	err = s.speak.QueryRow(ctx, `
		SELECT NOT EXISTS (SELECT FROM reconciliations WHERE seen < wanted OR claimed_until > now())
		   AND NOT EXISTS (SELECT FROM inbox WHERE done_at IS NULL)`).Scan(&rests)
	if err != nil {
		return false, fmt.Errorf("look whether all is done: %w", err)
	}
	return rests, nil
}

// Pool is a pool of connections as it stands.
type Pool struct {
	Name             string
	InUse, Idle, Max int
	// Waited is how often somebody had to wait for a connection, and Wait how long
	// altogether.
	Waited int64
	Wait   time.Duration
}

// Pools describes the two pools.
func (s *Store) Pools() []Pool {
	hear, speak := s.hear.Stat(), s.speak.Stat()
	return []Pool{
		{"hear", int(hear.AcquiredConns()), int(hear.IdleConns()), int(hear.MaxConns()), hear.EmptyAcquireCount(), hear.EmptyAcquireWaitTime()},
		{"speak", int(speak.AcquiredConns()), int(speak.IdleConns()), int(speak.MaxConns()), speak.EmptyAcquireCount(), speak.EmptyAcquireWaitTime()},
	}
}
