package workspace

import (
	"encoding/json"
	"net/http"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// ackLimit is the size from which Slack silently drops an app's frame (20 KB).
const ackLimit = 20 * 1024

// traffic is what is under way between the workspace and the app; Workspace.mu
// guards it.
type traffic struct {
	sockets  []*socket
	tickets  map[string]bool
	pending  map[string]*pendingAck // by envelope id
	inFlight int                    // Web API calls without an answer yet
	leaving  int                    // events whose first try is not over
	calls    []Record
	callN    int
	tiers    map[string]*tier
}

func newTraffic() traffic {
	return traffic{tickets: map[string]bool{}, pending: map[string]*pendingAck{}, tiers: map[string]*tier{}}
}

// pendingAck is an envelope that waits for its ack on the socket it went to.
type pendingAck struct {
	socket *socket
	answer chan json.RawMessage // buffered by one
}

// socket is one Socket Mode connection of the app.
type socket struct {
	id      string
	conn    *websocket.Conn
	frames  *watched
	done    chan struct{}
	closing sync.Once
	writing sync.Mutex
	half    bool // half-open: nothing passes any more; Workspace.mu guards it
	ready   bool // hello was sent, or is being; Workspace.mu guards it
	// replaced is whether the app was told that it is; Workspace.mu guards it.
	replaced bool
}

type frame map[string]any

// write sends one frame, unless the socket is half-open. An error means that
// the socket is broken.
func (w *Workspace) write(s *socket, f any) error {
	w.mu.Lock()
	half := s.half
	w.mu.Unlock()
	if half {
		return nil
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	return s.send(f)
}

// send writes a frame; the caller holds s.writing.
func (s *socket) send(f any) error {
	// The deadline frees the workspace from an app that has stopped reading.
	_ = s.conn.SetWriteDeadline(time.Now().Add(2 * time.Second))
	return s.conn.WriteJSON(f)
}

// serveSocket is the address that apps.connections.open gives out.
func (w *Workspace) serveSocket(rw http.ResponseWriter, r *http.Request) {
	ticket := r.URL.Query().Get("ticket")
	w.mu.Lock()
	valid := w.tickets[ticket]
	delete(w.tickets, ticket) // one ticket, one connection
	w.mu.Unlock()
	if !valid {
		http.Error(rw, "the ticket is unknown or was used before", http.StatusForbidden)
		return
	}
	// slack-go sends Slack's own origin, which is not this host's.
	// A read buffer of its own makes the library read through the watched connection.
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }, ReadBufferSize: 32 * 1024}
	through := &watcher{ResponseWriter: rw}
	conn, err := up.Upgrade(through, r, nil)
	if err != nil {
		return
	}
	s := &socket{conn: conn, frames: through.conn, done: make(chan struct{})}
	if w.greet(s) {
		w.read(s)
	}
	w.hangUp(s, false)
}

// greet admits the socket and says hello, or refuses it when there are too many.
func (w *Workspace) greet(s *socket) bool {
	w.mu.Lock()
	s.id = w.id("sock")
	n := len(w.sockets) + 1
	if n > w.cfg.MaxSockets || w.closed {
		w.mu.Unlock()
		_ = w.write(s, frame{
			"type": "disconnect", "reason": "too_many_websockets", "num_connections": n - 1,
			"debug_info": frame{"host": "applink-sandbox"}, "connection_info": frame{"app_id": w.appID},
		})
		return false
	}
	// Payloads may be meant for the socket from now on, but hello comes first:
	// the app counts on being heard as soon as it has read it.
	s.writing.Lock()
	w.sockets = append(w.sockets, s)
	s.ready = true
	w.mu.Unlock()
	err := s.send(frame{
		"type": "hello", "num_connections": n,
		"debug_info": frame{
			"host": "applink-sandbox", "build_number": 1,
			"approximate_connection_time": int(w.cfg.ConnectionLife.Seconds()),
		},
		"connection_info": frame{"app_id": w.appID},
	})
	s.writing.Unlock()
	w.mu.Lock()
	s.ready = err == nil
	w.spawn(func() { w.keepAlive(s) })
	w.touch()
	w.mu.Unlock()
	return err == nil
}

// keepAlive pings the app and recycles the socket at the end of its life.
func (w *Workspace) keepAlive(s *socket) {
	var pings, end <-chan time.Time // nil, and so never ready, when configured away
	if w.cfg.Ping > 0 {
		ticker := time.NewTicker(w.cfg.Ping)
		defer ticker.Stop()
		pings = ticker.C
	}
	warning := min(10*time.Second, w.cfg.ConnectionLife/2)
	if w.cfg.ConnectionLife > 0 {
		life := time.NewTimer(w.cfg.ConnectionLife - warning)
		defer life.Stop()
		end = life.C
	}
	for {
		select {
		case <-pings:
			w.mu.Lock()
			half := s.half
			w.mu.Unlock()
			if !half {
				_ = s.conn.WriteControl(websocket.PingMessage, []byte("ping"), time.Now().Add(time.Second))
			}
		case <-end:
			w.recycle(s, warning)
			return
		case <-s.done:
			return
		}
	}
}

// recycle warns, waits, asks the app to reconnect, and closes the socket.
func (w *Workspace) recycle(s *socket, warning time.Duration) {
	w.mu.Lock()
	s.replaced = true // libraries reconnect when they are warned
	w.mu.Unlock()
	_ = w.write(s, disconnect("warning"))
	timer := time.NewTimer(warning)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-s.done:
		return
	}
	_ = w.write(s, disconnect("refresh_requested"))
	w.hangUp(s, true)
}

func disconnect(reason string) frame {
	return frame{"type": "disconnect", "reason": reason, "debug_info": frame{"host": "applink-sandbox"}}
}

// read takes acks from the socket until it breaks.
func (w *Workspace) read(s *socket) {
	for {
		_, data, err := s.conn.ReadMessage()
		if err != nil {
			return
		}
		if s.frames.split() || len(data) >= ackLimit {
			continue
		}
		var ack struct {
			EnvelopeID string          `json:"envelope_id"`
			Payload    json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(data, &ack) == nil {
			w.acked(s, ack.EnvelopeID, ack.Payload)
		}
	}
}

// acked hands an ack to whoever waits for it. An ack that comes on another
// socket than its envelope went out on is not counted: Slack does not promise it.
func (w *Workspace) acked(s *socket, envelope string, payload json.RawMessage) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.touch() // an idle ack changes nothing here, but it shows that the app has heard
	p := w.pending[envelope]
	if p == nil || p.socket != s || s.half {
		return
	}
	delete(w.pending, envelope)
	p.answer <- payload
}

// hangUp forgets the socket and closes it, with or without a close frame.
func (w *Workspace) hangUp(s *socket, politely bool) {
	s.closing.Do(func() {
		w.mu.Lock()
		kept := w.sockets[:0:0]
		for _, other := range w.sockets {
			if other != s {
				kept = append(kept, other)
			}
		}
		w.sockets = kept
		w.touch()
		w.mu.Unlock()
		if politely {
			bye := websocket.FormatCloseMessage(websocket.CloseNormalClosure, "")
			_ = s.conn.WriteControl(websocket.CloseMessage, bye, time.Now().Add(time.Second))
		}
		_ = s.conn.Close()
		close(s.done)
	})
}

// Sockets lists the ids of the app's open sockets, oldest first.
func (w *Workspace) Sockets() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	ids := make([]string, 0, len(w.sockets))
	for _, s := range w.sockets {
		if s.ready {
			ids = append(ids, s.id)
		}
	}
	return ids
}

// openConnection is apps.connections.open. mu is held.
func (w *Workspace) openConnection(*call) (reply, error) {
	ticket := w.id("ticket")
	w.tickets[ticket] = true
	address := "ws" + w.base[len("http"):] + "/link/?ticket=" + ticket + "&app_id=" + w.appID
	return reply{"url": address}, nil
}
