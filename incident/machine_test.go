package incident_test

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/incident"
)

// machine does verbs in any order, right or wrong, as a crowd does.
type machine struct {
	i   *incident.Incident
	now time.Time
	// timeline are the entries so far.
	timeline []incident.Entry
}

var crowd = []string{"UANA", "UBO", "ULEE"}

func TestVerbsInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		severity := rapid.SampledFrom([]incident.Severity{0, 1, 2, 3, 4}).Draw(t, "declared severity")
		m := &machine{now: declaredAt}
		m.i = incident.New(7, incident.Declaration{Title: "db down", Severity: severity, By: "ULEE"}, m.now)
		m.timeline = m.i.News()
		t.Repeat(map[string]func(*rapid.T){
			"severity": func(t *rapid.T) {
				to := incident.Severity(rapid.IntRange(-1, 6).Draw(t, "to"))
				m.act(t, incident.EntrySeverity, func(by string) error { return m.i.SetSeverity(to, by, m.now) })
			},
			"status": func(t *rapid.T) {
				to := rapid.SampledFrom(append(incident.Statuses(), "", "gone")).Draw(t, "to")
				m.act(t, incident.EntryStatus, func(by string) error { return m.i.SetStatus(to, by, m.now) })
			},
			"resolve": func(t *rapid.T) {
				fix := rapid.SampledFrom([]string{"", " ", "rolled back", "a\nb"}).Draw(t, "fix")
				m.act(t, incident.EntryResolved, func(by string) error { return m.i.Resolve(fix, by, m.now) })
			},
			"edit": func(t *rapid.T) {
				title := rapid.SampledFrom([]string{"", "db down", "db  down", "disk full", "a\nb"}).Draw(t, "title")
				m.act(t, incident.EntryTitle, func(by string) error { return m.i.Edit(incident.Edit{Title: &title}, by, m.now) })
			},
			"cancel": func(t *rapid.T) {
				why := rapid.SampledFrom([]string{"", "false alarm", "\u200b"}).Draw(t, "why")
				m.act(t, incident.EntryCancelled, func(by string) error { return m.i.Cancel(why, by, m.now) })
			},
			"duplicate": func(t *rapid.T) {
				of := incident.Incident{Number: rapid.Int64Range(5, 8).Draw(t, "of"), Status: rapid.SampledFrom(incident.Statuses()).Draw(t, "its status")}
				m.act(t, incident.EntryDuplicate, func(by string) error { return m.i.Duplicate(&of, by, m.now) })
			},
			"reopen": func(t *rapid.T) {
				m.act(t, incident.EntryReopened, func(by string) error { return m.i.Reopen(by, m.now) })
			},
			"claim": func(t *rapid.T) {
				role := incident.Role{Key: rapid.SampledFrom([]string{"commander", "comms", "lead"}).Draw(t, "role")}
				m.act(t, incident.EntryRole, func(by string) error { return m.i.Claim(role, by, m.now) })
			},
			"assign": func(t *rapid.T) {
				role := incident.Role{Key: rapid.SampledFrom([]string{"commander", "comms", "lead"}).Draw(t, "role")}
				h := incident.Handing{To: rapid.SampledFrom(crowd).Draw(t, "to"), Note: rapid.SampledFrom([]string{"", "db is up"}).Draw(t, "note")}
				m.act(t, incident.EntryRole, func(by string) error { return m.i.Assign(role, h, by, m.now) })
			},
			"hand over": func(t *rapid.T) {
				role := incident.Role{Key: rapid.SampledFrom([]string{"commander", "comms", "lead"}).Draw(t, "role")}
				h := incident.Handing{To: rapid.SampledFrom(crowd).Draw(t, "to")}
				m.act(t, incident.EntryRole, func(by string) error { return m.i.HandOver(role, h, by, m.now) })
			},
			"leave": func(t *rapid.T) {
				role := incident.Role{Key: rapid.SampledFrom([]string{"commander", "comms", "lead"}).Draw(t, "role")}
				m.act(t, incident.EntryRole, func(by string) error { return m.i.Leave(role, by, m.now) })
			},
			"": m.check,
		})
	})
}

// act does one verb. A success leaves exactly one entry, of its kind, by whoever
// acted, now; a refusal changes nothing.
func (m *machine) act(t *rapid.T, kind incident.EntryKind, verb func(by string) error) {
	m.now = m.now.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "seconds")) * time.Second)
	by := rapid.SampledFrom(crowd).Draw(t, "by")
	before := snapshot(m.i)
	err := verb(by)
	news := m.i.News()
	if err != nil {
		if _, ok := err.(*incident.Error); !ok {
			t.Fatalf("%s: %v is no refusal", kind, err)
		}
		if after := snapshot(m.i); before != after || len(news) != 0 {
			t.Fatalf("refused (%v) but changed %s to %s, entries %v", err, before, after, news)
		}
		return
	}
	if len(news) != 1 || news[0].Kind != kind || news[0].By != by || !news[0].At.Equal(m.now) || news[0].Quiet {
		t.Fatalf("%s by %s left %+v", kind, by, news)
	}
	if before == snapshot(m.i) {
		t.Fatalf("%s left an entry and changed nothing", kind)
	}
	m.timeline = append(m.timeline, news...)
}

// check compares the incident with what its timeline tells.
func (m *machine) check(t *rapid.T) {
	i := m.i
	over, duplicate := !i.Status.Open(), i.Status == incident.Duplicate
	if over != !i.ResolvedAt.IsZero() || over != (i.ResolvedBy != "") || (over && !duplicate) != (i.Resolution != "") || duplicate != (i.DuplicateOf != 0) {
		t.Fatalf("status %s, ended at %s by %q: %q, duplicate of %d", i.Status, i.ResolvedAt, i.ResolvedBy, i.Resolution, i.DuplicateOf)
	}
	if !i.Severity.Valid() {
		t.Fatalf("severity %s", i.Severity)
	}
	severity, status, roles := "", string(incident.Investigating), map[string]string{}
	for _, e := range m.timeline {
		switch e.Kind {
		case incident.EntryDeclared:
			severity = e.To
		case incident.EntrySeverity:
			if e.From != severity {
				t.Fatalf("an entry comes from %s, the one before went to %s", e.From, severity)
			}
			severity = e.To
		case incident.EntryStatus, incident.EntryResolved, incident.EntryCancelled, incident.EntryDuplicate, incident.EntryReopened:
			if e.From != status {
				t.Fatalf("an entry comes from %s, the one before went to %s", e.From, status)
			}
			status = e.To
		case incident.EntryRole:
			if e.From != roles[e.Role] {
				t.Fatalf("an entry takes %s from %q, who had it is %q", e.Role, e.From, roles[e.Role])
			}
			if roles[e.Role] = e.To; e.To == "" {
				delete(roles, e.Role)
			}
		}
	}
	if severity != i.Severity.String() || status != string(i.Status) || len(roles) != len(i.Roles) {
		t.Fatalf("the timeline tells %s %s %v; the incident is %s %s %v", severity, status, roles, i.Severity, i.Status, i.Roles)
	}
	for _, a := range i.Roles {
		if roles[a.Role] != a.User {
			t.Fatalf("%s is %s, the timeline says %s", a.Role, a.User, roles[a.Role])
		}
	}
}

// snapshot is an incident as one comparable text.
func snapshot(i *incident.Incident) string { return fmt.Sprintf("%+v", *i) }
