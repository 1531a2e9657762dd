package bot

import (
	"time"

	"github.com/slack-go/slack/socketmode"
)

// line knows whether one connection is ready, and tells the figures.
type line struct {
	figures Figures
	ready   bool
}

// follow reads it from the library's events.
func (l *line) follow(kind socketmode.EventType) {
	switch kind {
	case socketmode.EventTypeHello:
		l.set(true)
	case socketmode.EventTypeConnecting, socketmode.EventTypeConnectionError, socketmode.EventTypeDisconnect, socketmode.EventTypeInvalidAuth:
		l.set(false)
	}
}

func (l *line) set(ready bool) {
	if ready == l.ready {
		return
	}
	l.ready = ready
	change := -1
	if ready {
		change = 1
	}
	if l.figures != nil {
		l.figures.Connected(change)
	}
}

// heard counts a payload and gives what notes its acknowledgement.
func (s *Sockets) heard(event socketmode.Event) func(error) {
	if s.Figures == nil {
		return func(error) {}
	}
	kind, began := string(event.Type), time.Now()
	s.Figures.Heard(kind)
	return func(err error) { s.Figures.Acked(kind, time.Since(began), err) }
}
