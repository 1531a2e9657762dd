package main

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"muster/sandbox/workspace"
)

// toBo picks the calls that are for a direct message to bo.
func (w *world) toBo(form url.Values) bool {
	return form.Get("users") == w.UserID("bo") || strings.HasPrefix(form.Get("channel"), "D")
}

// triedBo counts them.
func (w *world) triedBo(method string) (n int) {
	for _, call := range w.Calls() {
		if call.Method == method && w.toBo(call.Form) {
			n++
		}
	}
	return n
}

func TestWhoCannotBeWrittenToIsTriedOnceForEachMessage(t *testing.T) {
	t.Parallel()
	for method, code := range map[string]string{"conversations.open": "user_disabled", "chat.postMessage": "channel_not_found"} {
		t.Run(method+" "+code, func(t *testing.T) {
			t.Parallel()
			w := rolesWorld(t)
			w.Fault(workspace.Fault{Method: method, Times: -1, Kind: workspace.Refuse, Code: code, When: w.toBo})
			w.says(w.ana, roleRoom, "/incident assign lead @bo")
			w.shows(roleRoom, "does not know that they are *Technical lead*")
			w.tried(method, 1, "the role")
			w.says(w.ana, roleRoom, "/incident todo add disks @bo")
			w.shows(roleRoom, "does not know of the follow-up “add disks”")
			w.tried(method, 2, "the follow-up")
			w.do(w.bo.Click(w.ctx, "incidents", "Subscribe"))
			w.do(w.bo.Hears(w.ctx, "You get a direct message when"))
			w.says(w.ana, roleRoom, "/incident severity sev3")
			w.shows(roleRoom, "SEV4 → SEV3")
			w.tried(method, 3, "the first notice")
			w.says(w.ana, roleRoom, "/incident status identified")
			w.shows(roleRoom, "Investigating → Identified")
			w.tried(method, 4, "the second notice")
			w.says(w.ana, roleRoom, "/incident summary disks are full")
			w.shows(roleRoom, "disks are full")
			w.tried(method, 4, "what is no message to bo")
			for _, once := range []string{"that they are *Technical lead*", "of the follow-up"} {
				if n := strings.Count(w.ana.Sees(roleRoom), once); n != 1 {
					t.Errorf("%d times %q:\n%s", n, once, w.ana.Sees(roleRoom))
				}
			}

			w.ClearFaults()
			w.says(w.ana, roleRoom, "/incident status monitoring")
			w.do(w.bo.AwaitDM(w.ctx, "Identified → Monitoring"))
			w.rest()
			if told := w.bo.DirectMessages(); strings.Contains(told, "SEV3") || strings.Contains(told, "assigned you") {
				t.Errorf("told of what was given up:\n%s", told)
			}
		})
	}
}

// tried checks how often muster has tried to write to bo once all is at rest.
func (w *world) tried(method string, want int, after string) {
	w.t.Helper()
	w.rest()
	if got := w.triedBo(method); got != want {
		w.t.Errorf("after %s: %d calls of %s, want %d", after, got, method, want)
	}
}

// TestWhatIsGivenUpIsToldOnceWhateverCrashes kills the program around each fact that it
// writes down while it gives a direct message up.
func TestWhatIsGivenUpIsToldOnceWhateverCrashes(t *testing.T) {
	t.Parallel()
	atCommits(t, map[string]int{"begin posting": 3, "refuse posting": 1}, crashWhileGivingUp,
		func(at cut) bool { return at.nth == 1 })
}

func crashWhileGivingUp(t *testing.T, at cut) {
	t.Helper()
	w := newWorld(t, workspace.Config{})
	k := w.keep(impatient(), cut{})
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+roleRoom))
	w.rest()
	w.Fault(workspace.Fault{Method: "conversations.open", Times: -1, Kind: workspace.Refuse, Code: "user_disabled", When: w.toBo})
	k.present().m.after(at)
	_, _ = w.ana.Slash(w.ctx, roleRoom, "/incident assign lead @bo")
	for k.deaths.Load() == 0 && w.ctx.Err() == nil {
		w.do(w.Settle(w.ctx, 20*time.Millisecond))
	}
	k.recover()
	w.shows(roleRoom, "does not know that they are *Technical lead*")
	w.rest()
	if n := strings.Count(w.ana.Sees(roleRoom), "does not know"); n != 1 {
		t.Errorf("it is said %d times:\n%s", n, w.ana.Sees(roleRoom))
	}
	if n := w.triedBo("conversations.open"); n > 2 {
		t.Errorf("%d calls", n)
	}
}
