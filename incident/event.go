package incident

import "time"

// Event is something that Slack told us of, kept until it is dealt with.
type Event struct {
	// ID is Slack's, the same when the event is delivered again.
	ID string
	// Payload is the JSON that came.
	Payload    []byte
	ReceivedAt time.Time
	// Attempts counts how often it was taken in hand, this time included.
	Attempts int
}
