package store

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// deadlock is PostgreSQL's code for a transaction that it ended because another one
// waited for it and it for the other.
const deadlock = "40P01"

// deadlocked reports that err ended a transaction so. Nothing of it was done, and the
// other one goes on: it may be begun again. A verb takes an incident's locks from the
// decision to the queue; a step, which must hold the claim first, the other way round.
func deadlocked(err error) bool {
	refusal, ok := errors.AsType[*pgconn.PgError](err)
	return ok && refusal.Code == deadlock
}
