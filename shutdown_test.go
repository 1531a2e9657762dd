package main

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"muster/sandbox/workspace"
	"muster/store"
)

// A stop in the middle of a pass waits for the call in hand, keeps its result,
// and gives the claim back: the next program goes on at once, although the lease
// has an hour to run.
func TestStopFinishesTheCallInHand(t *testing.T) {
	t.Parallel()
	want := func() string {
		w := newWorld(t, workspace.Config{Seed: 7})
		w.start(impatient())
		return declareOne(w)
	}()
	for _, method := range []string{"conversations.create", "chat.postMessage", "bookmarks.add"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, workspace.Config{Seed: 7})
			long := impatient()
			long.lease = time.Hour
			arrived, answer := gate(w, method)
			first := w.start(long)
			_, err := w.ana.Slash(w.ctx, "general", "/incident new checkout returns 500")
			w.do(err)
			<-arrived
			stopped := make(chan struct{})
			go func() { first.stop(); close(stopped) }()
			w.eventually("no more hearing", func() bool { return len(w.Sockets()) == 0 })
			select {
			case <-stopped:
				t.Error("it did not wait for the call in hand")
			default:
			}
			begun := len(w.Calls())
			close(answer)
			<-stopped
			// What runs side by side may be just before its call.
			if late := len(w.Calls()) - begun; late > 0 && method == "conversations.create" {
				t.Errorf("%d calls were begun after the stop: %+v", late, w.Calls()[begun:])
			}
			if held := w.query(`SELECT count(*)::text FROM reconciliations WHERE claimed_until > now()`); held != "0" {
				t.Errorf("%s claims are still held", held)
			}
			w.start(long)
			w.rest()
			if got := lasted.ReplaceAllString(w.Dump(workspace.WithoutSystem), ""); got != want {
				t.Errorf("the world differs; undisturbed:\n%s\nstopped:\n%s", want, got)
			}
		})
	}
}

// gate holds the first answer of a method.
func gate(w *world, method string) (arrived, answer chan struct{}) {
	arrived, answer = make(chan struct{}), make(chan struct{})
	var once sync.Once
	w.OnCall(func(c workspace.Call) workspace.Verdict {
		if c.Method != method || c.Phase != workspace.After {
			return workspace.Verdict{}
		}
		first := false
		once.Do(func() { first = true })
		if !first {
			return workspace.Verdict{}
		}
		close(arrived)
		return workspace.Verdict{Wait: answer}
	})
	return arrived, answer
}

func declareOne(w *world) string {
	w.t.Helper()
	_, err := w.ana.Slash(w.ctx, "general", "/incident new checkout returns 500")
	w.do(err)
	w.shows(firstRoom, "Claim")
	w.rest()
	return lasted.ReplaceAllString(w.Dump(workspace.WithoutSystem), "")
}

// Whoever acted before the stop gets the receipt of it.
func TestStopSendsTheLastAcknowledgements(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 8})
	s := impatient()
	arrived, commit := make(chan struct{}), make(chan struct{})
	s.hook = store.Hook{Before: func(_ context.Context, act string) error {
		if act == "declare" {
			close(arrived)
			<-commit
		}
		return nil
	}}
	m := w.start(s)
	typed := make(chan error, 1)
	go func() {
		_, err := w.ana.Slash(w.ctx, "general", "/incident new checkout returns 500")
		typed <- err
	}()
	<-arrived
	stopped := make(chan struct{})
	go func() { m.stop(); close(stopped) }()
	select {
	case <-stopped:
		t.Error("it did not wait for the commit in hand")
	case err := <-typed:
		t.Errorf("answered before the commit: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	close(commit)
	if err := <-typed; err != nil {
		t.Errorf("no receipt: %v", err)
	}
	<-stopped
	if strings.Contains(w.Dump(), firstRoom) {
		t.Error("a pass was begun after the stop")
	}
}

// Who is told to stop before anything works has not failed, whatever broke by it.
func TestAStopDuringTheStartIsNoFailure(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	ctx, stop := context.WithCancel(w.ctx)
	s, cut := quick(), false
	s.hook.Before = func(context.Context, string) error {
		cut = true
		stop()
		return errors.New("write failed: broken pipe")
	}
	if err := run(ctx, w.config(), w.log, s); err != nil || !cut {
		t.Errorf("cut: %t, error: %v", cut, err)
	}
}
