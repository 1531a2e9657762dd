package main

import (
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

// resolve tells of an incident from the declaration to its end.
func (w *world) resolve(what string) {
	w.t.Helper()
	_, err := w.lee.Slash(w.ctx, "general", "/incident new checkout returns 500")
	w.do(err)
	w.do(w.lee.Hears(w.ctx, "declared: #"+firstRoom))
	w.shows(firstRoom, "Claim")
	_, err = w.lee.Slash(w.ctx, firstRoom, "/incident resolve "+what)
	w.do(err)
	w.shows("incidents", "resolved after")
}

func TestStoryTheReviewHasAChannelOfItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 60})
	w.start(quick())
	w.resolve("rolled back")
	const rca = firstRoom + "-rca"
	w.shows(rca, "rolled back")
	w.shows(firstRoom, "#"+rca)
	_, err := w.lee.Slash(w.ctx, firstRoom, "/incident reopen")
	w.do(err)
	w.shows(rca, "was reopened")
	_, err = w.bo.Slash(w.ctx, "general", "/incident 1 claim commander")
	w.do(err)
	_, err = w.lee.Slash(w.ctx, firstRoom, "/incident resolve new disks")
	w.do(err)
	w.shows(rca, "new disks")
	w.rest()
	if n := strings.Count(w.Dump(), "== #inc-"); n != 2 {
		t.Errorf("%d channels instead of a room and its review:\n%s", n, w.Dump())
	}
	if !strings.Contains(w.bo.Sees(rca), "Root-cause analysis") {
		t.Errorf("the commander is not in the review:\n%s", w.Dump())
	}
}
