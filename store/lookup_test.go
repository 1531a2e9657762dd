package store_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/incident"
)

func TestOpenIncidentsAreListed(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	if list, total, err := s.Open(t.Context(), 10, 0); len(list) != 0 || total != 0 || err != nil {
		t.Errorf("of none: %+v, %d, %v", list, total, err)
	}
	for _, severity := range []incident.Severity{4, 2, 1, 2} {
		declared(t, s, severity)
	}
	exec(t, address, `
		INSERT INTO rooms (number, purpose, channel, name) VALUES (2, 'room', 'C2', 'inc-2'), (2, 'rca', 'C3', 'inc-2-rca');
		INSERT INTO assignments VALUES (2, 'commander', 'UBO', 'UBO', now()), (2, 'lead', 'UANA', 'UANA', now())`)
	if _, err := s.Change(t.Context(), 3, "", func(i *incident.Incident) error { return i.Resolve("x", "U", noon) }); err != nil {
		t.Fatal(err)
	}
	item := func(number int64, severity incident.Severity) incident.Listed {
		return incident.Listed{Number: number, Title: "db down", Severity: severity, Status: incident.Investigating, DeclaredAt: noon, Total: 3}
	}
	second := item(2, 2)
	second.Room, second.Commander = "C2", "UBO"
	all := []incident.Listed{second, item(4, 2), item(1, 4)}
	for _, c := range []struct {
		limit, offset int
		want          []incident.Listed
	}{{10, 0, all}, {2, 0, all[:2]}, {2, 2, all[2:]}, {2, 4, []incident.Listed{}}} {
		list, total, err := s.Open(t.Context(), c.limit, c.offset)
		if d := cmp.Diff(c.want, list); err != nil || total != 3 || d != "" {
			t.Errorf("%d from %d: total %d, %v (-want +got):\n%s", c.limit, c.offset, total, err, d)
		}
	}
}
