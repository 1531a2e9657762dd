package slackhttp

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// sent remembers when the last calls of each method left, as many as its rate has in a
// minute.
type sent struct {
	mu       sync.Mutex
	byMethod map[string]*ring
}

// ring holds the latest times; next is where the oldest one stands once it is full.
type ring struct {
	times []time.Time
	next  int
}

// note adds a call. What is none of Slack's methods has no rate.
func (s *sent) note(method string, at time.Time) {
	if method == responseURL || method == other {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byMethod == nil {
		s.byMethod = map[string]*ring{}
	}
	r := s.byMethod[method]
	if r == nil {
		r = &ring{times: make([]time.Time, 0, rateOf(method))}
		s.byMethod[method] = r
	}
	if len(r.times) < cap(r.times) {
		r.times = append(r.times, at)
		return
	}
	r.times[r.next] = at
	r.next = (r.next + 1) % len(r.times)
}

// ago is how long ago those calls of a method left that are not a minute old. A channel's
// messages are not remembered.
func (s *sent) ago(method string, now time.Time, minute time.Duration) []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.byMethod[method]
	if r == nil {
		return nil
	}
	var ago []time.Duration
	for _, at := range r.times {
		if age := now.Sub(at); age < minute {
			ago = append(ago, age)
		}
	}
	return ago
}

// recall tells the budgets what this process sent before a bucket was limited: Retry-After
// says when there is room for one call, and background calls will follow each other at an
// interval. Each replica does so once, as soon as it knows of the limit.
func (t *Transport) recall(ctx context.Context, bucket string) error {
	ago := t.sent.ago(bucket, time.Now(), t.minute)
	if len(ago) == 0 {
		return nil
	}
	rate, interval := rateOf(bucket), backgroundInterval(bucket, t.minute)
	_ = t.own.Sent(ctx, bucket, ago, rate, t.minute, interval) // a Memory never fails
	if t.shared == Budget(t.own) {
		return nil
	}
	if err := t.shared.Sent(ctx, bucket, ago, rate, t.minute, interval); err != nil {
		return fmt.Errorf("tell what was sent of %s: %w", bucket, err)
	}
	return nil
}
