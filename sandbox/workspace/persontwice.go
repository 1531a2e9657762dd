package workspace

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
)

// SubmitTwice is a double click on the submit button: both submissions are on
// their way before the app can answer either.
func (f *Form) SubmitTwice(ctx context.Context) ([2]Outcome, error) {
	var outcomes [2]Outcome
	if v, open := f.p.top(); !open || v.ID != f.id {
		return outcomes, fmt.Errorf("%s submits a form that is not on top", f.p.name)
	}
	if err := f.p.begin(ctx, ""); err != nil {
		return outcomes, err
	}
	labels, before := f.labels(), f.p.w.submissions(f.id)
	var sent [2]Delivered
	var ended atomic.Int32
	var both sync.WaitGroup
	release := f.p.w.Hold()
	for i := range sent {
		both.Go(func() {
			sent[i] = f.p.w.DeliverSubmit(f.p.name)
			ended.Add(1)
		})
	}
	err := f.p.await(ctx, "until both clicks are sent", f.Text, func() bool {
		return f.p.w.submissions(f.id)-before+int(ended.Load()) >= len(sent)
	})
	release()
	both.Wait()
	for i, d := range sent {
		if err == nil {
			outcomes[i], err = f.outcome(labels, d)
		}
	}
	return outcomes, err
}

// submissions counts what was started from a view: each makes a trigger.
func (w *Workspace) submissions(viewID string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, t := range w.triggers {
		if t.view == viewID {
			n++
		}
	}
	return n
}
