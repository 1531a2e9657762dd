package scheduler_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"go.uber.org/goleak"

	"muster/scheduler"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// run lets a clock tick for a while and gives the times of its ticks.
func run(t *testing.T, every, length time.Duration, do func(ctx context.Context, n int) error) (ticks []time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), length)
		defer cancel()
		clock := &scheduler.Clock{Every: every, Log: zerolog.Nop(), Desk: tick(func(ctx context.Context) error {
			ticks = append(ticks, time.Since(began))
			return do(ctx, len(ticks))
		})}
		if err := clock.Run(ctx); err != nil {
			t.Error(err)
		}
	})
	return ticks
}

type tick func(ctx context.Context) error

func (f tick) Tick(ctx context.Context) error { return f(ctx) }

func nothing(context.Context, int) error { return nil }

func TestTicksAtOnceAndThenOn(t *testing.T) {
	t.Parallel()
	if got := run(t, 15*time.Second, 50*time.Second, nothing); len(got) != 4 || got[0] != 0 || got[3] != 45*time.Second {
		t.Errorf("ticks at %v", got)
	}
	if got := run(t, 100*time.Millisecond, 950*time.Millisecond, nothing); len(got) != 10 {
		t.Errorf("ticks at %v", got)
	}
}

// An error or a panic is this tick's, not the next one's.
func TestGoesOnAfterAFailure(t *testing.T) {
	t.Parallel()
	got := run(t, time.Second, 5500*time.Millisecond, func(_ context.Context, n int) error {
		if n == 2 {
			panic("a defect")
		}
		return errors.New("the database is away")
	})
	if len(got) != 6 {
		t.Errorf("ticks at %v", got)
	}
}

func TestASlowTickIsNotOvertaken(t *testing.T) {
	t.Parallel()
	running := false
	got := run(t, time.Second, 10500*time.Millisecond, func(context.Context, int) error {
		if running {
			t.Error("two ticks at once")
		}
		running = true
		time.Sleep(2500 * time.Millisecond)
		running = false
		return nil
	})
	if len(got) < 3 {
		t.Errorf("ticks at %v", got)
	}
}

// A tick that hangs is ended, and one that is in hand at the end is waited for.
func TestATickThatHangsIsEnded(t *testing.T) {
	t.Parallel()
	ended := 0
	got := run(t, time.Second, 100*time.Second, func(ctx context.Context, _ int) error {
		<-ctx.Done()
		ended++
		return ctx.Err()
	})
	if len(got) < 3 || ended != len(got) {
		t.Errorf("%d of the ticks at %v ended", ended, got)
	}
}
