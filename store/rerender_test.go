package store_test

import (
	"testing"

	"muster/incident"
)

func TestChangedTextsWakeOpenIncidents(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	for range 4 {
		declared(t, s, incident.SEV3)
	}
	if _, err := s.Change(t.Context(), 2, "", func(i *incident.Incident) error { return i.Resolve("x", "U", noon) }); err != nil {
		t.Fatal(err)
	}
	// The third one is not done yet, and is looked at anyhow.
	exec(t, address, `UPDATE reconciliations SET seen = wanted WHERE subject <> 'incident:3'`)
	for _, c := range []struct {
		made string
		want int64
	}{{"one", 0}, {"one", 0}, {"two", 2}, {"two", 0}} {
		if got, err := s.Rerender(t.Context(), c.made); err != nil || got != c.want {
			t.Errorf("made of %s: %d, want %d: %v", c.made, got, c.want, err)
		}
	}
}
