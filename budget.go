package main

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/rs/zerolog"

	"muster/slackhttp"
	"muster/store"
)

var _ slackhttp.Budget = store.Limits{}

// budget is what the replicas share of Slack's limits. The first calls to Slack
// go beside the opening of the database; until that is open, this process counts
// for itself.
type budget struct {
	own    *slackhttp.Memory
	shared atomic.Pointer[store.Limits]
}

func newBudget() *budget { return &budget{own: slackhttp.NewMemory()} }

// share counts in the database from now on.
func (b *budget) share(limits store.Limits) { b.shared.Store(&limits) }

func (b *budget) present() slackhttp.Budget {
	if shared := b.shared.Load(); shared != nil {
		return *shared
	}
	return b.own
}

// Close implements slackhttp.Budget.
func (b *budget) Close(ctx context.Context, bucket string, closed, strict, interval time.Duration) error {
	return b.present().Close(ctx, bucket, closed, strict, interval)
}

// Reserve implements slackhttp.Budget.
func (b *budget) Reserve(ctx context.Context, bucket string, interval, within time.Duration) (time.Duration, bool, error) {
	return b.present().Reserve(ctx, bucket, interval, within)
}

// Sent implements slackhttp.Budget.
func (b *budget) Sent(ctx context.Context, bucket string, ago []time.Duration, rate int, minute, interval time.Duration) error {
	return b.present().Sent(ctx, bucket, ago, rate, minute, interval)
}

// Strict implements slackhttp.Budget.
func (b *budget) Strict(ctx context.Context) (map[string]time.Duration, error) {
	return b.present().Strict(ctx)
}

// refreshAgain is the pause after an error of the database.
const refreshAgain = 2 * time.Second

// follower learns what other replicas were refused. Each learns at once from a refusal
// of its own.
type follower struct {
	transport *slackhttp.Transport
	log       zerolog.Logger
	wake      chan struct{}
}

func newFollower(transport *slackhttp.Transport, log zerolog.Logger) *follower {
	return &follower{transport, log, make(chan struct{}, 1)}
}

// look lets it read what is on record.
func (f *follower) look() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

// run learns until ctx ends.
func (f *follower) run(ctx context.Context) error {
	for {
		var again <-chan time.Time
		if err := f.transport.Refresh(ctx); err != nil && ctx.Err() == nil {
			f.log.Warn().Err(err).Msg("learn Slack's limits from the database")
			again = time.After(refreshAgain)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-again:
		case <-f.wake:
		}
	}
}
