package reconcile

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"muster/incident"
)

// restful is a store in which nothing is to do, until waits is set.
type restful struct {
	Store
	claims, asks atomic.Int64
	// waits is how long until something is due; zero for never.
	waits time.Duration
	// missedEvery is how often something may have gone by; zero for never.
	missedEvery time.Duration
}

func (s *restful) Claim(context.Context, time.Time, time.Duration) (*incident.Claim, error) {
	s.claims.Add(1)
	return nil, nil
}

func (s *restful) NextClaim(context.Context, time.Time) (time.Duration, bool, error) {
	s.asks.Add(1)
	return s.waits, s.waits > 0, nil
}

func (s *restful) Listen(ctx context.Context, _ func(string, int64), missed func(), _ func(error)) error {
	missed()
	if s.missedEvery == 0 {
		<-ctx.Done()
		return nil
	}
	tick := time.NewTicker(s.missedEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			missed()
		}
	}
}

// idles runs a loop on a store for a time.
func idles(t *testing.T, s *restful, d time.Duration) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), d)
		defer cancel()
		loop := &Loop{Store: s, Now: time.Now, Log: zerolog.Nop(), Lease: Lease}
		if err := loop.Run(ctx); err != nil {
			t.Error(err)
		}
	})
}

// While nothing is to do, a loop asks one question each time that something may have
// gone by unheard, and claims nothing after its start.
func TestNothingToDoCostsOneQuestionALook(t *testing.T) {
	const looks, every = 120, 30 * time.Second
	s := &restful{missedEvery: every}
	idles(t, s, looks*every)
	if claims, asks := s.claims.Load(), s.asks.Load(); claims > 1 || asks > looks+2 {
		t.Errorf("in an hour, %d claims and %d questions; want 1 and one each %s", claims, asks, every)
	}
}

// What is due soon is claimed then, what is due later is left alone.
func TestALoopWaitsUntilSomethingIsDue(t *testing.T) {
	soon, late := &restful{waits: time.Second}, &restful{waits: time.Hour}
	idles(t, soon, time.Minute)
	idles(t, late, time.Minute)
	if n := soon.claims.Load(); n < 59 || n > 62 {
		t.Errorf("%d claims in a minute of a store where something is due each second", n)
	}
	if n := late.claims.Load(); n > 2 {
		t.Errorf("%d claims of a store where nothing is due for an hour", n)
	}
}

// A subject that is locked, so that a claim passes it over, is not asked for
// without a pause.
func TestALoopDrawsBreath(t *testing.T) {
	s := &restful{waits: 1}
	idles(t, s, time.Second)
	if n := s.claims.Load(); n > int64(time.Second/breath)+2 {
		t.Errorf("%d claims in a second", n)
	}
}
