package main

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/sandbox/workspace"
	"muster/store/storetest"
)

func TestTwoReplicasTellTheSameTale(t *testing.T) {
	t.Parallel()
	want := undisturbed(t)
	w := taleWorld(t, workspace.Config{Seed: 2})
	w.start(impatient())
	w.start(impatient())
	same(t, want, alone(w).tell())
}

// Each replica is replaced while the other one works, twice over.
func TestReplicasAreReplacedInTheMiddle(t *testing.T) {
	t.Parallel()
	want := undisturbed(t)
	w := taleWorld(t, workspace.Config{Seed: 3})
	replicas := []*muster{w.start(impatient()), w.start(impatient())}
	s := alone(w)
	s.trust = patience
	s.between = func(chapter int) {
		if chapter > 1 {
			replicas[chapter%2].stop()
			replicas[chapter%2] = w.start(impatient())
		}
	}
	same(t, want, s.tell())
}

// The only replica is replaced before each act, while the last one's work may
// still be in hand: the next one goes on at once, not after the lease.
func TestTheOnlyReplicaIsReplaced(t *testing.T) {
	t.Parallel()
	want := undisturbed(t)
	w := taleWorld(t, workspace.Config{Seed: 4})
	patient := impatient()
	patient.lease = time.Hour
	only := w.start(patient)
	s := alone(w)
	s.between = func(chapter int) {
		only.stop()
		only = w.start(patient)
	}
	same(t, want, s.tell())
}

func TestEightReplicasStartTogether(t *testing.T) {
	t.Parallel()
	const replicas = 8
	w := newWorldOn(t, workspace.Config{MaxSockets: 2 * (replicas + 1)}, storetest.Empty(t))
	var all sync.WaitGroup
	for range replicas {
		all.Go(func() { w.start(impatient()) })
	}
	all.Wait()
	stock, err := stockDefinitions("")
	w.do(err)
	const count = `SELECT concat_ws(' ', (SELECT count(*) FROM installation), (SELECT count(*) FROM roles), (SELECT count(*) FROM severities))`
	if got, want := w.query(count), fmt.Sprintf("1 %d %d", len(stock.Roles), len(stock.Severities)); got != want {
		t.Errorf("installations, roles and severities: %s, want %s", got, want)
	}
	conn, err := pgx.Connect(w.ctx, w.dsn)
	w.do(err)
	_, err = conn.Exec(w.ctx, `UPDATE roles SET definition = 'ours'`)
	w.do(err)
	w.do(conn.Close(w.ctx))
	w.start(impatient())
	if got := w.query(`SELECT string_agg(DISTINCT definition, ',') FROM roles`); got != "ours" {
		t.Errorf("a later start wrote %q over what administrators had changed", got)
	}
}
