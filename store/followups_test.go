package store_test

import (
	"testing"

	"muster/incident"
)

// A person's follow-ups are those that are open, by their due day, and none of an
// incident that they may not know of.
func TestAPersonsFollowUps(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	ctx := t.Context()
	number := declared(t, s, incident.SEV4).Number
	change := func(key string, fn func(i *incident.Incident) error) {
		t.Helper()
		if _, err := s.Change(ctx, number, key, fn); err != nil {
			t.Fatal(err)
		}
	}
	nextMonth := noon.AddDate(0, 1, 0).Format("2006-01-02")
	for _, todo := range []incident.ToDo{
		{Text: "some day", Owner: "UBO"}, {Text: "soon", Owner: "UBO", Due: nextMonth}, {Text: "hers", Owner: "UANA"}, {Text: "done", Owner: "UBO"},
	} {
		change("add "+todo.Text, func(i *incident.Incident) error { return i.AddFollowUp(todo, "UANA", noon) })
	}
	change("done", func(i *incident.Incident) error { return i.EndFollowUp(4, true, "UBO", noon) })
	list, err := s.FollowUps(ctx, "UBO", 10)
	if err != nil {
		t.Fatal(err)
	}
	var got string
	for _, f := range list {
		got += f.Text + " " + f.Due + ", "
	}
	if want := "soon " + nextMonth + ", some day , "; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}
