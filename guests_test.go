package main

import (
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

// Guests and people of other organisations are refused in every way in, and
// nothing comes of what they tried.
func TestOutsidersCanDoNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		user workspace.User
		why  string
	}{
		"guest of some channels": {workspace.User{Name: "out", Restricted: true}, "Guests can't"},
		"guest of one channel":   {workspace.User{Name: "out", Restricted: true, UltraRestricted: true}, "Guests can't"},
		"other organisation":     {workspace.User{Name: "out", TeamID: "T0FAR"}, "People of other organisations can't"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, workspace.Config{})
			w.AddUser(c.user)
			w.do(w.Invite("ana", "general", "out", "muster"))
			w.do(w.Invite("ana", "incidents", "out"))
			w.start(quick())
			w.says(w.ana, "general", "/incident new db down")
			w.do(w.ana.Hears(w.ctx, "declared: #"+roleRoom))
			w.do(w.Invite("ana", roleRoom, "out"))
			w.shows("incidents", "INC-1")
			w.do(w.ana.Says(w.ctx, "general", "alert: disk full"))
			w.rest()

			out := w.Person("out")
			for _, line := range []string{"", "new disk full", "list", "1 claim commander", "1 severity sev1", "help"} {
				w.contains(w.says(out, roleRoom, "/incident "+line), c.why)
			}
			w.do(out.Click(w.ctx, roleRoom, "Claim"))
			w.do(out.AwaitSees(w.ctx, roleRoom, c.why))
			w.do(out.Click(w.ctx, "incidents", "Subscribe"))
			w.do(out.AwaitSees(w.ctx, "incidents", c.why))
			w.do(out.Shortcut(w.ctx, "Declare an incident"))
			form, err := out.AwaitForm(w.ctx, c.why)
			w.do(err)
			w.do(form.Close(w.ctx))
			w.do(out.MessageShortcut(w.ctx, "general", "disk full", "Declare as incident"))
			w.do(out.AwaitSees(w.ctx, "general", c.why))
			w.do(out.OpensHome(w.ctx))
			w.do(out.AwaitHome(w.ctx, c.why))
			w.do(out.React(w.ctx, "general", "disk full", "rotating_light"))
			w.do(out.Mentions(w.ctx, "incidents", "@muster new disk full"))
			w.do(out.AwaitSees(w.ctx, "incidents", c.why))
			w.rest()

			if n := w.query(`SELECT count(*) FROM incidents`); n != "1" {
				t.Errorf("%s incidents", n)
			}
			if n := w.query(`SELECT count(*) FROM entries`); n != "1" {
				t.Errorf("%s entries", n)
			}
			if seen := w.ana.Sees(roleRoom) + w.ana.Sees("general"); strings.Contains(seen, c.why) {
				t.Errorf("others read it, too:\n%s", seen)
			}
		})
	}
}

// Who acts often is looked up once.
func TestAPersonIsLookedUpOnce(t *testing.T) {
	t.Parallel()
	w, _ := running(t, quick())
	for range 3 {
		w.says(w.bo, "general", "/incident 1 show")
	}
	w.makes("looking three times", map[string]int{"users.info": 1})
}
