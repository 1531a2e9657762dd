package incident_test

import (
	"strings"
	"testing"
	"time"

	"muster/incident"
)

var (
	commander = incident.Role{Key: incident.Commander, Name: "Incident commander"}
	pilot     = incident.Role{Key: "pilot", Name: "Pilot"}
)

// roleVerb does one verb of a role on an incident.
type roleVerb func(i *incident.Incident) error

func assigns(role incident.Role, to, note, by string) roleVerb {
	return func(i *incident.Incident) error {
		return i.Assign(role, incident.Handing{To: to, Note: note}, by, changedAt)
	}
}

func handsOver(role incident.Role, to, note, by string) roleVerb {
	return func(i *incident.Incident) error {
		return i.HandOver(role, incident.Handing{To: to, Note: note}, by, changedAt)
	}
}

func leaves(role incident.Role, by string) roleVerb {
	return func(i *incident.Incident) error { return i.Leave(role, by, changedAt) }
}

// UANA is commander, by her own claim, and nobody is pilot.
func withCommander(t *testing.T, status incident.Status) *incident.Incident {
	t.Helper()
	i := at(t, incident.Identified, incident.SEV2)
	if err := i.Claim(commander, "UANA", declaredAt.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if status == incident.Resolved {
		if err := i.Resolve("rolled back", "ULEE", declaredAt.Add(2*time.Minute)); err != nil {
			t.Fatal(err)
		}
	}
	i.News()
	return i
}

func TestRolesChangeHands(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		act   roleVerb
		entry incident.Entry
	}{
		"assign a free role":        {assigns(pilot, "UBO", "", "ULEE"), incident.Entry{By: "ULEE", Role: "pilot", To: "UBO"}},
		"assign oneself":            {assigns(pilot, "UBO", "", "UBO"), incident.Entry{By: "UBO", Role: "pilot", To: "UBO"}},
		"assign over somebody":      {assigns(commander, "UBO", "she sleeps", "ULEE"), incident.Entry{By: "ULEE", Role: "commander", From: "UANA", To: "UBO", Text: "she sleeps"}},
		"take it from somebody":     {assigns(commander, "UBO", "", "UBO"), incident.Entry{By: "UBO", Role: "commander", From: "UANA", To: "UBO"}},
		"hand over with a note":     {handsOver(commander, "UBO", " db\nis up ", "UANA"), incident.Entry{By: "UANA", Role: "commander", From: "UANA", To: "UBO", Text: "db is up"}},
		"assign one's role is that": {assigns(commander, "UBO", "", "UANA"), incident.Entry{By: "UANA", Role: "commander", From: "UANA", To: "UBO"}},
		"leave":                     {leaves(commander, "UANA"), incident.Entry{By: "UANA", Role: "commander", From: "UANA"}},
		"a long note that fits": {assigns(pilot, "UBO", strings.Repeat("é", incident.MaxHandover), "ULEE"),
			incident.Entry{By: "ULEE", Role: "pilot", To: "UBO", Text: strings.Repeat("é", incident.MaxHandover)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := withCommander(t, incident.Identified)
			if err := c.act(i); err != nil {
				t.Fatal(err)
			}
			c.entry.Kind, c.entry.At = incident.EntryRole, changedAt
			wantNews(t, i, c.entry)
			held, _ := i.Holder(c.entry.Role)
			want := incident.Assignment{}
			if c.entry.To != "" {
				want = incident.Assignment{Role: c.entry.Role, User: c.entry.To, By: c.entry.By, At: changedAt, Note: c.entry.Text}
			}
			if held != want {
				t.Errorf("held %+v, want %+v", held, want)
			}
			if other, ok := i.Holder(commander.Key); c.entry.Role != commander.Key && (!ok || other.User != "UANA") {
				t.Errorf("another role changed: %+v", other)
			}
		})
	}
}

func TestRolesThatDoNotChangeHands(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		act   roleVerb
		kind  incident.Kind
		field string
		who   string
	}{
		"assign who has it":       {assigns(commander, "UANA", "", "UBO"), incident.NothingToDo, "person", "UANA"},
		"hand over to oneself":    {handsOver(commander, "UANA", "", "UANA"), incident.NothingToDo, "person", "UANA"},
		"hand over another's":     {handsOver(commander, "UBO", "", "ULEE"), incident.Conflict, "", "UANA"},
		"hand over nobody's":      {handsOver(pilot, "UBO", "", "ULEE"), incident.Conflict, "", ""},
		"leave another's":         {leaves(commander, "UBO"), incident.Conflict, "", "UANA"},
		"leave nobody's":          {leaves(pilot, "UBO"), incident.NothingToDo, "", ""},
		"a note that is too long": {assigns(pilot, "UBO", strings.Repeat("é", incident.MaxHandover+1), "ULEE"), incident.Invalid, "note", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			i := withCommander(t, incident.Identified)
			wantRefused(t, i, c.kind, func() error {
				err := c.act(i)
				if refusal, ok := err.(*incident.Error); !ok || refusal.Field != c.field || refusal.Who != c.who {
					t.Errorf("refusal %+v", err)
				}
				return err
			})
		})
	}
}

func TestRolesOfAResolvedIncidentStay(t *testing.T) {
	t.Parallel()
	for name, act := range map[string]roleVerb{
		"assign": assigns(pilot, "UBO", "", "ULEE"), "hand over": handsOver(commander, "UBO", "", "UANA"), "leave": leaves(commander, "UANA"),
	} {
		i := withCommander(t, incident.Resolved)
		wantRefused(t, i, incident.Conflict, func() error { return act(i) })
		if _, ok := i.Holder(commander.Key); !ok {
			t.Errorf("%s: the commander is gone", name)
		}
	}
}

// Who gave a role away in a form that showed another holder is told, and may
// insist.
func TestARoleThatWasTakenSinceTheFormWasOpened(t *testing.T) {
	t.Parallel()
	store, d := newDesk(t, incident.Investigating, incident.SEV4)
	store.i.Roles = []incident.Assignment{{Role: incident.Commander, User: "UANA", By: "UANA", At: declaredAt.Add(time.Minute)}}
	assign := func(to string, seen time.Time, try string) error {
		_, _, err := d.Assign(t.Context(), 42, incident.Commander, incident.Handing{To: to, Seen: seen}, incident.Act{By: "ULEE", Key: "V" + to, Try: try})
		return err
	}
	err := assign("UBO", declaredAt, "1")
	if refusal, ok := err.(*incident.Error); !ok || refusal.Kind != incident.Conflict || refusal.Field != "person" || refusal.Who != "UANA" {
		t.Fatalf("not told of the new holder: %v", err)
	}
	if err := assign("UBO", declaredAt, "1"); !incident.IsKind(err, incident.Conflict) {
		t.Errorf("the same sending again counted as insisting: %v", err)
	}
	if err := assign("UANA", declaredAt, "1"); !incident.IsKind(err, incident.NothingToDo) {
		t.Errorf("the same wish as somebody else's: %v", err)
	}
	if err := assign("UBO", declaredAt, "2"); err != nil {
		t.Errorf("insisting: %v", err)
	}
	if held, _ := store.i.Holder(incident.Commander); held.User != "UBO" {
		t.Errorf("held by %+v", held)
	}
	if err := assign("ULEE", store.i.Roles[0].At, "1"); err != nil {
		t.Errorf("who saw the holder: %v", err)
	}
}

// A role that passes in a replica whose clock is behind passed after all that is on
// record: who looked before is told.
func TestARoleThatPassesByAClockThatIsBehind(t *testing.T) {
	t.Parallel()
	store, d := newDesk(t, incident.Investigating, incident.SEV4)
	ahead := declaredAt.Add(24 * time.Hour)
	store.i.Roles = []incident.Assignment{{Role: incident.TechnicalLead, User: "UBO", By: "UBO", At: ahead}}
	seen := store.i.LastAssigned()
	if _, _, err := d.Claim(t.Context(), 42, incident.Commander, incident.Act{By: "UANA", Key: "C1"}); err != nil {
		t.Fatal(err)
	}
	_, _, err := d.Assign(t.Context(), 42, incident.Commander, incident.Handing{To: "ULEE", Seen: seen}, incident.Act{By: "UBO", Key: "V1", Try: "1"})
	if refusal, ok := err.(*incident.Error); !ok || refusal.Kind != incident.Conflict || refusal.Who != "UANA" {
		t.Errorf("not told of the new holder: %v", err)
	}
}
