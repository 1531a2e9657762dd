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
	WITH settled AS (
		UPDATE reconciliations
		   SET seen = CASE WHEN @done THEN @wanted ELSE seen END,
		       attempts = CASE WHEN @counted THEN attempts ELSE 0 END,
		       retry_at = CASE WHEN wanted > @wanted THEN '-infinity'::timestamptz ELSE @retry_at END,
		       claimed_until = '-infinity', claim_token = NULL
		 WHERE subject = @subject AND claim_token::text = @token
		RETURNING subject),
	well AS (
		DELETE FROM steps USING settled WHERE steps.subject = settled.subject AND step = ANY(@well::text[])),
	waiting AS (
		INSERT INTO steps (subject, step, attempts, not_before, error, since)
		SELECT settled.subject, s.* FROM settled, unnest(
			@steps::text[], @attempts::int[], @not_before::timestamptz[], @errors::text[], @since::timestamptz[]) s
		ON CONFLICT (subject, step) DO UPDATE
		   SET attempts = excluded.attempts, not_before = excluded.not_before,
		       error = excluded.error, since = excluded.since)
	SELECT FROM settled`

// Release ends a claim with what came of it, only if it still holds.
func (s *Store) Release(ctx context.Context, c *incident.Claim, o incident.Outcome) error {
	args := pgx.NamedArgs{
		"done": o.Done, "counted": o.Counted, "wanted": c.Wanted, "retry_at": o.RetryAt,
		"subject": c.Subject, "token": c.Token,
	}
	stepArgs(args, o.Steps)
	n, err := s.exec(ctx, "release", settleClaim, args)
	if err == nil && n == 0 {
		return incident.ErrFenced
	}
	return err
}

// stepArgs splits the steps into those that are well and the columns of the rest.
func stepArgs(args pgx.NamedArgs, steps []incident.StepState) {
	var well, names, errs []string
	var attempts []int
	var notBefore, since []time.Time
	for _, st := range steps {
		if st.Error == "" && st.NotBefore.IsZero() {
			well = append(well, st.Step)
			continue
		}
		names, errs, attempts = append(names, st.Step), append(errs, st.Error), append(attempts, st.Attempts)
		notBefore, since = append(notBefore, st.NotBefore), append(since, st.Since)
	}
	args["well"], args["steps"], args["errors"] = well, names, errs
	args["attempts"], args["not_before"], args["since"] = attempts, notBefore, since
}

// nextClaim looks at the few subjects that are not at rest. Due times are of the
// program's clock, leases of the database's.
const nextClaim = `
	SELECT extract(epoch FROM least(
	           min(greatest(retry_at, @now) - @now) FILTER (WHERE claimed_until < now()),
	           min(claimed_until) FILTER (WHERE claimed_until >= now()) - now()))::float8
	  FROM reconciliations WHERE seen < wanted`

// NextClaim says how long until the next subject may be claimed: until one that
// waits is due, or until a claim runs out, whose holder may have died. some is
// false when everything is at rest.
func (s *Store) NextClaim(ctx context.Context, now time.Time) (wait time.Duration, some bool, err error) {
	var seconds *float64
	if err := s.speak.QueryRow(ctx, nextClaim, pgx.NamedArgs{"now": now}).Scan(&seconds); err != nil {
		return 0, false, fmt.Errorf("ask for the next claim: %w", err)
	}
	if seconds == nil {
		return 0, false, nil
	}
	// A microsecond early would be too early.
	return time.Duration(*seconds*float64(time.Second)) + time.Millisecond, true, nil
}

const unwait = `
	WITH behind AS (
		UPDATE reconciliations SET retry_at = '-infinity' WHERE seen < wanted AND claimed_until < now() AND retry_at > @now
		RETURNING subject)
	UPDATE steps SET not_before = 'epoch' FROM behind WHERE steps.subject = behind.subject AND not_before > @now`

// Unwait makes due whatever waits beyond now: after the program's clock went
// back, that was noted by the clock before.
func (s *Store) Unwait(ctx context.Context, now time.Time) error {
	_, err := s.exec(ctx, "unwait", unwait, pgx.NamedArgs{"now": now})
	return err
}

// queued are the incidents that wait for their room without a trouble of their own,
// which would hold up all that come after them.
const queued = `
	SELECT i.severity, i.number FROM incidents i
	 WHERE i.resolved_at IS NULL
	   AND NOT EXISTS (SELECT FROM rooms WHERE rooms.number = i.number AND purpose = 'room' AND channel <> '')
	   AND NOT EXISTS (SELECT FROM steps WHERE steps.subject = 'incident:' || i.number AND step = '` + incident.StepRoom + `' AND error <> '')`

const roomsAhead = `
	SELECT count(*) FROM incidents me JOIN (` + queued + `) q ON (q.severity, q.number) < (me.severity, me.number)
	 WHERE me.number = $1`

// RoomsAhead counts the incidents that get their room before this one: worse ones,
// and older ones as bad.
func (s *Store) RoomsAhead(ctx context.Context, number int64) (n int, err error) {
	if err := s.speak.QueryRow(ctx, roomsAhead, number).Scan(&n); err != nil {
		return 0, fmt.Errorf("count the rooms ahead: %w", err)
	}
	return n, nil
}

const hurryRoom = `
	WITH next AS (SELECT 'incident:' || number AS subject FROM (` + queued + `) q ORDER BY severity, number LIMIT 1),
	due AS (UPDATE steps SET not_before = 'epoch' FROM next WHERE steps.subject = next.subject AND step = '` + incident.StepRoom + `' AND not_before > 'epoch'),
	woken AS (
		UPDATE reconciliations r SET wanted = wanted + 1, retry_at = '-infinity' FROM next
		 WHERE r.subject = next.subject
		RETURNING r.subject, wanted)
	SELECT pg_notify('muster', subject || ' ' || wanted) FROM woken`

// HurryRoom makes the incident due whose room comes next, in its step for that. It
// raises wanted, so that a pass in hand begins anew as well.
func (s *Store) HurryRoom(ctx context.Context) error {
	_, err := s.exec(ctx, "hurry room", hurryRoom, nil)
	return err
}
