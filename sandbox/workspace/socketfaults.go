package workspace

import (
	"slices"
	"time"
)

// CutKind is the way in which sockets end.
type CutKind int

const (
	// Politely sends a close frame first.
	Politely CutKind = iota
	// Abruptly closes the TCP connection without a close frame.
	Abruptly
	// HalfOpen keeps the TCP connection, but nothing passes any more: no pings,
	// no envelopes, no acks. The socket still gets its share of deliveries.
	HalfOpen
)

// CutSockets ends the sockets with these ids, or all when none is given.
func (w *Workspace) CutSockets(kind CutKind, ids ...string) {
	for _, s := range w.chosen(ids) {
		if kind != HalfOpen {
			w.hangUp(s, kind == Politely)
			continue
		}
		w.mu.Lock()
		s.half = true
		w.touch()
		w.mu.Unlock()
	}
}

// Recycle ends the sockets as Slack does every few hours: a warning, then after
// the given time "refresh_requested" and the close. It returns at once.
func (w *Workspace) Recycle(warning time.Duration, ids ...string) {
	for _, s := range w.chosen(ids) {
		w.mu.Lock()
		w.spawn(func() { w.recycle(s, warning) })
		w.mu.Unlock()
	}
}

// DisableSocketMode tells all sockets "link_disabled" and closes them; until
// EnableSocketMode no socket can be opened.
func (w *Workspace) DisableSocketMode() {
	w.Fault(Fault{Method: "apps.connections.open", Times: -1, Kind: Refuse, Code: "forbidden_team"})
	for _, s := range w.chosen(nil) {
		_ = w.write(s, disconnect("link_disabled"))
		w.hangUp(s, true)
	}
}

// EnableSocketMode undoes DisableSocketMode.
func (w *Workspace) EnableSocketMode() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.faults = slices.DeleteFunc(w.faults, func(f *Fault) bool { return f.Method == "apps.connections.open" })
}

func (w *Workspace) chosen(ids []string) []*socket {
	w.mu.Lock()
	defer w.mu.Unlock()
	var found []*socket
	for _, s := range w.sockets {
		if len(ids) == 0 || slices.Contains(ids, s.id) {
			found = append(found, s)
		}
	}
	return found
}

// Hold keeps back all envelopes until the returned function is called; what
// waits longer than Config.AckTimeout comes late, as in a real outage.
func (w *Workspace) Hold() (release func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	gate := make(chan struct{})
	w.gate = gate
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if w.gate == gate {
			w.gate = nil
			close(gate)
		}
	}
}

// SendTwice lets the next n envelopes arrive twice.
func (w *Workspace) SendTwice(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.twice = n
}

// Reverse collects the next n envelopes and sends them in reverse order. When
// fewer come within a second, those are sent.
func (w *Workspace) Reverse(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.mix = n
	w.spawn(func() {
		w.pause(w.ctx, time.Second)
		w.flush()
	})
}

// reorder takes the frame if it is to be sent later, in another order.
func (w *Workspace) reorder(s *socket, f frame) bool {
	w.mu.Lock()
	taken := w.mix > 0
	if taken {
		w.mix--
		w.mixed = append(w.mixed, func() { _ = w.write(s, f) })
	}
	full := taken && w.mix == 0
	w.mu.Unlock()
	if full {
		w.flush()
	}
	return taken
}

func (w *Workspace) flush() {
	w.mu.Lock()
	frames := w.mixed
	w.mixed, w.mix = nil, 0
	w.mu.Unlock()
	for _, send := range slices.Backward(frames) {
		send()
	}
}
