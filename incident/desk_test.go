package incident_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/incident"
)

// desk is a DeskStore of one incident, in memory. It exists for what the Desk
// itself decides; what a real store must keep is tested on a real database.
type desk struct {
	i    incident.Incident
	book incident.Book
	told map[string]map[string]bool
	// between is run after each change that was refused, as if somebody else
	// came in between.
	between func()
	failing error
}

func (d *desk) Declare(_ context.Context, _ incident.Declaration, _ time.Time, build func(int64, incident.Set) *incident.Incident) (*incident.Incident, bool, error) {
	return build(1, d.book.Set()), true, d.failing
}

func (d *desk) Book(context.Context) (*incident.Book, error) { return &d.book, d.failing }

func (d *desk) ChangeBook(_ context.Context, _ string, fn func(*incident.Book) error) error {
	b := d.book
	b.Definitions = copied(b.Definitions)
	if err := fn(&b); err != nil {
		if d.between != nil {
			d.between()
		}
		return err
	}
	last := map[incident.Setting]incident.SettingChange{}
	maps.Copy(last, b.Last)
	for _, c := range b.News() {
		last[c.Setting] = c
	}
	b.Last = last
	d.book = b
	return d.failing
}

func copied(d incident.Definitions) incident.Definitions {
	d.Roles, d.Retired, d.Severities = slices.Clone(d.Roles), slices.Clone(d.Retired), slices.Clone(d.Severities)
	return d
}

func (d *desk) Hurry(context.Context, int64) error { return d.failing }

func (d *desk) Change(_ context.Context, _ int64, _ string, fn func(*incident.Incident) error) (*incident.Incident, error) {
	i := d.i
	i.Set = d.book.Set()
	if err := fn(&i); err != nil {
		if d.between != nil {
			d.between()
		}
		return nil, err
	}
	i.News()
	d.i = i
	return &i, nil
}

func (d *desk) ChangeBoth(ctx context.Context, number, other int64, key string, fn func(i, other *incident.Incident) error) (*incident.Incident, *incident.Incident, error) {
	o, err := d.Incident(ctx, other)
	if err != nil {
		return nil, nil, err
	}
	i, err := d.Change(ctx, number, key, func(i *incident.Incident) error { return fn(i, o) })
	return i, o, err
}

func (d *desk) ChangeDue(_ context.Context, _ time.Time, _ int, _ time.Duration, fn func(*incident.Incident) bool) (int, error) {
	if d.failing == nil {
		d.i.Set = d.book.Set()
		fn(&d.i)
	}
	return 1, d.failing
}

func (d *desk) Incident(_ context.Context, number int64) (*incident.Incident, error) {
	if number > 42 {
		return nil, incident.Errorf(incident.NotFound, "There is no incident %d that you can see.", number)
	}
	original := d.i
	original.Number = number
	return &original, d.failing
}

func (d *desk) Subscribe(context.Context, int64, string, bool) error { return d.failing }

func (d *desk) Definitions(context.Context) (incident.Definitions, error) {
	return d.book.Definitions, d.failing
}

func (d *desk) HeldBy(context.Context, string) ([]int64, error) { return []int64{42}, d.failing }

func (d *desk) Resync(context.Context, int64, time.Time) error { return d.failing }

func (d *desk) RaiseChecks(context.Context, time.Time, time.Duration, int) error { return d.failing }

func (d *desk) Told(_ context.Context, key, try string) (bool, error) {
	tries := d.told[key]
	if tries == nil {
		tries = map[string]bool{}
		d.told[key] = tries
	}
	known := len(tries) > 1 || len(tries) == 1 && !tries[try]
	tries[try] = true
	return known, d.failing
}

func newDesk(t *testing.T, status incident.Status, severity incident.Severity) (*desk, *incident.Desk) {
	store := &desk{i: *at(t, status, severity), book: incident.Book{Definitions: stock()}, told: map[string]map[string]bool{}}
	return store, incident.NewDesk(store, func() time.Time { return changedAt }, incident.Rules{First: 30 * time.Minute, Every: 25 * time.Minute})
}

func wantMoved(t *testing.T, err error, field string, who string, words ...string) {
	t.Helper()
	refusal, ok := errors.AsType[*incident.Error](err)
	if !ok || refusal.Kind != incident.Conflict || refusal.Field != field || refusal.Who != who {
		t.Fatalf("error %+v, want a conflict of field %s by %s", err, field, who)
	}
	for _, word := range append(words, "{who}") {
		if !strings.Contains(refusal.Message, word) {
			t.Errorf("%q does not say %q", refusal.Message, word)
		}
	}
}

func TestMovedMeanwhileThenInsists(t *testing.T) {
	t.Parallel()
	store, d := newDesk(t, incident.Investigating, incident.SEV2)
	act := incident.Act{By: "UBO", Key: "V1", Try: "T1"}
	_, err := d.SetSeverity(t.Context(), 42, incident.SEV3, incident.SEV4, act)
	wantMoved(t, err, "severity", "ULEE", "SEV2")
	if store.i.Severity != incident.SEV2 {
		t.Fatal("the first sending has already changed it")
	}
	_, err = d.SetSeverity(t.Context(), 42, incident.SEV3, incident.SEV4, act)
	wantMoved(t, err, "severity", "ULEE", "SEV2")
	act.Try = "T2"
	i, err := d.SetSeverity(t.Context(), 42, incident.SEV3, incident.SEV4, act)
	if err != nil || i.Severity != incident.SEV3 {
		t.Errorf("insisting: %v, %v", i, err)
	}
}

func TestStatusMovedMeanwhileThenInsists(t *testing.T) {
	t.Parallel()
	_, d := newDesk(t, incident.Identified, incident.SEV2)
	act := incident.Act{By: "UBO", Key: "V1", Try: "T1"}
	_, err := d.SetStatus(t.Context(), 42, incident.Monitoring, incident.Investigating, act)
	wantMoved(t, err, "status", "UANA", "Identified")
	act.Try = "T2"
	i, err := d.SetStatus(t.Context(), 42, incident.Monitoring, incident.Investigating, act)
	if err != nil || i.Status != incident.Monitoring {
		t.Errorf("insisting: %v, %v", i, err)
	}
}

// Whoever insists overrules the value that they were told of, and no other.
func TestInsistsOnlyOnWhatWasTold(t *testing.T) {
	t.Parallel()
	store, d := newDesk(t, incident.Investigating, incident.SEV2)
	act := incident.Act{By: "UBO", Key: "V1", Try: "T1"}
	_, err := d.SetSeverity(t.Context(), 42, incident.SEV3, incident.SEV4, act)
	wantMoved(t, err, "severity", "ULEE", "SEV2")

	act.Try = "T2"
	store.i.Severity, store.i.SeverityBy = incident.SEV1, "UANA"
	_, err = d.SetSeverity(t.Context(), 42, incident.SEV3, incident.SEV4, act)
	wantMoved(t, err, "severity", "UANA", "SEV1")
	if store.i.Severity != incident.SEV1 {
		t.Fatal("an untold value was overruled")
	}
}

// The same, when the value moves between the look and the change.
func TestInsistsOnlyOnWhatWasToldEvenInARace(t *testing.T) {
	t.Parallel()
	store, d := newDesk(t, incident.Investigating, incident.SEV2)
	act := incident.Act{By: "UBO", Key: "V1", Try: "T1"}
	_, err := d.SetSeverity(t.Context(), 42, incident.SEV3, incident.SEV4, act)
	wantMoved(t, err, "severity", "ULEE", "SEV2")

	act.Try = "T2"
	store.between = func() { store.i.Severity, store.i.SeverityBy = incident.SEV1, "UANA" }
	_, err = d.SetSeverity(t.Context(), 42, incident.SEV3, incident.SEV4, act)
	wantMoved(t, err, "severity", "UANA", "SEV1")
	if store.i.Severity != incident.SEV1 {
		t.Error("an untold value was overruled")
	}
}

func TestToldIsOfOneFormOfOneIncident(t *testing.T) {
	t.Parallel()
	_, d := newDesk(t, incident.Investigating, incident.SEV2)
	_, err := d.SetSeverity(t.Context(), 42, incident.SEV3, incident.SEV4, incident.Act{By: "UBO", Key: "V1"})
	wantMoved(t, err, "severity", "ULEE", "SEV2")
	_, err = d.SetSeverity(t.Context(), 42, incident.SEV3, incident.SEV4, incident.Act{By: "UBO", Key: "V2"})
	wantMoved(t, err, "severity", "ULEE", "SEV2")
	_, err = d.SetSeverity(t.Context(), 43, incident.SEV3, incident.SEV4, incident.Act{By: "UBO", Key: "V1"})
	wantMoved(t, err, "severity", "ULEE", "SEV2")
}

func TestNotMovedIsNotTold(t *testing.T) {
	t.Parallel()
	for name, shown := range map[string]incident.Severity{"same as shown": incident.SEV2, "nothing shown": 0} {
		_, d := newDesk(t, incident.Investigating, incident.SEV2)
		if i, err := d.SetSeverity(t.Context(), 42, incident.SEV1, shown, incident.Act{By: "UBO", Key: "V"}); err != nil || i.Severity != incident.SEV1 {
			t.Errorf("%s: %v, %v", name, i, err)
		}
	}
	_, d := newDesk(t, incident.Investigating, incident.SEV2)
	_, err := d.SetSeverity(t.Context(), 42, incident.SEV2, incident.SEV4, incident.Act{By: "UBO", Key: "V"})
	if !incident.IsKind(err, incident.NothingToDo) {
		t.Errorf("somebody else did the same: %v, want nothing to do", err)
	}
}

func TestDeskChecksBeforeItDeclares(t *testing.T) {
	t.Parallel()
	_, d := newDesk(t, incident.Investigating, incident.SEV4)
	if _, made, err := d.Declare(t.Context(), incident.Declaration{Title: " "}, false); made || !incident.IsKind(err, incident.Invalid) {
		t.Errorf("made %v, %v", made, err)
	}
}

func TestClaimFindsTheRole(t *testing.T) {
	t.Parallel()
	store, d := newDesk(t, incident.Investigating, incident.SEV4)
	i, role, err := d.Claim(t.Context(), 42, "IC", incident.Act{By: "UBO", Key: "T"})
	if err != nil || role.Key != incident.Commander {
		t.Fatalf("%v, %v", role, err)
	}
	if held, ok := i.Holder(incident.Commander); !ok || held.User != "UBO" {
		t.Errorf("held by %+v", held)
	}
	if _, _, err := d.Claim(t.Context(), 42, "boss", incident.Act{By: "UBO"}); !incident.IsKind(err, incident.Invalid) {
		t.Errorf("claimed an unknown role: %v", err)
	}
	store.failing = errors.New("away")
	if _, _, err := d.Claim(t.Context(), 42, "IC", incident.Act{By: "UBO"}); !errors.Is(err, store.failing) {
		t.Errorf("error %v, want the store's", err)
	}
}
