package main

import (
	"net/http"
	"testing"
	"time"

	"muster/sandbox/workspace"
)

// What one program was refused, the other one does not try: the limit is the
// app's, not the process's.
func TestALimitIsSharedByTheReplicas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(impatient())
	w.Fault(workspace.Fault{Method: "conversations.create", Kind: workspace.RateLimited, RetryAfter: 30 * time.Second})
	w.says(w.ana, "general", "/incident new first")
	refused := func() (n int) {
		for _, c := range w.Calls() {
			if c.Method == "conversations.create" && c.Status == http.StatusTooManyRequests {
				n++
			}
		}
		return n
	}
	w.eventually("the refusal", func() bool { return refused() == 1 })
	w.eventually("the limit on record", func() bool {
		return w.query(`SELECT count(*) FROM slack_limits WHERE next_at > now()`) == "1"
	})
	w.start(impatient())
	w.says(w.ana, "general", "/incident new second")
	w.shows("incidents", "INC-2")
	if n := w.Count("conversations.create"); n != 1 {
		t.Errorf("%d channels were asked for while the limit was closed, not 1", n)
	}
}
