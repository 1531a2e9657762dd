package incident_test

import (
	"strings"
	"testing"
	"time"

	"muster/incident"
)

func TestPostInEachState(t *testing.T) {
	t.Parallel()
	eachState(t, func(t *testing.T, i *incident.Incident) {
		u := incident.Update{Text: " rolled\x00 back\r\nin 2 of 4 ", Impact: "none", Within: 15 * time.Minute}
		if !i.Status.Open() {
			wantRefused(t, i, incident.Conflict, func() error { return i.Post(u, "UBO", changedAt) })
			return
		}
		if err := i.Post(u, "UBO", changedAt); err != nil {
			t.Fatal(err)
		}
		until := changedAt.Add(15 * time.Minute)
		wantNews(t, i, incident.Entry{
			Kind: incident.EntryUpdate, At: changedAt, By: "UBO", Text: "rolled back\nin 2 of 4",
			Detail: &incident.Detail{Impact: "none", Until: until},
		})
		if i.Last != (incident.LastUpdate{Text: "rolled back\nin 2 of 4", By: "UBO", At: changedAt}) || i.Cadence.Promised != until {
			t.Errorf("last %+v, promised %s", i.Last, i.Cadence.Promised)
		}
	})
}

func TestPostChangesSeverityAndStatusFirst(t *testing.T) {
	t.Parallel()
	i := at(t, incident.Investigating, incident.SEV4)
	if err := i.Post(incident.Update{Text: "x", Severity: incident.SEV2, Status: incident.Identified}, "UBO", changedAt); err != nil {
		t.Fatal(err)
	}
	wantNews(t, i,
		incident.Entry{Kind: incident.EntrySeverity, At: changedAt, By: "UBO", From: "SEV4", To: "SEV2"},
		incident.Entry{Kind: incident.EntryStatus, At: changedAt, By: "UBO", From: "investigating", To: "identified"},
		incident.Entry{Kind: incident.EntryUpdate, At: changedAt, By: "UBO", Text: "x", Detail: &incident.Detail{}})
}

func TestPostRefuses(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("é", incident.MaxUpdate)
	for name, c := range map[string]struct {
		u     incident.Update
		field string
	}{
		"nothing":  {incident.Update{Text: " \n "}, "text"},
		"unseen":   {incident.Update{Text: "\u200b"}, "text"},
		"long":     {incident.Update{Text: long + "e"}, "text"},
		"impact":   {incident.Update{Text: long, Impact: long}, "impact"},
		"next":     {incident.Update{Text: "x", Next: long}, "next"},
		"severity": {incident.Update{Text: "x", Severity: 9}, "severity"},
		"status":   {incident.Update{Text: "x", Severity: incident.SEV1, Status: incident.Resolved}, "status"},
		"within":   {incident.Update{Text: "x", Within: 25 * time.Hour}, "within"},
		"past":     {incident.Update{Text: "x", Within: -1}, "within"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := at(t, incident.Investigating, incident.SEV4)
			wantRefused(t, i, incident.Invalid, func() error {
				err := i.Post(c.u, "UBO", changedAt)
				if refusal, ok := err.(*incident.Error); ok && refusal.Field != c.field {
					t.Errorf("field %q, want %q", refusal.Field, c.field)
				}
				return err
			})
		})
	}
}

// Two values that moved are told of one after the other, and only what the person
// was told of is overruled.
func TestPostInsistsOnEachValueThatMoved(t *testing.T) {
	t.Parallel()
	store, d := newDesk(t, incident.Identified, incident.SEV2)
	u := incident.Update{
		Text: "x", Severity: incident.SEV3, ShownSeverity: incident.SEV4,
		Status: incident.Monitoring, ShownStatus: incident.Investigating,
	}
	post := func(try string) error {
		_, err := d.Post(t.Context(), 42, u, incident.Act{By: "UBO", Key: "V1", Try: try})
		return err
	}
	wantMoved(t, post("T1"), "severity", "ULEE", "SEV2")
	wantMoved(t, post("T1"), "severity", "ULEE", "SEV2")
	wantMoved(t, post("T2"), "status", "UANA", "Identified")
	if err := post("T3"); err != nil {
		t.Fatal(err)
	}
	if store.i.Severity != incident.SEV3 || store.i.Status != incident.Monitoring || store.i.Last.Text != "x" {
		t.Errorf("%s %s %q", store.i.Severity, store.i.Status, store.i.Last.Text)
	}
}

// What the person left as it was is not set back.
func TestPostLeavesAloneWhatThePersonDidNotChange(t *testing.T) {
	t.Parallel()
	store, d := newDesk(t, incident.Identified, incident.SEV2)
	_, err := d.Post(t.Context(), 42, incident.Update{
		Text: "x", Severity: incident.SEV4, ShownSeverity: incident.SEV4, Status: incident.Investigating, ShownStatus: incident.Investigating,
	}, incident.Act{By: "UBO", Key: "V1"})
	if err != nil || store.i.Severity != incident.SEV2 || store.i.Status != incident.Identified {
		t.Errorf("%s %s, %v", store.i.Severity, store.i.Status, err)
	}
}
