package main

import (
	"testing"

	"muster/sandbox/workspace"
)

func TestStoryFromDeclareToReopen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 1})
	w.start(quick())
	const room = "inc-1-checkout-returns-500"
	_, err := w.ana.Slash(w.ctx, "general", "/incident new checkout returns 500")
	w.do(err)
	w.do(w.ana.Hears(w.ctx, "declared: #"+room))
	w.shows(room, "Claim")
	w.do(w.ana.Click(w.ctx, room, "Severity"))
	w.submit(w.ana, "Severity", "SEV2")
	w.shows(room, "SEV4 → SEV2")
	w.do(w.ana.Click(w.ctx, room, "Claim"))
	w.do(w.ana.AwaitDM(w.ctx, "Incident commander"))
	_, err = w.ana.Slash(w.ctx, room, "/incident status monitoring")
	w.do(err)
	w.shows("incidents", "Monitoring")
	w.do(w.ana.Click(w.ctx, room, "Resolve"))
	w.submit(w.ana, "What fixed it?", "rolled back")
	w.shows("incidents", "resolved after")
	w.do(w.ana.Click(w.ctx, room, "Reopen"))
	w.shows("incidents", "Investigating")
	w.rest()
	t.Log(w.Dump())
}
