package incident_test

import (
	"testing"
	"time"

	"muster/incident"
)

func TestLastMonths(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 31, 23, 30, 0, 0, time.FixedZone("", -3600))
	q := incident.LastMonths("U1", 3, now)
	if !q.Since.Equal(time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)) || !q.Until.Equal(time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", q)
	}
	if months := (incident.Stats{StatsQuery: q}).Months(); len(months) != 3 || months[2].Month() != time.April {
		t.Errorf("%v", months)
	}
}

func TestParseMonths(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"": 12, "6": 6, "1 month": 1, "36 Months": 36} {
		if got, ok := incident.ParseMonths(text); got != want || !ok {
			t.Errorf("%q: %d, %v", text, got, ok)
		}
	}
	for _, text := range []string{"0", "37", "-1", "page is down", "3 pages"} {
		if got, ok := incident.ParseMonths(text); ok {
			t.Errorf("%q: %d", text, got)
		}
	}
}
