package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack/socketmode"
)

// QuietLimit is how long nothing may come over a connection that hears: Slack sends
// pings, which are expected at least as often. The library gives such a connection up
// only after once or twice this time.
const QuietLimit = 30 * time.Second

const (
	// awayLeast is how long Slack is away before it is worth a line that it is back.
	awayLeast = 2 * time.Second
	// handshakeLimit bounds the opening of a connection.
	handshakeLimit = 30 * time.Second
	// writeBuffer is the library's own: an answer goes out in one frame up to this size,
	// and Slack does not take more than one.
	writeBuffer = 32 << 10
)

// line knows whether one connection is ready, and when something came over it.
type line struct {
	ready atomic.Bool
	// came is when, in nanoseconds since the epoch of its clock.
	came  atomic.Int64
	epoch time.Time
}

func newLine() *line { return &line{epoch: time.Now()} }

// follow reads from the library's events whether it is ready, and reports whether
// they tell that Slack is there, or is not.
func (l *line) follow(kind socketmode.EventType) bool {
	switch kind {
	case socketmode.EventTypeHello:
		l.hears()
		l.ready.Store(true)
		return true
	case socketmode.EventTypeConnectionError:
		l.ready.Store(false)
		return true
	case socketmode.EventTypeConnecting, socketmode.EventTypeDisconnect, socketmode.EventTypeInvalidAuth:
		return l.ready.Swap(false)
	}
	return false
}

func (l *line) hears() { l.came.Store(int64(time.Since(l.epoch))) }

// quiet is how long nothing has come.
func (l *line) quiet() time.Duration { return time.Since(l.epoch) - time.Duration(l.came.Load()) }

// dialer notes whatever comes over the connections that it opens, pings among it, of
// which the library tells nobody.
func (l *line) dialer() *websocket.Dialer {
	return &websocket.Dialer{
		Proxy: websocket.DefaultDialer.Proxy, HandshakeTimeout: handshakeLimit, WriteBufferSize: writeBuffer,
		NetDialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			conn, err := new(net.Dialer).DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			return &heardConn{conn, l}, nil
		},
	}
}

type heardConn struct {
	net.Conn
	line *line
}

func (c *heardConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.line.hears()
	}
	return n, err
}

// follow notes that Slack is away when no connection hears it, with the time for which
// those that hang have not, and that it is back.
func (s *Sockets) follow(changed *line) {
	if s.Hearing() > 0 {
		s.away.Back()
		return
	}
	quiet := changed.quiet()
	if open, least := s.open(); open > 0 {
		quiet = min(quiet, least)
	}
	if quiet < s.quietLimit() {
		quiet = 0
	}
	s.away.AwayFor(quiet)
}

// Hearing is how many connections are ready and were not quiet for too long.
func (s *Sockets) Hearing() int {
	n := 0
	for i := range s.lines {
		if l := s.lines[i].Load(); l != nil && l.ready.Load() && l.quiet() <= s.quietLimit() {
			n++
		}
	}
	return n
}

// Check says why Slack is not heard; nil if it is. It needs no longer than QuietLimit
// to notice.
func (s *Sockets) Check(context.Context) error {
	if s.Hearing() > 0 {
		return nil
	}
	open, quiet := s.open()
	if open == 0 {
		return errDeaf
	}
	return fmt.Errorf("nothing came from it for %s, not even a ping, though %d of %d connections look open", quiet.Round(time.Second), open, sockets)
}

var errDeaf = errors.New("no connection is ready")

// open gives how many connections are ready, and how long nothing has come over any of
// them.
func (s *Sockets) open() (n int, quiet time.Duration) {
	for i := range s.lines {
		if l := s.lines[i].Load(); l != nil && l.ready.Load() {
			if q := l.quiet(); n == 0 || q < quiet {
				quiet = q
			}
			n++
		}
	}
	return n, quiet
}

func (s *Sockets) quietLimit() time.Duration { return cmp.Or(s.QuietLimit, QuietLimit) }

// heard counts a payload and gives what notes its acknowledgement.
func (s *Sockets) heard(event socketmode.Event) func(error) {
	if s.Figures == nil {
		return func(error) {}
	}
	kind, began := string(event.Type), time.Now()
	s.Figures.Heard(kind)
	return func(err error) { s.Figures.Acked(kind, time.Since(began), err) }
}
