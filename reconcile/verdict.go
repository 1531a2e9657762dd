package reconcile

import (
	"context"
	"errors"
	"time"

	"github.com/rs/zerolog"

	"muster/incident"
)

// verdict is what a pass comes to.
type verdict struct {
	// done: everything wished for is so.
	done bool
	// failed: some step did not work, as opposed to waiting.
	failed bool
	// fenced: the claim is somebody else's now.
	fenced bool
	// retryAt is when the subject is due again, if it is not done.
	retryAt time.Time
}

func judge(results []result, p *Pass) verdict {
	v := verdict{done: true}
	for _, r := range results {
		switch {
		case errors.Is(r.err, incident.ErrFenced) || errors.Is(r.err, context.Canceled):
			v.fenced = true
		case errors.Is(r.err, ErrNewer):
			v.done, v.retryAt = false, earlier(v.retryAt, p.Now())
		case r.err != nil:
			_, waits := errors.AsType[*Later](r.err)
			v.done, v.failed = false, v.failed || !waits
			v.retryAt = earlier(v.retryAt, p.step(r.step).NotBefore)
		case r.skipped:
			v.done = false
			if at := p.step(r.step).NotBefore; p.Now().Before(at) {
				v.retryAt = earlier(v.retryAt, at)
			}
		}
	}
	if !v.done && v.retryAt.IsZero() {
		v.retryAt = p.Now().Add(firstRetry)
	}
	return v
}

// word says it for figures.
func (v verdict) word() string {
	switch {
	case v.fenced:
		return "fenced"
	case v.done:
		return "done"
	case v.failed:
		return "failed"
	}
	return "waits"
}

// failures names the steps that did not work, as opposed to waiting.
func failures(results []result) []string {
	var names []string
	for _, r := range results {
		_, waits := errors.AsType[*Later](r.err)
		if r.err != nil && !waits && !errors.Is(r.err, ErrNewer) && !errors.Is(r.err, incident.ErrFenced) && !errors.Is(r.err, context.Canceled) {
			names = append(names, r.step)
		}
	}
	return names
}

func earlier(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}

// log writes one line for a pass that did something, and names each step that
// did not work.
func (v verdict) log(log zerolog.Logger, started time.Time, results []result) {
	line := log.Debug()
	if v.failed {
		line = log.Warn()
	}
	for _, r := range results {
		if r.err != nil && !errors.Is(r.err, ErrNewer) {
			line = line.AnErr(r.step, r.err)
		}
	}
	line.Bool("done", v.done).Dur("took", time.Since(started)).Msg("pass")
}

// changed picks the steps whose state has to be saved. One that was well and
// still is has no row, before or after.
func changed(before, now map[string]incident.StepState) []incident.StepState {
	var list []incident.StepState
	for name, state := range now {
		was := before[name]
		was.Step = name
		if was != state {
			list = append(list, state)
		}
	}
	return list
}
