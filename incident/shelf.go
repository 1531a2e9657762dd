package incident

import (
	"strings"
	"time"
)

// Filter chooses among the incidents of all time. An empty field chooses nothing.
type Filter struct {
	// Viewer is the Slack user id of who looks.
	Viewer string
	// Words must all begin a word of the title or the summary; one that stands
	// alone may also be a number.
	Words string
	// Open is for those that are not over, which then come the worst first; all
	// others come the newest first.
	Open     bool
	Status   Status
	Severity Severity
	// Mine is for what the viewer declared or has a role in.
	Mine bool
	// From and Until bound when they were declared; Until is outside.
	From, Until time.Time
	// After is the number of the incident after which the page begins, and Before
	// that of the one before which it ends; one of them, or 0.
	After, Before int64
	Limit         int
}

// Shelf is a page of what a Filter chooses.
type Shelf struct {
	List []Listed
	// More is whether others come after it, or before it if it was asked for by its
	// end.
	More bool
}

// Unfinished is an incident of which something outside is not yet as people wish.
type Unfinished struct {
	Number   int64
	Title    string
	Severity Severity
	// Since is when the newest wish was made that is not seen to.
	Since time.Time
	// Working is whether a program works on it now.
	Working bool
	// RetryAt is when it is tried again; zero if at once.
	RetryAt time.Time
	// Steps are those that failed, the oldest failure first.
	Steps []StepState
}

// Refusal is a message, or another thing to do outside, that was given up.
type Refusal struct {
	Number int64
	Title  string
	// Key says what it was ("incident:42:card", "invite:U1").
	Key   string
	Error string
}

// What says it in words: "card", "invite U1".
func (r Refusal) What() string {
	key := strings.TrimPrefix(r.Key, Subject(r.Number)+":")
	return strings.ReplaceAll(key, ":", " ")
}
