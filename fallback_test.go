package main

import (
	"strings"
	"testing"
)

// A phone shows the first 60 characters of a message's text: whatever muster says of
// an incident, they hold its severity, its status and its number.
func TestEveryFallbackBeginsWithHowItStands(t *testing.T) {
	t.Parallel()
	w := alertWorld(t)
	w.do(w.Invite("lee", "general", "muster"))
	w.do(w.ana.React(w.ctx, "alerts", "HighErrorRate", "rotating_light"))
	w.shows("alerts", "declared by @Ana Lima: #"+alertRoom)
	w.shows("incidents", "HighErrorRate")
	w.rest()
	w.do(w.bo.Click(w.ctx, "incidents", "Subscribe"))
	w.do(w.bo.Hears(w.ctx, "You get a direct message"))
	w.do(w.Join("lee", alertRoom))
	w.do(w.lee.AwaitSees(w.ctx, alertRoom, briefed))
	w.says(w.ana, alertRoom, "/incident severity sev2")
	w.says(w.ana, alertRoom, "/incident claim commander")
	w.says(w.ana, alertRoom, "/incident note restarted the database")
	w.says(w.ana, alertRoom, "/incident update")
	w.submit(w.ana, "What changed?", "rolled back in 2 of 4 clusters")
	w.shows(alertRoom, "rolled back in 2 of 4")
	w.do(w.ana.Mentions(w.ctx, "general", "@muster new firing higherrorrate again"))
	w.do(w.ana.Hears(w.ctx, "It is the same: join INC-1"))
	w.says(w.ana, alertRoom, "/incident status resolved rolled back")
	w.shows(alertRoom, "What happened and why")
	w.rest()

	seen := map[string]int{}
	for _, call := range w.Calls() {
		text := call.Form.Get("text")
		switch call.Method {
		case "chat.postMessage", "chat.update", "chat.postEphemeral":
		default:
			continue
		}
		seen[call.Method]++
		shown := []rune(text)
		first := string(shown[:min(60, len(shown))])
		for _, word := range []string{"SEV", "INC-"} {
			if !strings.Contains(first, word) {
				t.Errorf("%s: %q is not in the beginning of %q", call.Method, word, text)
			}
		}
		if !strings.Contains(first, "Investigating") && !strings.Contains(first, "Resolved") {
			t.Errorf("%s: no status is in the beginning of %q", call.Method, text)
		}
		if len(text) > 4000 {
			t.Errorf("%s: %d bytes", call.Method, len(text))
		}
	}
	if seen["chat.postMessage"] < 12 || seen["chat.update"] == 0 || seen["chat.postEphemeral"] < 2 {
		t.Errorf("looked at %v only", seen)
	}
}
