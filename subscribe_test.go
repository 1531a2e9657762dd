package main

import (
	"strings"
	"testing"
)

func TestStoryOfASubscriber(t *testing.T) {
	t.Parallel()
	w := updateWorld(t)
	w.says(w.ana, updateRoom, "/incident severity sev3")
	w.shows("incidents", "SEV3")
	w.do(w.bo.Click(w.ctx, "incidents", "Subscribe"))
	w.do(w.bo.Hears(w.ctx, "You get a direct message when"))
	w.do(w.bo.Click(w.ctx, "incidents", "Subscribe"))

	w.says(w.ana, updateRoom, "/incident severity sev2")
	w.do(w.bo.AwaitDM(w.ctx, "SEV3 → SEV2"))
	w.says(w.ana, updateRoom, "/incident status identified")
	w.do(w.bo.AwaitDM(w.ctx, "Investigating → Identified"))
	w.says(w.ana, updateRoom, "/incident update")
	w.submit(w.ana, "What changed?", "failed over", "Next step", "watch it")
	w.do(w.bo.AwaitDM(w.ctx, "failed over"))
	w.says(w.ana, updateRoom, "/incident claim commander")
	w.rest()
	told := w.bo.DirectMessages()
	for _, once := range []string{"SEV3 → SEV2", "Investigating → Identified", "failed over"} {
		if n := strings.Count(told, once); n != 1 {
			t.Errorf("%d times told of %s:\n%s", n, once, told)
		}
	}
	if strings.Contains(told, "SEV4 → SEV3") || strings.Contains(told, "Incident commander") {
		t.Errorf("told of what bo did not ask for:\n%s", told)
	}

	w.do(w.bo.ClickOn(w.ctx, "dm", "failed over", "Unsubscribe"))
	w.do(w.bo.Hears(w.ctx, "You get no more direct messages"))
	w.says(w.ana, updateRoom, "/incident status resolved rolled back")
	w.shows("incidents", "resolved after")
	w.rest()
	if strings.Contains(w.bo.DirectMessages(), "Resolved after") {
		t.Errorf("told after unsubscribing:\n%s", w.bo.DirectMessages())
	}
}
