package reconcile

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/rs/zerolog"

	"muster/incident"
	"muster/outage"
)

// Store is where the loop finds its work.
type Store interface {
	Claim(ctx context.Context, now time.Time, lease time.Duration) (*incident.Claim, error)
	Renew(ctx context.Context, c *incident.Claim, lease time.Duration) (bool, error)
	Release(ctx context.Context, c *incident.Claim, o incident.Outcome) error
	NextClaim(ctx context.Context, now time.Time) (wait time.Duration, some bool, err error)
	// Unwait makes due whatever waits beyond now, after a clock went back.
	Unwait(ctx context.Context, now time.Time) error
	Case(ctx context.Context, number int64) (*incident.Case, error)
	// Listen tells heard what changes, missed that some may have gone by unheard, and
	// hearing why nothing can be heard at the moment, or nil.
	Listen(ctx context.Context, heard func(subject string, wanted int64), missed func(), hearing func(error)) error
}

const (
	// Lease is how long a claim holds without renewal: after a crash, another
	// replica continues that much later at the most.
	Lease = 12 * time.Second
	// renewals is how often a lease is renewed within its length: one that fails
	// leaves two more tries.
	renewals = 3
	// passLimit ends a pass that takes too long; it continues in the next.
	passLimit = 45 * time.Second
	// again is the pause after an error of the database, and breath the one after
	// a claim that found a subject locked by whoever is changing it.
	again  = time.Second
	breath = 10 * time.Millisecond
	// workers is how many incidents are worked on at a time. A pass mostly
	// waits for Slack, so there may be more than cores.
	workers = 32
)

// Loop claims and runs passes until its context ends.
type Loop struct {
	Store        Store
	Steps        []Step
	Installation incident.Installation
	Now          func() time.Time
	Log          zerolog.Logger
	// Passed is told of each pass, if it is set: its result, "done", "waits",
	// "failed" or "fenced", how long it took, and the steps that did not work.
	Passed func(result string, took time.Duration, failed []string)
	// Heard is told of each notification whose subject is no incident, and Missed that
	// some may have gone by unheard, if they are set.
	Heard  func(subject string)
	Missed func()
	// Lease is the package's, unless a test wants less.
	Lease time.Duration

	away    *outage.Outage
	mu      sync.Mutex
	running map[string]*Pass
	// wake is told that there may be something to claim, look that it is worth asking.
	wake, look chan struct{}
	// looked is when Run last looked at the clock.
	looked time.Time
}

// Run works until ctx ends, finishes the calls in hand, gives its claims back,
// and returns nil.
func (l *Loop) Run(ctx context.Context) error {
	l.running = map[string]*Pass{}
	l.away = &outage.Outage{What: "the database", Log: l.Log}
	l.wake, l.look = make(chan struct{}, 1), make(chan struct{}, 1)
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() {
		if err := l.Store.Listen(ctx, l.heard, l.missed, l.hearing); err != nil {
			l.Log.Error().Err(err).Msg("listen")
		}
	})
	all.Go(func() {
		<-ctx.Done()
		l.stop()
	})
	slots := make(chan struct{}, workers)
	for {
		select {
		case <-ctx.Done():
			return nil
		case slots <- struct{}{}:
		}
		if ctx.Err() != nil {
			return nil
		}
		claim, err := l.claim(ctx)
		if err != nil && ctx.Err() == nil {
			l.Log.Error().Err(err).Msg("claim")
		}
		if claim == nil {
			<-slots
			l.idle(ctx, err != nil)
			continue
		}
		all.Go(func() {
			defer func() { <-slots; l.poke() }()
			l.work(ctx, claim)
		})
	}
}

// claim takes a subject. It does not end with ctx: a claim whose answer was not
// waited for would hold the subject up for a whole lease.
func (l *Loop) claim(ctx context.Context) (*incident.Claim, error) {
	claiming, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseLimit)
	defer cancel()
	return l.Store.Claim(claiming, l.Now(), l.Lease)
}

// heard marks a pass that has fallen behind, and wakes the loop.
func (l *Loop) heard(subject string, wanted int64) {
	if incident.SubjectNumber(subject) == 0 {
		if l.Heard != nil {
			l.Heard(subject)
		}
		return
	}
	l.mu.Lock()
	if p := l.running[subject]; p != nil && p.Claim.Wanted < wanted {
		p.newer.Store(true)
	}
	l.mu.Unlock()
	l.poke()
}

// missed lets the loop ask whether there is something to do.
func (l *Loop) missed() {
	if l.Missed != nil {
		l.Missed()
	}
	nudge(l.look)
}

// hearing says why changes are not heard at the moment, and when they are again: the
// database was away.
func (l *Loop) hearing(err error) {
	if err == nil {
		l.away.Back()
		return
	}
	l.away.Away()
	l.Log.Warn().Err(err).Msg("changes are not heard: the database is asked each second")
}

// stop lets the passes in hand end after their present call.
func (l *Loop) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.running {
		p.newer.Store(true)
	}
}

func (l *Loop) poke() { nudge(l.wake) }

func nudge(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// idle waits until something changed or is due. While nothing is, it asks one
// cheap question whenever something may have gone by unheard.
func (l *Loop) idle(ctx context.Context, failed bool) {
	for {
		wait, soon := l.next(ctx, failed)
		if !l.pause(ctx, wait) || soon {
			return
		}
	}
}

// long is how far ahead due times are looked at.
const long = time.Hour

// next says how long to wait, and whether there is something to claim then.
func (l *Loop) next(ctx context.Context, failed bool) (wait time.Duration, soon bool) {
	if failed {
		return again, true
	}
	now := wall(l.Now())
	l.unwait(ctx, l.looked, now)
	l.looked = now
	wait, some, err := l.Store.NextClaim(ctx, now)
	switch {
	case err != nil:
		return again, false
	case !some || wait > long:
		return long, false
	}
	return max(wait, breath), true
}

// unwait makes waits end that were noted while the clock was ahead.
func (l *Loop) unwait(ctx context.Context, before, now time.Time) {
	if !now.Before(before) {
		return
	}
	l.Log.Warn().Dur("by", before.Sub(now)).Msg("the clock went back")
	if err := l.Store.Unwait(ctx, now); err != nil && ctx.Err() == nil {
		l.Log.Error().Err(err).Msg("end the waits of the clock before")
	}
}

// wall leaves out the monotonic clock, which never goes back.
func wall(t time.Time) time.Time { return t.Round(0) }

// pause is false if something changed before the time was over; it is over sooner if
// something may have gone by unheard.
func (l *Loop) pause(ctx context.Context, wait time.Duration) bool {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-l.wake:
		return false
	case <-l.look:
		return true
	case <-timer.C:
		return true
	}
}

// work runs one pass. It does not end with ctx: the call in hand is finished,
// and the claim given back.
func (l *Loop) work(ctx context.Context, claim *incident.Claim) {
	working, cancel := context.WithTimeout(context.WithoutCancel(ctx), passLimit)
	defer cancel()
	var renewing sync.WaitGroup
	defer renewing.Wait()
	lease, release := context.WithCancel(working)
	defer release()
	p := &Pass{Claim: claim, Now: l.Now}
	renewing.Go(func() { l.renew(lease, claim, p) })

	log := l.Log.With().Str("subject", claim.Subject).Logger()
	c, err := l.Store.Case(working, incident.SubjectNumber(claim.Subject))
	if err != nil {
		log.Error().Err(err).Msg("read the case")
		l.release(ctx, log, claim, incident.Outcome{Counted: true, RetryAt: l.Now().Add(backoff(claim.Attempts))})
		return
	}
	c.Installation = l.installation(c.Installation.Digest)
	p.Case = c
	l.enter(ctx, p)
	defer l.leave(p)
	before := make(map[string]incident.StepState, len(c.Steps))
	for name, state := range c.Steps {
		before[name] = state
	}
	started, clock := time.Now(), wall(l.Now())
	results := runSteps(working, l.Steps, p)
	verdict := judge(results, p)
	verdict.log(log, started, results)
	if l.Passed != nil {
		l.Passed(verdict.word(), time.Since(started), failures(results))
	}
	if verdict.fenced {
		return
	}
	l.release(ctx, log, claim, incident.Outcome{
		Done: verdict.done, Counted: verdict.failed, RetryAt: verdict.retryAt, Steps: changed(before, p.Steps),
	})
	l.unwait(working, clock, wall(l.Now()))
}

// installation is the loop's, with the digest channel's id that is on record: Slack may
// have given it another one since the start.
func (l *Loop) installation(digest string) incident.Installation {
	in := l.Installation
	if digest != "" {
		in.Digest = digest
	}
	return in
}

func (l *Loop) enter(ctx context.Context, p *Pass) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running[p.Claim.Subject] = p
	if ctx.Err() != nil {
		p.newer.Store(true)
	}
}

func (l *Loop) leave(p *Pass) {
	l.mu.Lock()
	defer l.mu.Unlock()
	// After a lost lease, a newer pass may be in its place.
	if l.running[p.Claim.Subject] == p {
		delete(l.running, p.Claim.Subject)
	}
}

// renew keeps the lease alive. When that fails, somebody else may be working on
// the subject, and the pass ends after the calls in hand. It is not cancelled:
// then nobody would hear what became of them, and nothing new can be begun
// without the claim.
func (l *Loop) renew(ctx context.Context, claim *incident.Claim, p *Pass) {
	between := claim.Lease / renewals
	ticker := time.NewTicker(between)
	defer ticker.Stop()
	for renewed := time.Now(); ; {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			asked := time.Now()
			held, err := l.Store.Renew(ctx, claim, claim.Lease)
			switch {
			case ctx.Err() != nil:
				return
			case err == nil && held:
				renewed = asked
			case err != nil && time.Since(renewed) < claim.Lease-between:
				l.Log.Warn().Err(err).Str("subject", claim.Subject).Msg("the lease is not renewed yet")
			default:
				l.Log.Warn().Err(err).Str("subject", claim.Subject).Msg("the lease was lost")
				p.newer.Store(true)
				return
			}
		}
	}
}

// releaseLimit bounds the last word to the database.
const releaseLimit = 5 * time.Second

func (l *Loop) release(ctx context.Context, log zerolog.Logger, claim *incident.Claim, o incident.Outcome) {
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseLimit)
	defer cancel()
	err := l.Store.Release(ending, claim, o)
	if err != nil && !errors.Is(err, incident.ErrFenced) {
		log.Error().Err(err).Msg("release")
	}
}
