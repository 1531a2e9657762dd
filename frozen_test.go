package main

import (
	"context"
	"io"
	"net/http"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"muster/bot"
	"muster/sandbox/workspace"
	"muster/store"
)

// frozen is a program that stands still in front of one call, as one whose
// machine is paused: neither calls nor commits go on until it thaws.
type frozen struct {
	base   *http.Transport
	at     func(method, body string) bool
	cold   atomic.Bool
	froze  chan struct{}
	resume func() // lets the one call go
	thaw   func() // lets everything go

	resumed, thawed chan struct{}
}

func freezeAt(at func(method, body string) bool) *frozen {
	f := &frozen{
		base: &http.Transport{}, at: at,
		froze: make(chan struct{}), resumed: make(chan struct{}), thawed: make(chan struct{}),
	}
	f.resume = sync.OnceFunc(func() { close(f.resumed) })
	f.thaw = sync.OnceFunc(func() { close(f.thawed) })
	return f
}

// start starts the program. It thaws at the latest when the test ends.
func (f *frozen) start(w *world) {
	w.t.Helper()
	w.start(f.seams())
	w.t.Cleanup(func() {
		f.resume()
		f.thaw()
	})
}

func (f *frozen) seams() seams {
	s := impatient()
	s.transport = f
	s.hook = store.Hook{Before: func(context.Context, string) error { f.still(); return nil }}
	return s
}

// RoundTrip holds the call. A paused program's deadlines are paused with it.
func (f *frozen) RoundTrip(req *http.Request) (*http.Response, error) {
	if !f.cold.Load() && f.at(path.Base(req.URL.Path), sent(req)) && f.cold.CompareAndSwap(false, true) {
		close(f.froze)
		<-f.resumed
		req = req.WithContext(context.WithoutCancel(req.Context()))
	} else {
		f.still()
	}
	return f.base.RoundTrip(req)
}

func (f *frozen) CloseIdleConnections() { f.base.CloseIdleConnections() }

// stands reports whether it stands still.
func (f *frozen) stands() bool {
	select {
	case <-f.froze:
		return true
	default:
		return false
	}
}

func (f *frozen) still() {
	if f.cold.Load() {
		<-f.thawed
	}
}

// sent reads what a request holds, without consuming it.
func sent(req *http.Request) string {
	if req.GetBody == nil {
		return ""
	}
	body, err := req.GetBody()
	if err != nil {
		return ""
	}
	defer func() { _ = body.Close() }()
	text, _ := io.ReadAll(body)
	return string(text)
}

// A replica stands still between noting that it posts the card and posting it,
// for longer than its lease. Another one takes over and posts the card. Then the
// first one goes on: its card is taken away again, and it begins nothing more.
func TestALateMessageIsTakenAway(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 5, AckTimeout: bot.AckWithin})
	f := freezeAt(func(method, body string) bool {
		return method == "chat.postMessage" && strings.Contains(body, "%3Acard%22")
	})
	f.start(w)
	s := alone(w)
	s.until("it stands still", f.stands, s.types(w.ana, "general", "/incident new checkout returns 500"))
	w.CutSockets(workspace.HalfOpen) // it does not hear either
	w.start(impatient())
	w.shows(firstRoom, "Claim")
	w.rest()
	want := w.Dump(workspace.WithoutSystem)
	f.resume()
	w.eventually("a second card", func() bool { return strings.Count(w.ana.Sees(firstRoom), "Declared by") == 2 })
	f.thaw()
	w.eventually("one card", func() bool { return strings.Count(w.ana.Sees(firstRoom), "Declared by") == 1 })
	// What else it had begun is taken away, too.
	w.eventually("the world as before:\n"+want, func() bool { return w.Dump(workspace.WithoutSystem) == want })
	w.rest()
}

// An edit that comes after a newer one is found out and made good.
func TestALateEditIsMadeGood(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 6, AckTimeout: time.Second})
	f := freezeAt(func(method, body string) bool {
		return method == "chat.update" && strings.Contains(body, "SEV2") && strings.Contains(body, w.ChannelID("incidents"))
	})
	f.start(w)
	s := alone(w)
	s.until("the room", s.reads(w.ana, firstRoom, "Claim"), s.types(w.ana, "general", "/incident new checkout returns 500"))
	w.rest()
	s.until("it stands still", f.stands, s.types(w.ana, firstRoom, "/incident severity sev2"))
	w.CutSockets(workspace.HalfOpen) // it does not hear either
	w.start(impatient())
	s.trust = patience
	s.until("SEV3", func() bool { return strings.Contains(w.bo.Sees("incidents"), "SEV3 ·") }, s.types(w.ana, firstRoom, "/incident severity sev3"))
	w.rest()
	f.resume()
	w.shows("incidents", "SEV2 ·")
	f.thaw()
	w.shows("incidents", "SEV3 ·")
	w.rest()
}
