package main

import (
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

// A drill is marked wherever it is seen, and the digest channel hears nothing.
func TestStoryOfADrill(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident")
	w.submit(w.ana, "What is wrong?", "db down", "Severity", "SEV1", "What kind is it?", "Test")
	const room = "inc-1-test-db-down"
	form, err := w.ana.AwaitForm(w.ctx, "declared: #"+room)
	w.do(err)
	w.do(form.Close(w.ctx))
	w.shows(room, "INC-1 TEST  db down")
	w.shows(room, "TEST · SEV1 · Investigating")
	w.says(w.ana, room, "/incident claim commander")
	w.do(w.ana.AwaitDM(w.ctx, "*INC-1* TEST db down"))
	w.says(w.ana, room, "/incident update")
	w.submit(w.ana, "What changed?", "failed over")
	w.shows(room, "failed over")
	w.contains(w.says(w.bo, "general", "/incident list"), "*INC-1 TEST*")
	w.contains(w.says(w.bo, "general", "/incident 1"), "*INC-1* TEST db down")
	w.says(w.ana, room, "/incident status resolved well done")
	w.shows(room, "TEST · SEV1 · Resolved")
	w.rest()
	if sees := w.ana.Sees("incidents"); strings.Contains(sees, "db down") || strings.Contains(sees, "failed over") {
		t.Errorf("the digest channel was told:\n%s", sees)
	}
	if strings.Contains(w.ana.Sees(room), "digest channel") {
		t.Errorf("the room says that the digest channel was told:\n%s", w.ana.Sees(room))
	}
}
