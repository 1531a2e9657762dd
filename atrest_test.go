package main

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/sandbox/workspace"
	"muster/store"
)

// asked counts what is asked of the database.
type asked struct{ atomic.Int64 }

func (a *asked) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	a.Add(1)
	return ctx
}

func (a *asked) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	a.Add(1)
	return ctx
}

func (a *asked) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData)     {}
func (a *asked) TraceBatchQuery(context.Context, *pgx.Conn, pgx.TraceBatchQueryData) {}
func (a *asked) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData)     {}

// At rest a program leaves the database nearly alone, with all the real intervals: of
// what happens it is told. In the worst ten seconds it tries whether it is told (1),
// looks all the same (3), ticks (4) and looks for records of members (1).
func TestAtRestTheDatabaseIsLeftAlone(t *testing.T) {
	t.Parallel()
	const window, most, windows = 10 * time.Second, 10, 6
	w, n := newWorld(t, workspace.Config{}), &asked{}
	s := quick()
	s.database = []store.Option{store.WithTracer(n)}
	w.start(s)
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #inc-1"))
	w.rest()
	var counts []int64
	for range windows {
		before := n.Load()
		<-time.After(window)
		counts = append(counts, n.Load()-before)
		if counts[len(counts)-1] <= most {
			t.Logf("questions each %s: %v", window, counts)
			return
		}
	}
	t.Errorf("questions each %s: %v, want %d", window, counts, most)
}
