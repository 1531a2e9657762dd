package main

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"muster/sandbox/workspace"
)

// during lets something happen while Slack is at the nth call of a method, and before
// its answer comes.
func (w *world) during(method string, nth int64, do func()) {
	var calls atomic.Int64
	release := make(chan struct{})
	reached := make(chan struct{})
	w.OnCall(func(c workspace.Call) workspace.Verdict {
		if c.Method != method || c.Phase != workspace.After || calls.Add(1) != nth {
			return workspace.Verdict{}
		}
		close(reached)
		return workspace.Verdict{Wait: release}
	})
	go func() {
		<-reached
		do()
		close(release)
	}()
}

// An incident is cancelled while its channel is being made.
func TestCancelledWhileTheRoomIsBeingMade(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 201})
	w.start(quick())
	done := make(chan struct{})
	w.during("conversations.create", 1, func() {
		defer close(done)
		_, _ = w.bo.Slash(w.ctx, "general", "/incident 1 cancel false alarm")
	})
	w.says(w.ana, "general", "/incident new db down")
	<-done
	w.do(w.ana.Hears(w.ctx, "declared: #"+updateRoom))
	w.shows("incidents", "INC-1 cancelled after")
	w.shows(updateRoom, "*Cancelled after")
	w.rest()
	if seen := w.ana.Sees("incidents"); strings.Contains(seen, "Investigating") || strings.Count(w.Dump(), "== #inc-") != 1 {
		t.Errorf("%s", w.Dump())
	}
}

// ledWorld has an incident of lee's that bo commands.
func ledWorld(t *testing.T, seed uint64) *world {
	t.Helper()
	w := newWorld(t, workspace.Config{Seed: seed})
	w.start(quick())
	w.says(w.lee, "general", "/incident new checkout returns 500")
	w.do(w.lee.Hears(w.ctx, "declared: #"+firstRoom))
	w.says(w.bo, "general", "/incident 1 claim commander")
	w.shows(firstRoom, "IC @Bo Berg")
	w.rest()
	return w
}

// An incident is reopened, and then cancelled, while the channel of its review is being
// made: nobody is called there.
func TestReopenedWhileTheReviewIsBeingMade(t *testing.T) {
	t.Parallel()
	w := ledWorld(t, 202)
	done := make(chan struct{})
	w.during("conversations.create", 1, func() {
		defer close(done)
		_, _ = w.bo.Slash(w.ctx, "general", "/incident 1 reopen")
	})
	w.says(w.lee, firstRoom, "/incident status resolved rolled back")
	<-done
	w.shows("incidents", "Investigating")
	w.rest()
	dump := w.Dump(workspace.Only(firstReview))
	if strings.Contains(dump, "Bo Berg, ") || !strings.Contains(dump, "The incident was reopened") {
		t.Errorf("the review:\n%s", dump)
	}
	w.says(w.lee, firstRoom, "/incident status resolved new disks")
	w.eventually("the commander is called", func() bool {
		return strings.Contains(w.Dump(workspace.Only(firstReview)), "members: Bo Berg, muster")
	})
	w.rest()
	if strings.Count(w.Dump(), "== #inc-") != 2 {
		t.Errorf("%s", w.Dump())
	}
}

// The room turns private while an update is on its way to the digest channel.
func TestPrivateWhileAnUpdateIsOnItsWay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 203})
	w.start(quick())
	w.says(w.ana, "general", "/incident new payroll leaked")
	w.do(w.ana.Hears(w.ctx, "declared: #"+secretRoom))
	w.rest()
	done := make(chan struct{})
	w.says(w.ana, secretRoom, "/incident update")
	_, err := w.ana.AwaitForm(w.ctx, "What changed?")
	w.do(err)
	w.during("chat.postMessage", 1, func() {
		defer close(done)
		if err := w.Convert("ana", secretRoom, true); err != nil {
			t.Error(err)
		}
	})
	w.submit(w.ana, "What changed?", "keys are rotated")
	<-done
	w.shows(secretRoom, "This channel was made private")
	w.shows(secretRoom, "keys are rotated")
	w.rest()
	if seen := w.bo.Sees("incidents"); strings.Contains(seen, "rotated") || strings.Contains(seen, "INC-1") {
		t.Errorf("the digest:\n%s", seen)
	}
}

// Somebody promotes the incident while the reminder is being said: it goes on as one
// series, and is answered once.
func TestPromotedWhileAReminderIsBeingSaid(t *testing.T) {
	t.Parallel()
	for _, act := range []string{"severity sev1", "severity sev3", "resolve rolled back"} {
		t.Run(act, func(t *testing.T) {
			t.Parallel()
			w, clock := criticalWorld(t)
			w.rest()
			done := make(chan struct{})
			w.during("chat.postMessage", 1, func() {
				defer close(done)
				_, _ = w.bo.Slash(w.ctx, "general", "/incident 1 "+act)
			})
			clock.passes(31 * time.Minute)
			<-done
			w.rest()
			want := 0
			if act == "severity sev1" {
				want = 1
			}
			w.eventually("the reminder", func() bool { return strings.Count(w.ana.Sees(updateRoom), "readers wait for it") == want })
			if n := w.reminders(); n > 1 {
				t.Errorf("%d reminders:\n%s", n, w.ana.Sees(updateRoom))
			}
		})
	}
}
