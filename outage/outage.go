// Package outage says in the log that something outside is back, and after how long:
// the warnings of a time without it end, and nobody would know whether all is well.
package outage

import (
	"fmt"
	"sync"
	"time"

	"github.com/rs/zerolog"
)

// Outage is one thing outside that may be away. Its methods may be called at the same
// time, and as often as something is tried.
type Outage struct {
	// What names it, as the subject of a sentence: "the database".
	What string
	Log  zerolog.Logger
	// Least is the shortest time that is worth a line.
	Least time.Duration

	mu    sync.Mutex
	since time.Time
}

// Away says that it did not answer just now.
func (o *Outage) Away() { o.AwayFor(0) }

// AwayFor says that it has not answered for a time.
func (o *Outage) AwayFor(long time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.since.IsZero() {
		o.since = time.Now().Add(-long)
	}
}

// Back says that it answered, and writes a line if it was away until now.
func (o *Outage) Back() {
	o.mu.Lock()
	since := o.since
	o.since = time.Time{}
	o.mu.Unlock()
	if since.IsZero() {
		return
	}
	if long := time.Since(since); long >= o.Least {
		o.Log.Info().Msg(o.What + " is back after " + lasting(long))
	}
}

// lasting is to the second, as people write it: "2 min 10 s".
func lasting(d time.Duration) string {
	seconds := int(d.Round(time.Second).Seconds())
	switch minutes := seconds / 60; {
	case minutes == 0:
		return fmt.Sprintf("%d s", seconds)
	case minutes < 60:
		return fmt.Sprintf("%d min %d s", minutes, seconds%60)
	default:
		return fmt.Sprintf("%d h %d min", minutes/60, minutes%60)
	}
}
