package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// deadlock is PostgreSQL's code for a transaction that it ended because another one
// waited for it and it for the other.
const deadlock = "40P01"

const (
	// crossings is how often something is begun that PostgreSQL ends for crossing
	// another transaction, and crossingPause how long that one gets before it: who
	// begins anew at once may be first again.
	crossings     = 3
	crossingPause = 50 * time.Millisecond
)

// crossing does something again as long as PostgreSQL ends it for crossing another
// transaction.
func crossing(ctx context.Context, do func() error) error {
	for n := 1; ; n++ {
		err := do()
		if !deadlocked(err) || n == crossings {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(crossingPause):
		}
	}
}

// deadlocked reports that err ended a transaction so. Nothing of it was done, and the
// other one goes on: it may be begun again. A verb takes an incident's locks from the
// decision to the queue; a step, which must hold the claim first, the other way round.
func deadlocked(err error) bool {
	refusal, ok := errors.AsType[*pgconn.PgError](err)
	return ok && refusal.Code == deadlock
}
