package incident_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"muster/incident"
)

var (
	declaredAt = time.Date(2025, 3, 4, 14, 2, 0, 0, time.UTC)
	changedAt  = declaredAt.Add(20 * time.Minute)
)

// at gives an incident in one state, with nothing left to save.
func at(t *testing.T, status incident.Status, severity incident.Severity) *incident.Incident {
	t.Helper()
	i := incident.New(42, incident.Declaration{Title: "checkout returns 500", Severity: severity, By: "ULEE"}, declaredAt)
	var err error
	switch status {
	case incident.Investigating:
	case incident.Resolved:
		err = i.Resolve("rolled back", "UANA", declaredAt.Add(time.Minute))
	case incident.Cancelled:
		err = i.Cancel("false alarm", "UANA", declaredAt.Add(time.Minute))
	case incident.Duplicate:
		err = i.Duplicate(&incident.Incident{Number: 41}, "UANA", declaredAt.Add(time.Minute))
	default:
		err = i.SetStatus(status, "UANA", declaredAt.Add(time.Minute))
	}
	if err != nil {
		t.Fatal(err)
	}
	i.News()
	return i
}

// eachState runs a test for all pairs of status and severity.
func eachState(t *testing.T, test func(t *testing.T, i *incident.Incident)) {
	t.Helper()
	for _, status := range incident.Statuses() {
		for _, severity := range incident.Severities() {
			t.Run(string(status)+" "+severity.String(), func(t *testing.T) {
				t.Parallel()
				test(t, at(t, status, severity))
			})
		}
	}
}

// wantRefused checks that a verb refused with one kind and changed nothing.
func wantRefused(t *testing.T, i *incident.Incident, kind incident.Kind, act func() error) {
	t.Helper()
	before := *i
	if err := act(); !incident.IsKind(err, kind) {
		t.Errorf("error %v (%T), want kind %d", err, err, kind)
	}
	if news := i.News(); len(news) != 0 {
		t.Errorf("a refusal left entries: %+v", news)
	}
	if d := cmp.Diff(&before, i, cmpopts.IgnoreUnexported(incident.Incident{}), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("a refusal changed the incident (-want +got):\n%s", d)
	}
}

// wantSame compares all but the cadence, whose tests are its own.
func wantSame(t *testing.T, want, got *incident.Incident) {
	t.Helper()
	if d := cmp.Diff(want, got, cmpopts.IgnoreFields(incident.Incident{}, "Cadence"), cmpopts.IgnoreUnexported(incident.Incident{}), cmpopts.EquateEmpty()); d != "" {
		t.Errorf("the incident (-want +got):\n%s", d)
	}
}

// wantNews checks the entries that a verb left.
func wantNews(t *testing.T, i *incident.Incident, want ...incident.Entry) {
	t.Helper()
	if d := cmp.Diff(want, i.News()); d != "" {
		t.Errorf("entries (-want +got):\n%s", d)
	}
	if again := i.News(); len(again) != 0 {
		t.Errorf("news are told twice: %+v", again)
	}
}

func TestSetSeverity(t *testing.T) {
	t.Parallel()
	eachState(t, func(t *testing.T, i *incident.Incident) {
		for _, to := range []incident.Severity{-1, 0, 5, 100} {
			wantRefused(t, i, incident.Invalid, func() error { return i.SetSeverity(to, "UBO", changedAt) })
		}
		for _, to := range incident.Severities() {
			set := func() error { return i.SetSeverity(to, "UBO", changedAt) }
			switch {
			case !i.Status.Open():
				wantRefused(t, i, incident.Conflict, set)
			case i.Severity == to:
				wantRefused(t, i, incident.NothingToDo, set)
			default:
				want := *i
				want.Severity, want.SeverityAt, want.SeverityBy = to, changedAt, "UBO"
				entry := incident.Entry{Kind: incident.EntrySeverity, At: changedAt, By: "UBO", From: i.Severity.String(), To: to.String()}
				if err := set(); err != nil {
					t.Errorf("to %s: %v", to, err)
				}
				wantSame(t, &want, i)
				wantNews(t, i, entry)
			}
		}
	})
}

func TestSetStatus(t *testing.T) {
	t.Parallel()
	eachState(t, func(t *testing.T, i *incident.Incident) {
		for _, to := range []incident.Status{"", "done", "Investigating", incident.Resolved, incident.Cancelled, incident.Duplicate} {
			wantRefused(t, i, incident.Invalid, func() error { return i.SetStatus(to, "UBO", changedAt) })
		}
		for _, to := range incident.Statuses()[:3] {
			set := func() error { return i.SetStatus(to, "UBO", changedAt) }
			switch {
			case !i.Status.Open():
				wantRefused(t, i, incident.Conflict, set)
			case i.Status == to:
				wantRefused(t, i, incident.NothingToDo, set)
			default:
				want := *i
				want.Status, want.StatusAt, want.StatusBy = to, changedAt, "UBO"
				entry := incident.Entry{Kind: incident.EntryStatus, At: changedAt, By: "UBO", From: string(i.Status), To: string(to)}
				if err := set(); err != nil {
					t.Errorf("to %s: %v", to, err)
				}
				wantSame(t, &want, i)
				wantNews(t, i, entry)
			}
		}
	})
}

func TestResolve(t *testing.T) {
	t.Parallel()
	eachState(t, func(t *testing.T, i *incident.Incident) {
		if i.Status == incident.Resolved {
			wantRefused(t, i, incident.NothingToDo, func() error { return i.Resolve("Rolled back", "UBO", changedAt) })
			wantRefused(t, i, incident.NothingToDo, func() error { return i.Resolve("again", i.ResolvedBy, changedAt) })
			wantRefused(t, i, incident.Conflict, func() error { return i.Resolve("again", "UBO", changedAt) })
			return
		}
		if !i.Status.Open() {
			wantRefused(t, i, incident.Conflict, func() error { return i.Resolve("again", "UBO", changedAt) })
			return
		}
		for _, fix := range []string{"", " \n\t", "\x00", strings.Repeat("é", incident.MaxResolution+1)} {
			wantRefused(t, i, incident.Invalid, func() error { return i.Resolve(fix, "UBO", changedAt) })
		}
		want := *i
		want.Status, want.StatusAt, want.StatusBy = incident.Resolved, changedAt, "UBO"
		want.ResolvedAt, want.ResolvedBy, want.Resolution = changedAt, "UBO", "rolled back"
		entry := incident.Entry{Kind: incident.EntryResolved, At: changedAt, By: "UBO",
			From: string(i.Status), To: "resolved", Text: "rolled back"}
		if err := i.Resolve("  rolled\r\nback ", "UBO", changedAt); err != nil {
			t.Error(err)
		}
		wantSame(t, &want, i)
		wantNews(t, i, entry)
		if got := i.Lasted(changedAt.Add(time.Hour)); got != 20*time.Minute {
			t.Errorf("lasted %s, want 20m", got)
		}
	})
}

func TestResolveTakesTheLongestLine(t *testing.T) {
	t.Parallel()
	i := at(t, incident.Monitoring, incident.SEV1)
	if err := i.Resolve(strings.Repeat("é", incident.MaxResolution), "UBO", changedAt); err != nil {
		t.Error(err)
	}
}

func TestNote(t *testing.T) {
	t.Parallel()
	eachState(t, func(t *testing.T, i *incident.Incident) {
		for _, text := range []string{"", " \n\t", "\u200b", strings.Repeat("é", incident.MaxNote+1)} {
			wantRefused(t, i, incident.Invalid, func() error { return i.Note(text, "UBO", changedAt) })
		}
		want := *i
		if err := i.Note(" restarted\r\nthe db ", "UBO", changedAt); err != nil {
			t.Error(err)
		}
		wantSame(t, &want, i)
		wantNews(t, i, incident.Entry{Kind: incident.EntryNote, At: changedAt, By: "UBO", Text: "restarted\nthe db"})
	})
}

func TestReopen(t *testing.T) {
	t.Parallel()
	eachState(t, func(t *testing.T, i *incident.Incident) {
		if i.Status.Open() {
			wantRefused(t, i, incident.NothingToDo, func() error { return i.Reopen("UBO", changedAt) })
			return
		}
		want, from := *i, string(i.Status)
		want.Status, want.StatusAt, want.StatusBy = incident.Investigating, changedAt, "UBO"
		want.ResolvedAt, want.ResolvedBy, want.Resolution, want.DuplicateOf = time.Time{}, "", "", 0
		if err := i.Reopen("UBO", changedAt); err != nil {
			t.Error(err)
		}
		wantSame(t, &want, i)
		wantNews(t, i, incident.Entry{Kind: incident.EntryReopened, At: changedAt, By: "UBO", From: from, To: "investigating"})
		if got := i.Lasted(declaredAt.Add(time.Hour)); got != time.Hour {
			t.Errorf("lasted %s, want 1h", got)
		}
	})
}

func TestClaim(t *testing.T) {
	t.Parallel()
	commander := incident.Role{Key: incident.Commander, Name: "Incident commander"}
	lead := incident.Role{Key: incident.TechnicalLead, Name: "Technical lead"}
	eachState(t, func(t *testing.T, i *incident.Incident) {
		claim := func() error { return i.Claim(commander, "UBO", changedAt) }
		if !i.Status.Open() && i.Status != incident.Resolved {
			wantRefused(t, i, incident.Conflict, claim)
			return
		}
		want := *i
		want.Roles = []incident.Assignment{{Role: incident.Commander, User: "UBO", By: "UBO", At: changedAt}}
		if err := claim(); err != nil {
			t.Error(err)
		}
		wantSame(t, &want, i)
		wantNews(t, i, incident.Entry{Kind: incident.EntryRole, At: changedAt, By: "UBO", Role: incident.Commander, To: "UBO"})

		wantRefused(t, i, incident.NothingToDo, claim)
		wantRefused(t, i, incident.Conflict, func() error {
			err := i.Claim(commander, "UANA", changedAt)
			if refusal, ok := err.(*incident.Error); !ok || refusal.Who != "UBO" {
				t.Errorf("the refusal %+v does not say who holds it", err)
			}
			return err
		})
		if err := i.Claim(lead, "UBO", changedAt); err != nil {
			t.Errorf("a second role: %v", err)
		}
	})
}

// A clock that was set back must not give a negative duration.
func TestLastedIsNeverNegative(t *testing.T) {
	t.Parallel()
	if got := at(t, incident.Identified, incident.SEV3).Lasted(declaredAt.Add(-time.Hour)); got != 0 {
		t.Errorf("lasted %s", got)
	}
}
