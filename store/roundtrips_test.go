package store_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
	"muster/store"
)

// roundTrips counts what is sent to the database and waited for. A connection is
// prepared when the pool opens it, which it may do at any time and on the side, to
// have a spare one.
type roundTrips struct{ n atomic.Int64 }

func (r *roundTrips) TraceQueryStart(ctx context.Context, _ *pgx.Conn, query pgx.TraceQueryStartData) context.Context {
	if query.SQL != store.PreparesConnection {
		r.n.Add(1)
	}
	return ctx
}

func (r *roundTrips) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	r.n.Add(1)
	return ctx
}

func (r *roundTrips) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData)     {}
func (r *roundTrips) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (r *roundTrips) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

// Each act has a fixed number of round trips, however much there is to say: over a
// network each costs a millisecond, and people wait for some of them.
func TestRoundTrips(t *testing.T) {
	t.Parallel()
	trips := &roundTrips{}
	s, _ := fresh(t, store.WithTracer(trips))
	ctx := t.Context()
	other, number := declared(t, s, incident.SEV4).Number, declared(t, s, incident.SEV4).Number
	var c *incident.Claim
	refusal := incident.Errorf(incident.NothingToDo, "no")
	steps := []incident.StepState{
		{Step: "card", Error: "is_archived", Attempts: 1, Since: noon, NotBefore: noon}, {Step: "topic"}, {Step: "pin"},
	}
	posting := incident.Posting{Key: "card", Channel: "C1", TS: "1.1", Hash: "h", AttemptedAt: noon}
	for _, act := range []struct {
		name  string
		trips int64
		do    func() error
	}{
		{"declare", 3, func() error {
			d := declaration("trips")
			_, _, err := s.Declare(ctx, d, noon, build(d, noon))
			return err
		}},
		{"change", 3, func() error {
			_, err := s.Change(ctx, number, "T1", func(i *incident.Incident) error {
				i.Roles = []incident.Assignment{{Role: "commander", User: "U1", By: "U1", At: noon}, {Role: "lead", User: "U2", By: "U1", At: noon}}
				return i.SetSeverity(incident.SEV2, "U1", noon)
			})
			return err
		}},
		{"change both", 3, func() error {
			_, _, err := s.ChangeBoth(ctx, other, number, "T0", func(i, o *incident.Incident) error {
				o.Join("U1", noon)
				return i.Duplicate(o, "U1", noon)
			})
			return err
		}},
		{"the same change again: read, roll back", 2, func() error {
			_, err := s.Change(ctx, number, "T1", to(incident.SEV2))
			return err
		}},
		{"a refused change: read, roll back", 2, func() error {
			_, err := s.Change(ctx, number, "T2", func(*incident.Incident) error { return refusal })
			return ignore(err, refusal)
		}},
		{"incident", 1, func() error { _, err := s.Incident(ctx, number); return err }},
		{"definitions", 1, func() error { _, err := s.Definitions(ctx); return err }},
		{"list", 1, func() error { _, err := s.List(ctx, incident.Query{Limit: 10}); return err }},
		{"timeline page", 1, func() error { _, err := s.TimelinePage(ctx, number, 15, 0); return err }},
		{"in room", 1, func() error { _, err := s.InRoom(ctx, "C1"); return err }},
		{"room of", 1, func() error { _, err := s.RoomOf(ctx, number); return err }},
		{"trouble", 1, func() error { _, err := s.Trouble(ctx, number); return err }},
		{"nothing due", 3, func() error { _, err := s.ChangeDue(ctx, noon, 10, time.Hour, nil); return err }},
		{"make it due", 3, func() error {
			_, err := s.Change(ctx, number, "T3", func(i *incident.Incident) error {
				i.Cadence.Due.Reminder = noon
				return nil
			})
			return err
		}},
		{"due", 6, func() error {
			_, err := s.ChangeDue(ctx, noon, 10, time.Hour, func(*incident.Incident) bool { return false })
			return err
		}},
		{"claim", 1, func() (err error) { c, err = s.Claim(ctx, noon, lease); return err }},
		{"next claim", 1, func() error { _, _, err := s.NextClaim(ctx, noon); return err }},
		{"case", 1, func() error { _, err := s.Case(ctx, number); return err }},
		{"renew", 1, func() error { _, err := s.Renew(ctx, c, lease); return err }},
		{"begin room", 1, func() error { return s.BeginRoom(ctx, c, incident.RoomMain, "inc-1", noon) }},
		{"end room", 1, func() error {
			return s.EndRoom(ctx, c, incident.Room{Purpose: incident.RoomMain, ID: "C1", Name: "inc-1"})
		}},
		{"begin posting", 1, func() error { return s.BeginPosting(ctx, c, posting) }},
		{"looked", 1, func() error { return s.Looked(ctx, c, "card") }},
		{"end posting", 1, func() error { _, err := s.EndPosting(ctx, c, posting); return err }},
		{"begin edit", 1, func() error { return s.BeginEdit(ctx, c, "card") }},
		{"edited", 1, func() error { return s.Edited(ctx, c, "card", "h2", "", noon) }},
		{"begin deed", 1, func() error { return s.BeginDeed(ctx, c, "topic", "x", noon) }},
		{"end deed", 1, func() error { return s.EndDeed(ctx, c, incident.Deed{Key: "topic", Value: "x", DoneAt: noon}) }},
		{"release", 1, func() error { return s.Release(ctx, c, incident.Outcome{Done: true, Steps: steps}) }},
	} {
		before := trips.n.Load()
		if err := act.do(); err != nil {
			t.Fatalf("%s: %v", act.name, err)
		}
		if got := trips.n.Load() - before; got != act.trips {
			t.Errorf("%s: %d round trips, want %d", act.name, got, act.trips)
		}
	}
	if got := trouble(t, s, number); got != "card" {
		t.Errorf("steps on record: %s", got)
	}
}

// ignore drops the one error that was to be.
func ignore(err error, expected error) error {
	if err == expected {
		return nil
	}
	return err
}

// trouble names the steps that are stuck.
func trouble(t *testing.T, s *store.Store, number int64) (names string) {
	t.Helper()
	steps, err := s.Trouble(t.Context(), number)
	if err != nil {
		t.Fatal(err)
	}
	for _, st := range steps {
		names += st.Step
	}
	return names
}
