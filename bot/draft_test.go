package bot

import (
	"strings"
	"testing"
	"time"

	"muster/incident"
)

func TestTheDraftSaysWhatHappenedSinceTheLastUpdate(t *testing.T) {
	t.Parallel()
	noon := time.Date(2025, 3, 4, 12, 0, 0, 0, time.UTC)
	at := func(m int, kind incident.EntryKind, text, to string) incident.Entry {
		return incident.Entry{Kind: kind, At: noon.Add(time.Duration(m) * time.Minute), By: "UANA", Text: text, To: to}
	}
	all := []incident.Entry{
		at(0, incident.EntryDeclared, "", ""), at(1, incident.EntrySeverity, "", "SEV2"), at(2, incident.EntryRole, "", "UBO"),
		at(3, incident.EntryNote, "the 14:00 deploy broke\nthe payment client.", ""), at(4, incident.EntryStatus, "", "identified"),
		at(5, incident.EntryUpdate, "we know why", ""), at(6, incident.EntryReminder, "", ""), at(7, incident.EntryNote, "rolled back in 2 of 4 clusters", ""),
		at(8, incident.EntryMessage, "error rate is down to 2 %", ""), at(9, incident.EntryStatus, "", "monitoring"), at(10, incident.EntryStatus, "", "identified"),
	}
	for name, c := range map[string]struct {
		last     int
		timeline []incident.Entry
		want     string
	}{
		"no update yet":           {-1, all[:5], "So far: the 14:00 deploy broke the payment client; now Identified, SEV2"},
		"only a severity":         {-1, all[:3], ""},
		"nothing to tell":         {5, all[:7], ""},
		"just declared":           {-1, all[:1], ""},
		"since the update":        {5, all, "Since the last update: rolled back in 2 of 4 clusters; error rate is down to 2 %; now Identified"},
		"only words":              {5, all[:8], "Since the last update: rolled back in 2 of 4 clusters"},
		"the newest of many":      {5, append(all[:6:6], many(at, 9)...), "Since the last update: note 3; note 4; note 5; note 6; note 7; note 8"},
		"a long note is made fit": {5, append(all[:6:6], at(6, incident.EntryNote, strings.Repeat("x", 300), "")), "Since the last update: " + strings.Repeat("x", 199) + "…"},
	} {
		i := &incident.Incident{Number: 42}
		if c.last >= 0 {
			i.Last.At = noon.Add(time.Duration(c.last) * time.Minute)
		}
		if got := sinceUpdate(i, incident.Definitions{}, c.timeline); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func many(at func(int, incident.EntryKind, string, string) incident.Entry, n int) (list []incident.Entry) {
	for k := range n {
		list = append(list, at(6+k, incident.EntryNote, "note "+string(rune('0'+k)), ""))
	}
	return list
}
