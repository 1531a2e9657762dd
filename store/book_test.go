package store_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"muster/incident"
	"muster/store"
)

// edit changes settings, by key, as ana.
func edit(t *testing.T, s *store.Store, key string, values map[incident.Setting]string) error {
	t.Helper()
	return s.ChangeBook(t.Context(), key, func(b *incident.Book) error {
		return b.Edit(incident.SettingEdit{Values: values}, nil, "UANA", noon)
	})
}

func TestABookIsKeptWhole(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	var wrote incident.Definitions
	err := s.ChangeBook(t.Context(), "K1", func(b *incident.Book) error {
		if _, err := b.AddRole("Scribe", "writes", "UANA", noon); err != nil {
			return err
		}
		if _, err := b.AddRole("Greeter", "greets", "UANA", noon); err != nil {
			return err
		}
		if err := b.RetireRole("greeter", "UANA", noon); err != nil {
			return err
		}
		err := b.Edit(incident.SettingEdit{Values: map[incident.Setting]string{
			"severity.1.name": "Fire", "severity.1.first": "5m", "severity.2.every": "7m", "role.scribe.text": "writes <it>\nall",
			"guide": "https://example.org/g", "meeting": "https://example.org/m", "topic": "{ref} {scribe}", "group": "oncall",
			"commander_after": "1h", "guests": "yes",
		}}, nil, "UANA", noon)
		wrote = b.Definitions
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	other := open(t, address)
	b, err := other.Book(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(wrote, b.Definitions, cmpopts.EquateEmpty()); d != "" {
		t.Error(d)
	}
	if d, err := other.Definitions(t.Context()); err != nil || !cmp.Equal(wrote, d, cmpopts.EquateEmpty()) {
		t.Errorf("definitions: %v %s", err, cmp.Diff(wrote, d))
	}
	if n := len(b.Recent); n != 13 || b.Last["severity.1.name"].From != "SEV1" || b.Last["severity.1.name"].By != "UANA" {
		t.Errorf("%d changes, %+v", n, b.Last)
	}
	if !b.Last["guests"].At.Equal(noon) {
		t.Errorf("changed at %v", b.Last["guests"].At)
	}
}

func TestASettingIsChangedOnceForAKey(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	for _, guide := range []string{"https://a.example", "https://b.example"} {
		if err := edit(t, s, "K1", map[incident.Setting]string{"guide": guide}); err != nil {
			t.Fatal(err)
		}
	}
	if b, err := s.Book(t.Context()); err != nil || b.Settings.Guide != "https://a.example" || len(b.Recent) != 1 {
		t.Errorf("%v, %+v", err, b)
	}
}

func TestAnUnknownChangeOfSettingsIsLookedUp(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t, cutAfter("settings"))
	if err := edit(t, s, "K1", map[incident.Setting]string{"guests": "yes"}); err != nil {
		t.Errorf("a change that was committed: %v", err)
	}
	if b, err := s.Book(t.Context()); err != nil || !b.Settings.Guests {
		t.Errorf("%v, %+v", err, b)
	}
}

// People who change other things at the same time lose nothing.
func TestSettingsChangedAtOnceAreAllKept(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	replicas := []*store.Store{s, open(t, address)}
	changes := []map[incident.Setting]string{
		{"guide": "https://a.example"}, {"meeting": "https://b.example"}, {"severity.1.text": "c"}, {"role.lead.name": "Lead"}, {"guests": "yes"},
	}
	var all sync.WaitGroup
	for n, values := range changes {
		all.Go(func() {
			if err := edit(t, replicas[n%2], nextKey(), values); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	b, err := s.Book(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, values := range changes {
		for setting, want := range values {
			if got, _ := b.Value(setting); got != want {
				t.Errorf("%s is %q, want %q", setting, got, want)
			}
		}
	}
}

// What is set is known to the next change of an incident, and makes the open ones
// due at once.
func TestWhatIsSetReachesIncidents(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	i := declared(t, s, incident.SEV1)
	if err := edit(t, s, "K1", map[incident.Setting]string{"severity.1.first": "5m", "commander_after": "2m"}); err != nil {
		t.Fatal(err)
	}
	want := incident.Set{Paces: [4]incident.Pace{{First: 5 * time.Minute}}, Commander: 2 * time.Minute}
	looked, err := s.ChangeDue(t.Context(), noon, 10, time.Hour, func(i *incident.Incident) bool {
		if i.Set != want {
			t.Errorf("due: set is %+v", i.Set)
		}
		i.Cadence.Due = incident.Due{}
		return false
	})
	if err != nil || looked != 1 {
		t.Errorf("%d due, %v", looked, err)
	}
	_, err = s.Change(t.Context(), i.Number, nextKey(), func(i *incident.Incident) error {
		if i.Set != want {
			t.Errorf("change: set is %+v", i.Set)
		}
		return incident.Errorf(incident.NothingToDo, "no")
	})
	if !incident.IsKind(err, incident.NothingToDo) {
		t.Error(err)
	}
	d := declaration("V9")
	_, made, err := s.Declare(t.Context(), d, time.Time{}, func(n int64, set incident.Set) *incident.Incident {
		if set != want {
			t.Errorf("declare: set is %+v", set)
		}
		return incident.New(n, d, noon)
	})
	if err != nil || !made {
		t.Errorf("made %v, %v", made, err)
	}
	if err := edit(t, s, "K2", map[incident.Setting]string{"guests": "yes"}); err != nil {
		t.Fatal(err)
	}
	if looked, err := s.ChangeDue(t.Context(), noon, 10, time.Hour, nil); err != nil || looked != 0 {
		t.Errorf("another setting made %d due, %v", looked, err)
	}
}
