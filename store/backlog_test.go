package store_test

import (
	"testing"
	"time"

	"muster/incident"
)

func TestBacklog(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	if b, err := s.Backlog(t.Context(), noon); err != nil || b != (incident.Backlog{}) {
		t.Fatalf("nothing is there: %+v, %v", b, err)
	}
	i := declared(t, s, incident.SEV1)
	declared(t, s, incident.SEV4)
	_, err := s.Change(t.Context(), i.Number, nextKey(), func(i *incident.Incident) error {
		i.Cadence.Due.Reminder = noon
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	c, err := s.Claim(t.Context(), noon, lease)
	if err != nil {
		t.Fatal(err)
	}
	stuck := []incident.StepState{{Step: "card", Error: "x", Attempts: 1, Since: noon, NotBefore: noon}, {Step: "topic", Error: "y", Attempts: 1, Since: noon, NotBefore: noon}}
	if err := s.Release(t.Context(), c, incident.Outcome{Done: true, Counted: true, Steps: stuck}); err != nil {
		t.Fatal(err)
	}
	b, err := s.Backlog(t.Context(), noon.Add(30*time.Second))
	if err != nil || b.Waiting != 1 || b.Stuck != 1 || b.Overdue != 0 || b.Oldest <= 0 || b.Open != [4]int{1, 0, 0, 1} {
		t.Errorf("%+v, %v", b, err)
	}
	if b, _ := s.Backlog(t.Context(), noon.Add(2*time.Minute)); b.Overdue != 1 {
		t.Errorf("overdue %d", b.Overdue)
	}
	pools := s.Pools()
	if len(pools) != 2 || pools[0].Max == 0 || pools[0].Name != "hear" {
		t.Errorf("pools %+v", pools)
	}
}

// What somebody has in hand keeps the store from rest until it is given back.
func TestAtRest(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	want := func(rests bool, when string) {
		t.Helper()
		if got, err := s.AtRest(t.Context()); err != nil || got != rests {
			t.Errorf("%s: %t, %v", when, got, err)
		}
	}
	want(true, "nothing is there")
	declared(t, s, incident.SEV1)
	want(false, "an incident waits")
	c, err := s.Claim(t.Context(), noon, lease)
	if err != nil {
		t.Fatal(err)
	}
	want(false, "it is in hand")
	if err := s.Release(t.Context(), c, incident.Outcome{Done: true, Counted: true}); err != nil {
		t.Fatal(err)
	}
	want(true, "it is given back")
	if err := s.Receive(t.Context(), "Ev1", []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	want(false, "an event waits")
	if err := s.EndEvent(t.Context(), "Ev1"); err != nil {
		t.Fatal(err)
	}
	want(true, "it is dealt with")
}
