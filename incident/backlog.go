package incident

import "time"

// Backlog is how much is not done yet.
type Backlog struct {
	// Waiting counts incidents whose wishes are not all done, and Oldest is how
	// long ago the one of them was changed that was changed first.
	Waiting int
	Oldest  time.Duration
	// Stuck counts incidents in which some step does not work.
	Stuck int
	// Inbox counts events that were accepted and are not dealt with.
	Inbox int
	// Overdue counts incidents of which something was due a minute ago and more.
	Overdue int
	// Open counts open incidents from SEV1 to SEV4, tests left out.
	Open [SEV4]int
}
