package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// keeper starts another muster as soon as one has died, as a supervisor does.
type keeper struct {
	w      *world
	deaths atomic.Int64

	mu    sync.Mutex
	life  *life
	lives []*life
}

// life is one run of the program under a keeper.
type life struct {
	n     int64 // how many died before
	m     *victim
	ready chan struct{} // closed when it hears
}

// keep runs musters until the test ends. The first one dies at the first cut, the
// next at the second; those after the last cut live.
func (w *world) keep(s seams, at ...cut) *keeper {
	w.t.Helper()
	k := &keeper{w: w}
	ctx, stop := context.WithCancel(w.ctx)
	ended := make(chan struct{})
	begin := func() {
		here := cut{}
		if len(at) > 0 {
			here, at = at[0], at[1:]
		}
		k.begin(here)
	}
	begin()
	go func() {
		defer close(ended)
		for k.live(ctx, s) {
			begin()
		}
	}()
	w.t.Cleanup(func() {
		stop()
		<-ended
	})
	k.recover()
	return k
}

func (k *keeper) begin(at cut) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.life = &life{n: k.deaths.Load(), ready: make(chan struct{})}
	k.life.m = newVictim(at, func() { k.deaths.Add(1) })
	k.lives = append(k.lives, k.life)
}

func (k *keeper) present() *life {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.life
}

// live runs the present life to its end and reports whether it died.
func (k *keeper) live(ctx context.Context, s seams) bool {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l := k.present()
	defer context.AfterFunc(l.m.death, cancel)()
	s = l.m.through(s)
	s.now = k.w.clock.now
	var once sync.Once
	s.hello = func() { once.Do(func() { close(l.ready) }) }
	err := run(ctx, k.w.config(), testLog(k.w.t), s)
	if !l.m.dead() && err != nil {
		k.w.t.Errorf("muster: %v", err)
	}
	return l.m.dead()
}

// recover waits until a muster hears that has outlived all deaths so far.
func (k *keeper) recover() {
	k.w.t.Helper()
	for deadline := time.After(patience); ; {
		l := k.present()
		select {
		case <-l.ready:
			if l.n == k.deaths.Load() {
				return
			}
			select {
			case <-l.m.death.Done():
			case <-time.After(time.Millisecond):
			}
		case <-time.After(5 * time.Millisecond):
		case <-deadline:
			k.w.t.Fatal("no muster came back")
		}
	}
}
