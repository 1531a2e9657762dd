package workspace

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// ErrNoSocket means that the app had no socket open: the person sees at once
// that the app did not respond.
var ErrNoSocket = errors.New("the app has no socket open")

// ErrNoAck means that the app did not acknowledge within Config.AckTimeout
// (3 s): the person sees an error.
var ErrNoAck = errors.New("the app did not acknowledge in time")

// ErrReplaced is an ErrNoAck that the app could not avoid: Slack replaced the socket
// on which the envelope went out.
var ErrReplaced = fmt.Errorf("%w: its socket was replaced", ErrNoAck)

// lostAfter is how long an envelope waits for its ack at most once its socket is gone,
// on which alone it could come.
const lostAfter = 3 * time.Second

// envelope is one delivery to the app.
type envelope struct {
	kind    string // "events_api", "slash_commands" or "interactive"
	payload any
	accepts bool // an ack may carry a payload
	attempt int
	reason  string
}

// send puts an envelope on a random socket and waits for its ack; the answer is
// the ack's payload. No lock is held.
func (w *Workspace) send(e envelope) (json.RawMessage, error) {
	w.mu.Lock()
	s := w.pick()
	if s == nil {
		w.mu.Unlock()
		return nil, ErrNoSocket
	}
	id := w.uuid()
	p := &pendingAck{socket: s, answer: make(chan json.RawMessage, 1)}
	w.pending[id] = p
	f := frame{
		"envelope_id": id, "type": e.kind, "payload": e.payload,
		"accepts_response_payload": e.accepts,
	}
	if e.kind == "events_api" {
		f["retry_attempt"], f["retry_reason"] = e.attempt, e.reason
	}
	w.spawn(func() { w.post(s, f) })
	w.touch()
	w.mu.Unlock()

	deadline := time.Now().Add(w.cfg.AckTimeout)
	timer := time.NewTimer(w.cfg.AckTimeout)
	defer timer.Stop()
	gone := s.done
	for {
		select {
		case payload := <-p.answer:
			if !e.accepts {
				payload = nil
			}
			return payload, nil
		case <-gone:
			gone = nil
			timer.Reset(min(time.Until(deadline), lostAfter))
			continue
		case <-timer.C:
		case <-w.ctx.Done():
		}
		return nil, w.giveUp(id, s)
	}
}

// giveUp stops waiting for an ack.
func (w *Workspace) giveUp(id string, s *socket) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.pending, id)
	w.touch()
	if s.replaced {
		return ErrReplaced
	}
	return ErrNoAck
}

// post writes the frame as the socket faults order it: later, twice, or in
// another order.
func (w *Workspace) post(s *socket, f frame) {
	w.pause(w.ctx, w.jitter())
	w.mu.Lock()
	gate := w.gate
	w.mu.Unlock()
	if gate != nil {
		select {
		case <-gate:
		case <-w.ctx.Done():
			return
		}
	}
	w.mu.Lock()
	times := 1
	if w.twice > 0 {
		w.twice--
		times = 2
	}
	w.mu.Unlock()
	if w.reorder(s, f) {
		return
	}
	for range times {
		if w.write(s, f) != nil {
			w.hangUp(s, false)
			return
		}
	}
}

// pick chooses one socket at random, without any affinity, as Slack does. A
// half-open socket still gets its share. mu is held.
func (w *Workspace) pick() *socket {
	var ready []*socket
	for _, s := range w.sockets {
		if s.ready {
			ready = append(ready, s)
		}
	}
	if len(ready) == 0 {
		return nil
	}
	return ready[w.rng.IntN(len(ready))]
}

func (w *Workspace) uuid() string {
	a, b := w.rng.Uint64(), w.rng.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x",
		uint32(a), uint16(a>>32), uint16(a>>48)&0xfff, uint16(b)&0x3fff|0x8000, b>>16)
}
