package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// claimDue takes one subject whose wishes are ahead of what was seen to.
// @now is the program's clock and moves due times in tests; leases are the
// database's, since replicas must agree on them.
const claimDue = `
	UPDATE reconciliations
	   SET claim_token = gen_random_uuid(), claimed_until = now() + @lease::interval, attempts = attempts + 1
	 WHERE subject = (SELECT subject FROM reconciliations
	                   WHERE seen < wanted AND retry_at <= @now AND claimed_until < now()
	                   ORDER BY urgency, changed_at LIMIT 1 FOR UPDATE SKIP LOCKED)
	RETURNING subject, claim_token::text AS token, wanted, attempts, @lease::interval AS lease`

// Claim takes the most urgent subject that is due, or returns nil if none is.
func (s *Store) Claim(ctx context.Context, now time.Time, lease time.Duration) (*incident.Claim, error) {
	if err := s.before(ctx, "claim"); err != nil {
		return nil, err
	}
	rows, err := s.speak.Query(ctx, claimDue, pgx.NamedArgs{"lease": lease, "now": now})
	if err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	claim, err := pgx.CollectOneRow(rows, pgx.RowToStructByName[incident.Claim])
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	if err := s.after(ctx, "claim"); err != nil {
		return nil, err
	}
	return &claim, nil
}

const renewClaim = `
	UPDATE reconciliations SET claimed_until = now() + @lease::interval
	 WHERE subject = @subject AND claim_token::text = @token`

// Renew extends a lease. It reports false when the claim is no longer ours.
func (s *Store) Renew(ctx context.Context, c *incident.Claim, lease time.Duration) (bool, error) {
	n, err := s.exec(ctx, "renew", renewClaim, pgx.NamedArgs{"lease": lease, "subject": c.Subject, "token": c.Token})
	return n == 1, err
}

// settleClaim ends a claim: done moves seen, so that the subject is at rest
// unless somebody raised wanted meanwhile; not done leaves it due at @retry_at.
// A change that came meanwhile makes it due at once: its raise has put
// retry_at to the past, which must not be overwritten with a wait.
const settleClaim = `
	UPDATE reconciliations
	   SET seen = CASE WHEN @done THEN @wanted ELSE seen END,
	       attempts = CASE WHEN @counted THEN attempts ELSE 0 END,
	       retry_at = CASE WHEN wanted > @wanted THEN '-infinity'::timestamptz ELSE @retry_at END,
	       claimed_until = '-infinity', claim_token = NULL
	 WHERE subject = @subject AND claim_token::text = @token`

const upsertStep = `
	INSERT INTO steps (subject, step, attempts, not_before, error, since)
	VALUES (@subject, @step, @attempts, @not_before, @error, @since)
	ON CONFLICT (subject, step) DO UPDATE
	   SET attempts = excluded.attempts, not_before = excluded.not_before,
	       error = excluded.error, since = excluded.since`

const deleteStep = `DELETE FROM steps WHERE subject = $1 AND step = $2`

// Release ends a claim, only if it still holds: with done, everything wished
// for up to the claim's Wanted is so; else the subject is due again at retryAt.
// counted keeps the number of attempts, so that repeated failures show. The
// steps that changed are saved with it; one without error and wait is removed.
func (s *Store) Release(ctx context.Context, c *incident.Claim, done, counted bool, retryAt time.Time, steps []incident.StepState) error {
	return s.inTx(ctx, s.speak, "release", func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, settleClaim, pgx.NamedArgs{
			"done": done, "counted": counted, "wanted": c.Wanted, "retry_at": retryAt,
			"subject": c.Subject, "token": c.Token,
		})
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return incident.ErrFenced
		}
		if len(steps) == 0 {
			return nil
		}
		batch := &pgx.Batch{}
		for _, st := range steps {
			if st.Error == "" && st.NotBefore.IsZero() {
				batch.Queue(deleteStep, c.Subject, st.Step)
				continue
			}
			batch.Queue(upsertStep, pgx.NamedArgs{
				"subject": c.Subject, "step": st.Step, "attempts": st.Attempts,
				"not_before": st.NotBefore, "error": st.Error, "since": st.Since,
			})
		}
		return sendBatch(ctx, tx, batch)
	})
}

// nextDue is when the earliest waiting subject may be claimed.
const nextDue = `
	SELECT min(retry_at) FROM reconciliations
	 WHERE seen < wanted AND retry_at > '-infinity' AND claimed_until < now()`

// nextLapse is when the earliest claim that is held runs out, in seconds from
// now by the database's clock, which rules leases.
const nextLapse = `
	SELECT extract(epoch FROM min(claimed_until) - now())::float8 FROM reconciliations
	 WHERE seen < wanted AND claimed_until >= now()`

// NextLapse says how long until the earliest claim that is held runs out, unless
// it is renewed; zero if none is held. Its holder may have died.
func (s *Store) NextLapse(ctx context.Context) (time.Duration, error) {
	var seconds *float64
	if err := s.speak.QueryRow(ctx, nextLapse).Scan(&seconds); err != nil {
		return 0, fmt.Errorf("ask for the next lapse of a claim: %w", err)
	}
	if seconds == nil {
		return 0, nil
	}
	return time.Duration(*seconds*float64(time.Second)) + time.Millisecond, nil
}

// NextDue says when the earliest subject that waits is due; zero if none waits.
func (s *Store) NextDue(ctx context.Context) (time.Time, error) {
	var at *time.Time
	if err := s.speak.QueryRow(ctx, nextDue).Scan(&at); err != nil {
		return time.Time{}, fmt.Errorf("ask for the next due time: %w", err)
	}
	return orZero(at), nil
}
