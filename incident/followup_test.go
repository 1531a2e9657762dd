package incident_test

import (
	"testing"
	"time"

	"muster/incident"
)

func withFollowUp(t *testing.T, todo incident.ToDo, now time.Time) *incident.Incident {
	t.Helper()
	i := incident.New(1, incident.Declaration{Title: "a", By: "ULEE"}, declaredAt)
	if err := i.AddFollowUp(todo, "UANA", now); err != nil {
		t.Fatal(err)
	}
	return i
}

// People are reminded in the morning of the due day, where they are.
func TestWhenAFollowUpReminds(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 3, 4, 14, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		due    string
		offset int
		want   string
	}{
		{"2025-03-06", 0, "2025-03-06T09:00:00Z"},
		{"2025-03-06", 3600, "2025-03-06T08:00:00Z"},
		{"2025-03-06", 13 * 3600, "2025-03-05T20:00:00Z"},
		{"2025-03-04", 0, "2025-03-04T16:00:00Z"},
		{"2025-03-04", 3 * 3600, "0001-01-01T00:00:00Z"},
		{"2025-03-04", -8 * 3600, "2025-03-04T17:00:00Z"},
		{"", 0, "0001-01-01T00:00:00Z"},
	} {
		i := withFollowUp(t, incident.ToDo{Text: "x", Due: c.due, Zone: time.FixedZone("", c.offset)}, now)
		if got := i.FollowUps[0].RemindAt.Format(time.RFC3339); got != c.want {
			t.Errorf("%s at %d: %s, want %s", c.due, c.offset, got, c.want)
		}
	}
	for _, bad := range []string{"2025-03-02", "tomorrow", "2025-02-30", "2999-01-01"} {
		i := incident.New(1, incident.Declaration{Title: "a", By: "ULEE"}, declaredAt)
		if err := i.AddFollowUp(incident.ToDo{Text: "x", Due: bad}, "UANA", now); !incident.IsKind(err, incident.Invalid) {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// The clocks change between the day on which it is written down and the due day.
func TestAFollowUpRemindsInTheMorningAfterTheClocksChanged(t *testing.T) {
	t.Parallel()
	zurich, err := time.LoadLocation("Europe/Zurich")
	if err != nil {
		t.Fatal(err)
	}
	for due, want := range map[string]string{"2025-03-29": "2025-03-29T08:00:00Z", "2025-03-31": "2025-03-31T07:00:00Z"} {
		i := withFollowUp(t, incident.ToDo{Text: "x", Due: due, Zone: zurich}, time.Date(2025, 3, 28, 12, 0, 0, 0, time.UTC))
		if got := i.FollowUps[0].RemindAt.Format(time.RFC3339); got != want {
			t.Errorf("%s: %s, want %s", due, got, want)
		}
	}
}

// What is due is said once, however late, and again only for another day.
func TestAFollowUpRemindsOnce(t *testing.T) {
	t.Parallel()
	i := withFollowUp(t, incident.ToDo{Text: "x", Due: "2025-03-06"}, declaredAt)
	i.Schedule(incident.Rules{Stale: 24 * 365 * time.Hour})
	due := time.Date(2025, 3, 6, 9, 0, 0, 0, time.UTC)
	if got := i.Cadence.Due.FollowUp; !got.Equal(due) {
		t.Fatalf("due %v", got)
	}
	rules := incident.Rules{Stale: 24 * 365 * time.Hour}
	if i.Tick(rules, due.Add(-time.Second)) || !i.Tick(rules, due.AddDate(0, 0, 3)) || i.Tick(rules, due.AddDate(0, 0, 4)) {
		t.Error("it is not said once")
	}
	if err := i.ChangeFollowUp(1, incident.ToDo{Text: "x", Due: "2025-03-20"}, "UANA", due.AddDate(0, 0, 4)); err != nil {
		t.Fatal(err)
	}
	if err := i.EndFollowUp(1, true, "UBO", due); err != nil {
		t.Fatal(err)
	}
	if i.Tick(rules, due.AddDate(0, 1, 0)) {
		t.Error("what is done is reminded of")
	}
	if err := i.EndFollowUp(1, true, "UBO", due); !incident.IsKind(err, incident.NothingToDo) {
		t.Errorf("done twice: %v", err)
	}
	if err := i.EndFollowUp(1, false, "UBO", due); err != nil {
		t.Fatal(err)
	}
	if !i.Tick(rules, due.AddDate(0, 1, 0)) {
		t.Error("what is not done after all is not reminded of")
	}
}

// A command that seemed to fail is typed again.
func TestTheSameFollowUpTwice(t *testing.T) {
	t.Parallel()
	i := withFollowUp(t, incident.ToDo{Text: "x"}, declaredAt)
	if err := i.AddFollowUp(incident.ToDo{Text: " x "}, "UANA", declaredAt.Add(time.Minute)); !incident.IsKind(err, incident.NothingToDo) {
		t.Errorf("at once: %v", err)
	}
	for by, at := range map[string]time.Duration{"UBO": time.Minute, "UANA": time.Hour} {
		if err := i.AddFollowUp(incident.ToDo{Text: "x"}, by, declaredAt.Add(at)); err != nil {
			t.Errorf("%s after %v: %v", by, at, err)
		}
	}
}

func TestFollowUpsInOrder(t *testing.T) {
	t.Parallel()
	i := incident.New(1, incident.Declaration{Title: "a", By: "ULEE"}, declaredAt)
	for _, todo := range []incident.ToDo{{Text: "some day"}, {Text: "later", Due: "2025-05-01"}, {Text: "soon", Due: "2025-04-01"}, {Text: "done"}, {Text: "dropped"}} {
		if err := i.AddFollowUp(todo, "UANA", declaredAt); err != nil {
			t.Fatal(err)
		}
	}
	if err := i.EndFollowUp(4, true, "UBO", declaredAt); err != nil {
		t.Fatal(err)
	}
	if err := i.DropFollowUp(5, "UBO", declaredAt); err != nil {
		t.Fatal(err)
	}
	var got string
	for _, f := range i.ToDos() {
		got += f.Text + ", "
	}
	if open, all := i.Unfinished(); got != "soon, later, some day, done, " || open != 3 || all != 4 {
		t.Errorf("%s %d of %d", got, open, all)
	}
	for name, err := range map[string]error{
		"no text": i.AddFollowUp(incident.ToDo{Text: " \n"}, "UANA", declaredAt), "dropped": i.EndFollowUp(5, true, "UANA", declaredAt),
		"the same": i.ChangeFollowUp(1, incident.ToDo{Text: "some day"}, "UANA", declaredAt),
	} {
		if err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// An account ends: what was to be done has nobody, but for drills and what was none.
func TestWhoseAccountEndsHasNothingToDo(t *testing.T) {
	t.Parallel()
	for status, freed := range map[incident.Status]bool{incident.Investigating: true, incident.Resolved: true, incident.Cancelled: false} {
		i := withFollowUp(t, incident.ToDo{Text: "x", Owner: "UBO"}, declaredAt)
		i.Status = status
		err := i.Vacate("UBO", declaredAt.Add(time.Hour))
		if got := i.FollowUps[0].Orphaned(); got != freed || (err == nil) != freed {
			t.Errorf("%s: freed %v, %v", status, got, err)
		}
	}
}
