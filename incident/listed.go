package incident

import "time"

// Listed is an incident as a list shows it.
type Listed struct {
	Number     int64
	Title      string
	Severity   Severity
	Status     Status
	DeclaredAt time.Time
	// Room is the channel id, empty while there is none.
	Room string
	// Commander is the holder's Slack user id, or empty.
	Commander string
	// Total counts all incidents that the list could show, of which this is a page.
	Total int
}
