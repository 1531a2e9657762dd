package bot

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"muster/incident"
	"muster/incident/incidenttest"
)

// Options are text objects of 75 characters, and all together an acknowledgement.
func TestAnyOffersFit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var list []incident.Listed
		for n := range rapid.IntRange(0, maxOffered).Draw(t, "incidents") {
			title := incidenttest.Text(incident.MaxTitle).Draw(t, "title")
			list = append(list, incident.Listed{Number: int64(n + 1), Title: title, Severity: 1, Status: incident.Investigating})
		}
		raw, err := json.Marshal(offers(list))
		if err != nil || len(raw) > 20_000 || !strings.HasPrefix(string(raw), `{"options":[`) {
			t.Fatalf("%v, %d bytes: %.100s", err, len(raw), raw)
		}
		for _, o := range offers(list).Options {
			if n := len([]rune(o.Text.Text)); n > 75 || o.Value == "" {
				t.Fatalf("an option of %d characters for %q", n, o.Value)
			}
		}
	})
}
