package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// Receive keeps an event, and tells whoever listens. One that was delivered before
// changes nothing. Only after it may the event be acknowledged.
func (s *Store) Receive(ctx context.Context, id string, payload []byte) error {
	if err := s.before(ctx, "receive"); err != nil {
		return err
	}
	conn, err := s.hear.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("receive an event: %w", err)
	}
	defer conn.Release()
	// PostgreSQL's JSON has no zero byte.
	text := strings.ReplaceAll(string(payload), `\u0000`, `\ufffd`)
	// The notification goes with the commit, but not in it; see commit.
	batch := &pgx.Batch{}
	batch.Queue(`BEGIN`)
	batch.Queue(`INSERT INTO inbox (event_id, payload) VALUES ($1, $2::text::jsonb) ON CONFLICT DO NOTHING`, id, text)
	batch.Queue(`COMMIT`)
	batch.Queue(`SELECT pg_notify('muster', $1)`, InboxChanged+" 0")
	if err := conn.SendBatch(ctx, batch).Close(); err != nil {
		_, _ = conn.Exec(context.WithoutCancel(ctx), `ROLLBACK`)
		return fmt.Errorf("receive an event: %w", err)
	}
	return s.after(ctx, "receive")
}

// waitsAnew is what becomes of an event of the program's own that is there already.
const waitsAnew = `
	ON CONFLICT (event_id) DO UPDATE
	   SET payload = excluded.payload, received_at = now(), claimed_until = excluded.claimed_until, attempts = 0, done_at = NULL`

// LookAgain lets an event be dealt with once more, that long from now. It is one
// that the program makes for itself; one that waits already waits anew.
func (s *Store) LookAgain(ctx context.Context, id string, payload []byte, after time.Duration) error {
	_, err := s.exec(ctx, "look again", `
		INSERT INTO inbox (event_id, payload, claimed_until) VALUES (@id, @payload::text::jsonb, now() + @after::interval)`+waitsAnew,
		pgx.NamedArgs{"id": id, "payload": string(payload), "after": after})
	return err
}

// takeEvent takes the oldest event that nobody has in hand, and says how long until
// the first of those may be taken that somebody has, or that wait.
const takeEvent = `
	WITH taken AS (
		UPDATE inbox SET claimed_until = now() + $1::interval, attempts = attempts + 1
		 WHERE event_id = (SELECT event_id FROM inbox
		                    WHERE done_at IS NULL AND claimed_until < now()
		                    ORDER BY received_at LIMIT 1 FOR UPDATE SKIP LOCKED)
		RETURNING event_id, payload::text, received_at, attempts)
	SELECT coalesce(event_id, '') AS id, coalesce(payload, ''), coalesce(received_at, 'epoch'), coalesce(attempts, 0),
	       (SELECT extract(epoch FROM min(claimed_until) - now())::float8 FROM inbox WHERE done_at IS NULL AND claimed_until >= now())
	  FROM (SELECT) one LEFT JOIN taken ON true`

// TakeEvent takes the oldest event in hand that nobody has; after the lease,
// somebody else may. ok is false if there is none; then next is how long until there
// may be one, or negative if none is left.
func (s *Store) TakeEvent(ctx context.Context, lease time.Duration) (e incident.Event, ok bool, next time.Duration, err error) {
	var payload string
	var seconds *float64
	err = s.speak.QueryRow(ctx, takeEvent, lease).Scan(&e.ID, &payload, &e.ReceivedAt, &e.Attempts, &seconds)
	if err != nil {
		return e, false, 0, fmt.Errorf("take an event: %w", err)
	}
	if e.ID != "" {
		e.Payload = []byte(payload)
		return e, true, 0, nil
	}
	if seconds == nil {
		return e, false, -1, nil
	}
	// A microsecond early would be too early.
	return e, false, time.Duration(*seconds*float64(time.Second)) + time.Millisecond, nil
}

// EndEvent notes that an event is dealt with.
func (s *Store) EndEvent(ctx context.Context, id string) error {
	_, err := s.exec(ctx, "end event", `UPDATE inbox SET done_at = now() WHERE event_id = @id`, pgx.NamedArgs{"id": id})
	return err
}

// RetryEvent lets go of an event until a time has passed.
func (s *Store) RetryEvent(ctx context.Context, id string, after time.Duration) error {
	_, err := s.exec(ctx, "retry event", `UPDATE inbox SET claimed_until = now() + @after::interval WHERE event_id = @id AND done_at IS NULL`,
		pgx.NamedArgs{"id": id, "after": after})
	return err
}

// ForgetEvents drops what was received longer ago than that.
func (s *Store) ForgetEvents(ctx context.Context, age time.Duration) error {
	_, err := s.exec(ctx, "forget events", `DELETE FROM inbox WHERE received_at < now() - @age::interval`, pgx.NamedArgs{"age": age})
	return err
}
