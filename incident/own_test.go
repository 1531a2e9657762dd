package incident_test

import (
	"testing"
	"time"

	"muster/incident"
)

// What muster finds out by itself counts in a private incident, too; nobody else
// acts there without being in it, nor without saying who they are.
func TestMusterItselfKnowsOfPrivateIncidents(t *testing.T) {
	t.Parallel()
	store, d := newDesk(t, incident.Investigating, incident.SEV2)
	store.i.Private = true
	ctx, none := t.Context(), incident.Act{}
	store.i.Members = map[string]bool{"UBO": true}
	marked := incident.Mark{Way: incident.WayReaction, On: true, At: changedAt.Add(-time.Hour)}
	if _, err := d.Mark(ctx, 42, "C1", "1.1", saying("x"), marked, incident.Act{By: "UBO", Key: "1"}); err != nil {
		t.Fatal(err)
	}
	for name, act := range map[string]func() error{
		"follow":    func() error { _, err := d.Follow(ctx, 42, "C1", "1.1", saying("y"), none); return err },
		"unreacted": func() error { _, err := d.Unreacted(ctx, 42, "C1", "1.1", nil, 0, none); return err },
		"pins": func() error {
			_, err := d.Pins(ctx, 42, "C1", []incident.Pinned{{TS: "1.2", Said: *saying("z")}}, 0, none)
			return err
		},
	} {
		if err := act(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	store.i.Roles = []incident.Assignment{{Role: incident.Commander, User: "UBO"}}
	if err := d.Deactivated(ctx, "UBO", "E1"); err != nil || len(store.i.Roles) != 0 {
		t.Errorf("deactivated: %v, roles %v", err, store.i.Roles)
	}
	for _, by := range []string{"", "UOUT"} {
		if _, err := d.Note(ctx, 42, "hello", incident.Act{By: by, Key: "2"}); !incident.IsKind(err, incident.NotFound) {
			t.Errorf("%q notes something: %v", by, err)
		}
	}
}
