package reconcile

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"muster/incident"
)

// result is how a step ended in a pass.
type result struct {
	step string
	err  error
	// skipped steps were not run: what they need failed, or it is too early.
	skipped bool
}

// runSteps runs all steps of a pass, side by side as far as they allow, and
// gives their results in the order of the steps.
func runSteps(ctx context.Context, steps []Step, p *Pass) []result {
	results := make([]result, len(steps))
	ended := make(map[string]chan struct{}, len(steps))
	index := make(map[string]int, len(steps))
	for n, s := range steps {
		ended[s.Name], index[s.Name] = make(chan struct{}), n
	}
	var group errgroup.Group
	for n, s := range steps {
		group.Go(func() error {
			defer close(ended[s.Name])
			for _, name := range slices.Concat(s.Waits, s.Needs) {
				<-ended[name]
			}
			results[n] = runStep(ctx, s, p, func(name string) bool {
				r := results[index[name]]
				return r.err == nil && !r.skipped
			})
			return nil
		})
	}
	_ = group.Wait()
	return results
}

func runStep(ctx context.Context, s Step, p *Pass, succeeded func(string) bool) result {
	r := result{step: s.Name}
	for _, name := range s.Needs {
		if !succeeded(name) {
			r.skipped = true
			return r
		}
	}
	if err := p.Newer(); err != nil {
		r.err = err
		return r
	}
	before := p.step(s.Name)
	if p.Now().Before(before.NotBefore) {
		r.skipped = true
		return r
	}
	r.err = guard(ctx, s, p)
	p.setStep(after(before, s.Name, r.err, p.Now()))
	return r
}

// guard runs a step and turns a panic into its error: one defect must not stop
// the other incidents.
func guard(ctx context.Context, s Step, p *Pass) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	return s.Run(ctx, p)
}

func (p *Pass) step(name string) incident.StepState {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.Steps[name]
}

// after is the state of a step that ended with err.
func after(before incident.StepState, name string, err error, now time.Time) incident.StepState {
	state := incident.StepState{Step: name}
	if err == nil || errors.Is(err, ErrNewer) {
		return state
	}
	if wait, ok := errors.AsType[*Later](err); ok {
		state.NotBefore = wait.At
		// An unknown outcome that waits to be settled still is a trouble.
		return state
	}
	state.Error, state.Attempts, state.Since = Explain(err), before.Attempts+1, before.Since
	if before.Error == "" {
		state.Since = now
	}
	state.NotBefore = now.Add(backoff(state.Attempts))
	return state
}

const (
	firstRetry = time.Second
	lastRetry  = 5 * time.Minute
)

// backoff doubles from 1 s to 5 min, give or take a quarter, so that what
// failed together is not tried together.
func backoff(attempts int) time.Duration {
	wait := lastRetry
	if attempts < 10 {
		wait = min(firstRetry<<(attempts-1), lastRetry)
	}
	return wait*3/4 + rand.N(wait/2)
}
