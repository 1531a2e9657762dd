package main

import (
	"fmt"
	"strings"
	"testing"

	"muster/incident"
	"muster/sandbox/workspace"
	"muster/store"
)

// TestTakenBackWhateverCrashes kills the program around each deletion when a room turns
// private: in the end nobody outside is told anything, and the room is told once.
func TestTakenBackWhateverCrashes(t *testing.T) {
	t.Parallel()
	for _, at := range []cut{
		{beforeCall, "chat.delete", 1}, {afterCall, "chat.delete", 1}, {afterCall, "chat.delete", 2},
		{afterCommit, "see room", 1}, {beforeCommit, "taken back", 1}, {afterCommit, "taken back", 1}, {beforeCommit, "gone", 1},
	} {
		t.Run(fmt.Sprintf("%s %s %d", at.kind, at.name, at.nth), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, workspace.Config{Seed: 71})
			k := w.keep(impatient(), cut{})
			w.says(w.ana, "general", "/incident new payroll leaked")
			w.do(w.ana.Hears(w.ctx, "declared: #"+secretRoom))
			db, err := store.Open(w.ctx, w.dsn)
			w.do(err)
			defer db.Close()
			desk := incident.NewDesk(db, w.clock.now, rules(w.config().Timers))
			_, err = desk.Post(w.ctx, 1, incident.Update{Text: "keys are rotated"}, incident.Act{By: w.UserID("ana"), Key: "update"})
			w.do(err)
			w.shows("incidents", "keys are rotated")
			w.rest()
			k.present().m.after(at)
			w.do(w.Convert("ana", secretRoom, true))
			w.eventually("the program dies", func() bool { return k.deaths.Load() > 0 })
			k.recover()
			w.shows(secretRoom, "*INC-1* is: it is out of")
			w.rest()
			if seen := w.bo.Sees("incidents"); strings.Contains(seen, "INC-1") || strings.Contains(seen, "rotated") {
				t.Errorf("everybody is told:\n%s", seen)
			}
			if n := strings.Count(w.ana.Sees(secretRoom), "was made private"); n != 1 {
				t.Errorf("it is said %d times:\n%s", n, w.ana.Sees(secretRoom))
			}
		})
	}
}
