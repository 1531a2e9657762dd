package reconcile

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/slack-go/slack"

	"muster/incident"
)

// Step is one concern of an incident's outside.
type Step struct {
	// Name stands in the database and before people; it is never renamed.
	Name string
	// Needs are steps that must have succeeded in this pass.
	Needs []string
	// Waits are steps that must have ended in this pass, in whatever way.
	Waits []string
	// Run makes it so. It must be safe to repeat, and returns when ctx ends.
	Run func(ctx context.Context, p *Pass) error
}

// Pass is one run of the steps over one case.
type Pass struct {
	*incident.Case
	Claim *incident.Claim
	// Now is the program's clock.
	Now func() time.Time

	// newer is set when a later wish than the claim's is known, or the program
	// is about to stop.
	newer atomic.Bool
	// ran holds the steps that have run in this pass.
	ran map[string]bool

	mu sync.Mutex
	// suspects are channels that Slack refuses for what people did to them, with
	// its code.
	suspects map[string]string

	reading  sync.Mutex
	timeline []incident.Entry
}

// Timeline is the incident's whole timeline, which load reads once for all steps of
// the pass. Nobody may change it.
func (p *Pass) Timeline(ctx context.Context, load func(ctx context.Context, number int64) ([]incident.Entry, error)) ([]incident.Entry, error) {
	p.reading.Lock()
	defer p.reading.Unlock()
	if p.timeline != nil {
		return p.timeline, nil
	}
	entries, err := load(ctx, p.Number)
	if err == nil {
		p.timeline = entries
	}
	return entries, err
}

// barred are the codes with which Slack refuses everything in a channel, until
// people let us in again.
var barred = map[string]bool{"is_archived": true, "is_inactive": true, "channel_not_found": true, "not_in_channel": true}

// Suspect notes a channel if err says that it is closed to us.
func (p *Pass) Suspect(channel string, err error) {
	code := Code(err)
	if !barred[code] || channel == "" {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.suspects == nil {
		p.suspects = map[string]string{}
	}
	p.suspects[channel] = code
}

// Suspected gives the error with which Slack refused a channel in this pass, or
// nil.
func (p *Pass) Suspected(channel string) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if code := p.suspects[channel]; code != "" {
		return slack.SlackErrorResponse{Err: code}
	}
	return nil
}

// ErrNewer ends a step because there is a newer truth to tell, or because the
// program stops.
var ErrNewer = errors.New("people decided something newer")

// Newer is ErrNewer when a step that has made a call should not begin another.
func (p *Pass) Newer() error {
	if p.newer.Load() {
		return ErrNewer
	}
	return nil
}

// Posting gives the record of a message; its TS is empty if it isn't posted.
func (p *Pass) Posting(key string) incident.Posting {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.Postings[key]
}

// PostingsOf gives the records of the messages whose keys begin with a prefix, in the
// order of the keys.
func (p *Pass) PostingsOf(prefix string) []incident.Posting {
	return recordsOf(p, p.Postings, prefix)
}

func recordsOf[T any](p *Pass, records map[string]T, prefix string) []T {
	p.mu.Lock()
	defer p.mu.Unlock()
	var list []T
	for _, key := range slices.Sorted(maps.Keys(records)) {
		if strings.HasPrefix(key, prefix) {
			list = append(list, records[key])
		}
	}
	return list
}

func (p *Pass) setPosting(posting incident.Posting) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Postings[posting.Key] = posting
}

// SetRoom keeps the pass's own copy of a room's record current. It is for the
// step that others wait for before they look at rooms.
func (p *Pass) SetRoom(room incident.Room) {
	p.Rooms = append(slices.DeleteFunc(p.Rooms, func(r incident.Room) bool { return r.Purpose == room.Purpose }), room)
}

// Trouble is the error that a step had in this pass or an earlier one, with
// the time it began; empty if it is well.
func (p *Pass) Trouble(step string) (string, time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	state := p.Steps[step]
	return state.Error, state.Since
}

// Attempts is how often a step has failed since it last worked.
func (p *Pass) Attempts(step string) int { return p.step(step).Attempts }

// Due is when the first of the steps that wait may run again, which may be past
// by now; zero if none waits.
func (p *Pass) Due(steps []string) time.Time {
	p.mu.Lock()
	defer p.mu.Unlock()
	var due time.Time
	for _, name := range steps {
		// What stands there from an earlier pass and is past is no wait.
		if at := p.Steps[name].NotBefore; !at.IsZero() && (p.ran[name] || at.After(p.Now())) {
			due = earlier(due, at)
		}
	}
	return due
}

func (p *Pass) setStep(state incident.StepState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Steps[state.Step] = state
	if p.ran == nil {
		p.ran = map[string]bool{}
	}
	p.ran[state.Step] = true
}

// Later says that a step has to wait for something that is no failure.
type Later struct {
	At  time.Time
	Why string
	// Every is how much later each next one in the queue may go, if it waits for
	// one of Slack's limits; zero if that is not known.
	Every time.Duration
}

func (l *Later) Error() string { return fmt.Sprintf("waits for %s", l.Why) }
