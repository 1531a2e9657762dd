package slackhttp

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Budget is what all replicas of the app share: when the next background call of a limited
// bucket may be sent. One row per bucket (bucket, next_at, interval_ms, strict_until) is enough for it.
// Times are given as durations from now, so that the budget's own clock rules.
type Budget interface {
	// Close forbids slots before now+closed, and remembers for now+strict that the bucket is
	// limited. A later time that is already stored stays. The interval is the one that Reserve
	// will be called with, for whoever looks at the limits.
	Close(ctx context.Context, bucket string, closed, strict, interval time.Duration) error

	// Reserve takes the next slot, greatest(next_at, now), if it begins within the given time
	// from now: next_at becomes the slot plus interval, taken is true, and wait says how long
	// until the slot. Otherwise it changes nothing, and wait says when to ask again. Slots
	// that nobody would use must not be taken, or those who come back find them gone.
	Reserve(ctx context.Context, bucket string, interval, within time.Duration) (wait time.Duration, taken bool, err error)

	// Sent adds calls that left before the bucket was limited, so long ago each. Where those of
	// all replicas in the last minute are as many as the rate allows, the next slot is not
	// before a series of calls, an interval apart, finds room: each needs that one more of
	// the old ones is a minute old. Where they are fewer, Slack's reason is another one, and
	// nothing changes.
	Sent(ctx context.Context, bucket string, ago []time.Duration, rate int, minute, interval time.Duration) error

	// Strict gives each bucket whose strict time is not over, with what is left of it.
	Strict(ctx context.Context) (map[string]time.Duration, error)
}

// Memory is a Budget for the Transports of one process.
type Memory struct {
	mu      sync.Mutex
	buckets map[string]slots
}

type slots struct {
	next, strict time.Time
	sent         []time.Time
}

var _ Budget = (*Memory)(nil)

// NewMemory makes a Budget without limits.
func NewMemory() *Memory { return &Memory{buckets: map[string]slots{}} }

// Close implements Budget. It also forgets buckets that are no longer limited.
func (m *Memory) Close(_ context.Context, bucket string, closed, strict, _ time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	for name, s := range m.buckets {
		if s.strict.Before(now) {
			delete(m.buckets, name)
		}
	}
	s := m.buckets[bucket]
	s.next, s.strict = later(s.next, now.Add(closed)), later(s.strict, now.Add(strict))
	m.buckets[bucket] = s
	return nil
}

// Reserve implements Budget.
func (m *Memory) Reserve(_ context.Context, bucket string, interval, within time.Duration) (time.Duration, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	s := m.buckets[bucket]
	at := later(s.next, now)
	if at.Sub(now) > within {
		return at.Sub(now), false, nil
	}
	s.next = at.Add(interval)
	m.buckets[bucket] = s
	return at.Sub(now), true, nil
}

// Sent implements Budget.
func (m *Memory) Sent(_ context.Context, bucket string, ago []time.Duration, rate int, minute, interval time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	s := m.buckets[bucket]
	s.sent = slices.DeleteFunc(s.sent, func(at time.Time) bool { return now.Sub(at) >= minute })
	for _, age := range ago {
		s.sent = append(s.sent, now.Add(-age))
	}
	slices.SortFunc(s.sent, time.Time.Compare)
	if len(s.sent) >= rate {
		for n, at := range s.sent {
			s.next = later(s.next, at.Add(minute-time.Duration(n)*interval+interval/4))
		}
	}
	m.buckets[bucket] = s
	return nil
}

// Strict implements Budget.
func (m *Memory) Strict(context.Context) (map[string]time.Duration, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	left := map[string]time.Duration{}
	for name, s := range m.buckets {
		if d := time.Until(s.strict); d > 0 {
			left[name] = d
		}
	}
	return left, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
