package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Limits are what Slack allows the app, shared by its replicas: for each bucket
// when its next call may be sent, and until when calls have to ask. All times
// are the database's; callers give and get durations from now.
type Limits struct{ store *Store }

// Limits gives the limits that are kept in this database.
func (s *Store) Limits() Limits { return Limits{s} }

// closeBucket keeps what is later. It also forgets buckets that were not limited
// for an hour, or channels would pile up.
const closeBucket = `
	WITH forgotten AS (
		DELETE FROM slack_limits WHERE bucket IN (
			SELECT bucket FROM slack_limits
			 WHERE greatest(strict_until, next_at) < now() - interval '1 hour' AND bucket <> @bucket
			   FOR UPDATE SKIP LOCKED)),
	closed AS (
		INSERT INTO slack_limits AS l (bucket, next_at, interval_ms, strict_until)
		VALUES (@bucket, now() + @closed::interval, @interval_ms, now() + @strict::interval)
		ON CONFLICT (bucket) DO UPDATE
		   SET next_at = greatest(l.next_at, excluded.next_at), interval_ms = excluded.interval_ms,
		       strict_until = greatest(l.strict_until, excluded.strict_until))
	SELECT pg_notify('muster', @subject::text || ' 0')`

// LimitsChanged is the subject of the notification that another bucket is closed.
const LimitsChanged = "limits"

// Close forbids slots of a bucket before now+closed, and remembers until
// now+strict that the bucket is limited, and tells whoever listens. Later times that
// are on record stay. interval is kept for whoever looks at the limits.
func (l Limits) Close(ctx context.Context, bucket string, closed, strict, interval time.Duration) error {
	_, err := l.store.exec(ctx, "close a bucket", closeBucket, pgx.NamedArgs{
		"bucket": bucket, "closed": closed, "strict": strict, "interval_ms": interval.Milliseconds(),
		"subject": LimitsChanged,
	})
	return err
}

// reserveSlot takes the slot inside the row's lock. now() is when the statement
// began, before it waited for that lock, so that the wait is never too short.
const reserveSlot = `
	INSERT INTO slack_limits AS l (bucket, next_at, interval_ms, strict_until)
	VALUES (@bucket, now() + @interval::interval, @interval_ms, '-infinity')
	ON CONFLICT (bucket) DO UPDATE
	   SET next_at = greatest(l.next_at, now()) + @interval::interval, interval_ms = excluded.interval_ms
	 WHERE greatest(l.next_at, now()) <= now() + @within::interval
	RETURNING (extract(epoch FROM next_at - @interval::interval - now()) * 1000000)::bigint`

const nextSlot = `
	SELECT (extract(epoch FROM greatest(next_at - now(), '0')) * 1000000)::bigint
	  FROM slack_limits WHERE bucket = $1`

// Reserve takes the next slot of a bucket if it begins within the given time:
// wait is how long until then, and the slot after it is an interval later.
// Otherwise nothing changes, and wait says when to ask again.
func (l Limits) Reserve(ctx context.Context, bucket string, interval, within time.Duration) (wait time.Duration, taken bool, err error) {
	const act = "reserve a slot"
	if err := l.store.before(ctx, act); err != nil {
		return 0, false, err
	}
	var micros int64
	err = l.store.speak.QueryRow(ctx, reserveSlot, pgx.NamedArgs{
		"bucket": bucket, "interval": interval, "interval_ms": interval.Milliseconds(), "within": within,
	}).Scan(&micros)
	if taken = err == nil; taken {
		err = l.store.after(ctx, act)
	} else if errors.Is(err, pgx.ErrNoRows) {
		err = l.store.speak.QueryRow(ctx, nextSlot, bucket).Scan(&micros)
	}
	if err != nil {
		return 0, false, fmt.Errorf("%s: %w", act, err)
	}
	return time.Duration(micros) * time.Microsecond, taken, nil
}

// addSent merges what the replicas sent. The margin is a quarter of the interval, since
// Slack counts when calls arrive, which is not always equally late.
const addSent = `
	INSERT INTO slack_limits AS l (bucket, next_at, interval_ms, strict_until, sent)
	VALUES (@bucket, '-infinity', @interval_ms, '-infinity', ARRAY(SELECT now() - ago FROM unnest(@ago::interval[]) ago))
	ON CONFLICT (bucket) DO UPDATE
	   SET sent = ARRAY(SELECT at FROM unnest(l.sent || excluded.sent) at WHERE at > now() - @minute::interval),
	       next_at = greatest(l.next_at, (
	         SELECT CASE WHEN count(*) >= @rate THEN max(at + @minute::interval - (n - 1) * @interval::interval) + @interval::interval / 4 END
	           FROM (SELECT at, row_number() OVER (ORDER BY at) AS n
	                   FROM unnest(l.sent || excluded.sent) at WHERE at > now() - @minute::interval) recent))`

// Sent adds calls that left before the bucket was limited, so long ago each, to those of
// other replicas. If together they are as many as the rate allows in a minute, the next
// slot is not before calls an interval apart find room among them.
func (l Limits) Sent(ctx context.Context, bucket string, ago []time.Duration, rate int, minute, interval time.Duration) error {
	_, err := l.store.exec(ctx, "note what was sent", addSent, pgx.NamedArgs{
		"bucket": bucket, "ago": ago, "rate": rate, "minute": minute, "interval": interval, "interval_ms": interval.Milliseconds(),
	})
	return err
}

const strictBuckets = `
	SELECT bucket, (extract(epoch FROM strict_until - now()) * 1000000)::bigint AS micros
	  FROM slack_limits WHERE strict_until > now()`

// Strict gives each bucket that is limited now, with what is left of that.
func (l Limits) Strict(ctx context.Context) (map[string]time.Duration, error) {
	rows, err := l.store.speak.Query(ctx, strictBuckets)
	if err != nil {
		return nil, fmt.Errorf("read the limits: %w", err)
	}
	left := map[string]time.Duration{}
	var bucket string
	var micros int64
	_, err = pgx.ForEachRow(rows, []any{&bucket, &micros}, func() error {
		left[bucket] = time.Duration(micros) * time.Microsecond
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the limits: %w", err)
	}
	return left, nil
}
