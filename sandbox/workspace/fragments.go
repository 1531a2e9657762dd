package workspace

import (
	"bufio"
	"encoding/binary"
	"net"
	"net/http"
)

// watched notes which messages an app sends in several frames: Slack drops those
// silently, and the WebSocket library hides the seams. It follows the frame
// headers (RFC 6455, section 5.2) in the bytes that pass.
//
// One goroutine reads; it alone may call split.
type watched struct {
	net.Conn
	header    []byte // the frame header so far
	skip      uint64 // bytes of payload still to pass
	continues bool   // the message under way has begun in an earlier frame
	done      []bool // for each message that has passed: came it in pieces
}

// Read passes bytes on and follows the frames in them.
func (c *watched) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	for rest := p[:n]; len(rest) > 0; {
		if c.skip > 0 {
			pass := min(c.skip, uint64(len(rest)))
			c.skip -= pass
			rest = rest[pass:]
			continue
		}
		c.header = append(c.header, rest[0])
		rest = rest[1:]
		c.frame()
	}
	return n, err
}

// frame acts when the header is whole. A client's header has two bytes, an
// extended length of 0, 2 or 8 bytes, and a mask of 4.
func (c *watched) frame() {
	if len(c.header) < 2 {
		return
	}
	extended, length := 0, uint64(c.header[1]&0x7f)
	switch length {
	case 126:
		extended = 2
	case 127:
		extended = 8
	}
	if len(c.header) < 2+extended+4 {
		return
	}
	switch extended {
	case 2:
		length = uint64(binary.BigEndian.Uint16(c.header[2:]))
	case 8:
		length = binary.BigEndian.Uint64(c.header[2:])
	}
	final, control := c.header[0]&0x80 != 0, c.header[0]&0x08 != 0
	c.header, c.skip = c.header[:0], length
	switch {
	case control:
	case final:
		c.done = append(c.done, c.continues)
		c.continues = false
	default:
		c.continues = true
	}
}

// split says whether the message that was just read came in several frames.
func (c *watched) split() bool {
	if len(c.done) == 0 {
		return false
	}
	pieces := c.done[0]
	c.done = c.done[1:]
	return pieces
}

// watcher lets the WebSocket upgrade take over a watched connection.
type watcher struct {
	http.ResponseWriter
	conn *watched
}

// Hijack implements http.Hijacker.
func (h *watcher) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(h.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	h.conn = &watched{Conn: conn}
	return h.conn, rw, nil
}
