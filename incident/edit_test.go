package incident_test

import (
	"strings"
	"testing"

	"muster/incident"
)

func TestEdit(t *testing.T) {
	t.Parallel()
	eachState(t, func(t *testing.T, i *incident.Incident) {
		title, summary := " db is\tslow ", "since noon\r\nall of it"
		if err := i.Edit(incident.Edit{Title: new("db is slow"), Summary: &summary}, "UBO", changedAt); err != nil {
			t.Fatal(err)
		}
		if i.Title != "db is slow" || i.TitleBy != "UBO" || i.Summary != "since noon\nall of it" || i.SummaryBy != "UBO" {
			t.Errorf("now %q by %s, %q by %s", i.Title, i.TitleBy, i.Summary, i.SummaryBy)
		}
		wantNews(t, i,
			incident.Entry{Kind: incident.EntryTitle, At: changedAt, By: "UBO", From: "checkout returns 500", To: "db is slow"},
			incident.Entry{Kind: incident.EntrySummary, At: changedAt, By: "UBO", To: "since noon\nall of it"})
		wantRefused(t, i, incident.NothingToDo, func() error { return i.Edit(incident.Edit{Summary: &summary}, "UBO", changedAt) })
		for _, bad := range []incident.Edit{
			{Title: new("")}, {Title: new(" \u200b")}, {Title: &title}, {Title: new(strings.Repeat("x", incident.MaxTitle+1))},
			{Summary: new(strings.Repeat("x", incident.MaxSummary+1))}, {Title: new("fine"), Summary: new(strings.Repeat("x", incident.MaxSummary+1))},
		} {
			wantRefused(t, i, incident.Invalid, func() error { return i.Edit(bad, "UBO", changedAt) })
		}
		if err := i.Edit(incident.Edit{Summary: new("")}, "UBO", changedAt); err != nil || i.Summary != "" {
			t.Errorf("%v: the summary is still %q", err, i.Summary)
		}
	})
}

// A form changes only what the person changed, and overrules nobody unknowingly.
func TestAnEditKeepsWhatOthersWrote(t *testing.T) {
	t.Parallel()
	store, desk := newDesk(t, incident.Investigating, incident.SEV3)
	form := func(title, summary string) incident.Edit {
		return incident.Edit{
			Title: &title, Summary: &summary,
			ShownTitle: incident.Fingerprint("checkout returns 500"), ShownSummary: incident.Fingerprint(""),
		}
	}
	if _, err := desk.Edit(t.Context(), 42, incident.Edit{Summary: new("since noon")}, incident.Act{By: "UBO", Key: "1"}); err != nil {
		t.Fatal(err)
	}
	// The title alone was changed in the form.
	if _, err := desk.Edit(t.Context(), 42, form("db down", ""), incident.Act{By: "UANA", Key: "2"}); err != nil {
		t.Fatal(err)
	}
	if store.i.Title != "db down" || store.i.Summary != "since noon" {
		t.Errorf("%q, %q", store.i.Title, store.i.Summary)
	}
	_, err := desk.Edit(t.Context(), 42, form("disk full", "all of it"), incident.Act{By: "ULEE", Key: "3", Try: "a"})
	wantMoved(t, err, "title", "UANA", "db down")
	_, err = desk.Edit(t.Context(), 42, form("disk full", "all of it"), incident.Act{By: "ULEE", Key: "3", Try: "b"})
	wantMoved(t, err, "summary", "UBO", "since noon")
	if _, err := desk.Edit(t.Context(), 42, form("disk full", "all of it"), incident.Act{By: "ULEE", Key: "3", Try: "c"}); err != nil {
		t.Fatal(err)
	}
	if store.i.Title != "disk full" || store.i.Summary != "all of it" {
		t.Errorf("%q, %q", store.i.Title, store.i.Summary)
	}
}
