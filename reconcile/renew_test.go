package reconcile

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"muster/incident"
)

// leases answers each renewal as told, and then always like the last.
type leases struct {
	Store
	answers []leaseAnswer
}

type leaseAnswer struct {
	held bool
	err  error
}

func (s *leases) Renew(context.Context, *incident.Claim, time.Duration) (bool, error) {
	now := s.answers[0]
	if len(s.answers) > 1 {
		s.answers = s.answers[1:]
	}
	return now.held, now.err
}

// A pass goes on while its lease lasts, though the database fails to renew it once.
func TestALeaseOutlivesOneFailedRenewal(t *testing.T) {
	t.Parallel()
	held, failed, gone := leaseAnswer{held: true}, leaseAnswer{err: errors.New("no connection")}, leaseAnswer{}
	for name, c := range map[string]struct {
		answers []leaseAnswer
		// lost is when the pass is told to end; zero if it is not.
		lost time.Duration
	}{
		"renewed":             {[]leaseAnswer{held}, 0},
		"fails once":          {[]leaseAnswer{failed, held}, 0},
		"fails now and then":  {[]leaseAnswer{held, failed, held, failed, held}, 0},
		"fails always":        {[]leaseAnswer{failed}, 8 * time.Second},
		"fails after a while": {[]leaseAnswer{held, held, failed}, 16 * time.Second},
		"somebody else's":     {[]leaseAnswer{gone}, 4 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				l := &Loop{Store: &leases{answers: c.answers}, Log: zerolog.Nop()}
				p := &Pass{}
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				defer cancel()
				began := time.Now()
				l.renew(ctx, &incident.Claim{Lease: 12 * time.Second}, p)
				if lost := p.Newer() != nil; lost != (c.lost > 0) || lost && time.Since(began) != c.lost {
					t.Errorf("lost %v after %s", lost, time.Since(began))
				}
			})
		})
	}
}
