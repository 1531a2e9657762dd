package store_test

import (
	"context"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// ended begins a transaction that takes a lock, lets another run into it, and then
// takes what that one holds. It gives the other's error. The other waits first, and is
// the one that PostgreSQL ends.
func ended(t *testing.T, address string, other func() error, first, then string) error {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	// PostgreSQL ends whoever looks first whether the wait is a ring.
	if _, err := conn.Exec(t.Context(), `SET deadlock_timeout = '1min'`); err != nil {
		t.Fatal(err)
	}
	tx, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec(t.Context(), first); err != nil {
		t.Fatal(err)
	}
	var outcome error
	var group sync.WaitGroup
	group.Go(func() { outcome = other() })
	eventually(t, "the other waits", func() bool { return query(t, address, waiting) == "1" })
	if _, err := tx.Exec(t.Context(), then); err != nil {
		t.Fatalf("this one was ended instead: %v", err)
	}
	if err := tx.Commit(t.Context()); err != nil {
		t.Fatal(err)
	}
	group.Wait()
	return outcome
}

// Somebody acts in the moment in which a step notes that the room became private: both
// come to pass, and the person hears of no error.
func TestAVerbThatCrossesAStepIsDoneAgain(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	number, key := declared(t, s, incident.SEV4).Number, nextKey()
	runs := 0
	err := ended(t, address, func() error {
		_, err := s.Change(t.Context(), number, key, func(i *incident.Incident) error {
			runs++
			return i.SetSeverity(incident.SEV2, "UANA", noon)
		})
		return err
	}, `UPDATE reconciliations SET claimed_until = now() WHERE subject = 'incident:1'`, `UPDATE incidents SET private = true WHERE number = 1`)
	if err != nil || runs < 2 {
		t.Errorf("after %d runs: %v", runs, err)
	}
	if got := query(t, address, `SELECT concat_ws(' ', private, severity, (SELECT count(*) FROM entries WHERE act_key = $1)) FROM incidents`, key); got != "t 2 1" {
		t.Errorf("the incident is %s", got)
	}
}

// A hint about a channel crosses the step that follows the one before.
func TestAHintThatCrossesAStepIsDoneAgain(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	declared(t, s, incident.SEV4)
	query(t, address, `WITH made AS (INSERT INTO rooms (number, purpose, name, channel) VALUES (1, 'room', 'inc-1', 'C1') RETURNING 1) SELECT count(*)::text FROM made`)
	err := ended(t, address, func() error { return s.Noticed(t.Context(), "C1", "UANA", false) },
		`UPDATE reconciliations SET claimed_until = now() WHERE subject = 'incident:1'`, `UPDATE rooms SET looked = noticed`)
	if err != nil {
		t.Error(err)
	}
	if got := query(t, address, `SELECT concat_ws(' ', noticed, (SELECT wanted FROM reconciliations)) FROM rooms`); got != "1 2" {
		t.Errorf("noticed and wanted are %s", got)
	}
}
