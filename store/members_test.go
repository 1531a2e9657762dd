package store_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// Lists and single incidents are shown to the same people: those in the room of a
// private incident, and those who are to be added.
func TestWhoMayKnow(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	private := declaration("secret")
	private.Title, private.Private, private.By = "secret", true, "UANA"
	i, _, err := s.Declare(t.Context(), private, noon, build(private, noon))
	if err != nil {
		t.Fatal(err)
	}
	exec(t, address, `INSERT INTO assignments VALUES (1, 'commander', 'UBO', 'UBO', now())`)
	know := func(when string, want ...string) {
		t.Helper()
		i, err := s.Incident(t.Context(), i.Number)
		if err != nil {
			t.Fatal(err)
		}
		for _, person := range []string{"", "UANA", "UBO", "ULEE", "UOUT"} {
			for _, q := range []incident.Query{{}, {Scope: incident.ScopeAll}, {Scope: incident.ScopeAll, Words: "secret"}, {Scope: incident.ScopeAll, Words: "INC-1"}} {
				q.Viewer, q.Limit = person, 10
				page, err := s.List(t.Context(), q)
				if err != nil {
					t.Fatal(err)
				}
				expected := slices.Contains(want, person)
				if listed := page.Total == 1 && len(page.List) == 1; listed != expected || i.VisibleTo(person) != expected {
					t.Errorf("%s, %q: visible %t, listed %t by %+v", when, person, i.VisibleTo(person), listed, q)
				}
			}
			err := s.Subscribe(t.Context(), i.Number, person, true)
			if refused := incident.IsKind(err, incident.NotFound); refused == slices.Contains(want, person) {
				t.Errorf("%s, %q subscribes: %v", when, person, err)
			}
		}
	}
	know("before there is a room", "UANA", "UBO")
	exec(t, address, `INSERT INTO rooms (number, purpose, channel, name) VALUES (1, 'room', 'C1', 'inc-1'), (1, 'rca', 'C2', 'inc-1-rca')`)

	began := func() time.Time {
		now, err := s.Now(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return now
	}
	save := func(at time.Time, people ...string) {
		t.Helper()
		if err := s.SaveMembers(t.Context(), "C1", people, at); err != nil {
			t.Fatal(err)
		}
	}
	early := began()
	save(began(), "UANA", "UBO", "ULEE")
	know("with members", "UANA", "UBO", "ULEE")
	save(began(), "UANA", "ULEE")
	know("after one left", "UANA", "ULEE")
	save(early, "UBO", "UOUT")
	know("after an older list came late", "UANA", "ULEE")
	if err := s.SaveMember(t.Context(), 1, "UOUT"); err != nil {
		t.Fatal(err)
	}
	know("after somebody acted there", "UANA", "ULEE", "UOUT")
	rooms := func() string {
		list, err := s.PrivateRooms(t.Context(), began().Add(-time.Minute), time.Minute, 10)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(list)
	}
	if got := rooms(); got != "[]" {
		t.Errorf("to be read again: %s", got)
	}
	if err := s.ForgetMembers(t.Context()); err != nil {
		t.Fatal(err)
	}
	know("after a time without hearing")
	if got := rooms(); got != "[C1]" {
		t.Errorf("to be read again: %s", got)
	}
	save(began(), "ULEE")
	know("read again", "ULEE")
	if err := s.PutMembersOff(t.Context(), "C1", began()); err != nil {
		t.Fatal(err)
	}
	know("Slack does not say", "ULEE")
	for number, want := range map[int64]string{1: "C1", 2: ""} {
		if got, _, err := s.PrivateRoom(t.Context(), number); got != want || err != nil {
			t.Errorf("the room of %d: %q, %v", number, got, err)
		}
	}
}

// Two lists that are saved at once are in order, whoever comes and goes meanwhile.
func TestMembersSavedAtOnce(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	private := declaration("secret")
	private.Private = true
	i, _, err := s.Declare(t.Context(), private, noon, build(private, noon))
	if err != nil {
		t.Fatal(err)
	}
	exec(t, address, `INSERT INTO rooms (number, purpose, channel, name) VALUES (1, 'room', 'C1', 'inc-1')`)
	ctx := t.Context()
	first, err := s.Now(ctx)
	if err != nil {
		t.Fatal(err)
	}
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	// The list with UKIM holds the room, and the one without waits for it.
	tx, err := conn.Begin(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, sql := range []string{
		`UPDATE rooms SET members_at = $1 WHERE channel = 'C1'`,
		`INSERT INTO members (number, person, present) SELECT 1, 'UKIM', true WHERE $1::timestamptz IS NOT NULL`,
	} {
		if _, err := tx.Exec(ctx, sql, first); err != nil {
			t.Fatal(err)
		}
	}
	saved := make(chan error, 1)
	go func() { saved <- s.SaveMembers(ctx, "C1", []string{"UANA"}, first.Add(time.Millisecond)) }()
	eventually(t, "the list waits", func() bool {
		return query(t, address, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`) == "1"
	})
	if err := tx.Commit(ctx); err != nil {
		t.Fatal(err)
	}
	if err := <-saved; err != nil {
		t.Fatal(err)
	}
	if i, err = s.Incident(ctx, i.Number); err != nil || i.VisibleTo("UKIM") || !i.VisibleTo("UANA") {
		t.Errorf("members are %v, %v", i.Members, err)
	}
}
