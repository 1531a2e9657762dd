package incident

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// MaxUpdate is the longest text of an update, and MaxAside that of its impact
// and its next step, in characters.
const (
	MaxUpdate = 2000
	MaxAside  = 1000
)

// Update is what somebody outside the incident should know.
type Update struct {
	// Text says what changed. Impact and Next may be empty.
	Text   string
	Impact string
	Next   string
	// Severity and Status are what the incident has from now on, and the Shown
	// ones what the person was looking at; 0 and empty leave them alone.
	Severity, ShownSeverity Severity
	Status, ShownStatus     Status
	// Within is how soon the next update is promised, or 0 for no promise.
	Within time.Duration
}

// Detail is what an entry says beside its text.
type Detail struct {
	Impact string `json:"impact,omitempty"`
	Next   string `json:"next,omitempty"`
	// Until is the promised time: of the next update, or the end of a snooze.
	Until time.Time `json:"until,omitzero"`
	// N is the number of a follow-up, and Due the day by which it is to be done.
	N   int    `json:"n,omitempty"`
	Due string `json:"due,omitempty"`
	// Tool is the name of the alert tool that wrote a message, Link the message's
	// address, and Files what is attached to it.
	Tool  string `json:"tool,omitempty"`
	Link  string `json:"link,omitempty"`
	Files []File `json:"files,omitempty"`
}

// SoFar and SinceUpdate begin the draft of a next step: what has happened, for its author
// to say what comes of it.
const SoFar, SinceUpdate = "So far: ", "Since the last update: "

// NextLabel is what stands before the next step. A draft that was sent as it was says
// itself what it is.
func (d *Detail) NextLabel() string {
	if strings.HasPrefix(d.Next, SoFar) || strings.HasPrefix(d.Next, SinceUpdate) {
		return ""
	}
	return "Next: "
}

// LastUpdate is what readers were told last.
type LastUpdate struct {
	Text string
	By   string
	// At is zero when there was no update yet.
	At time.Time
}

// clean makes the texts what is kept of them.
func (u Update) clean() Update {
	u.Text, u.Impact, u.Next = CleanText(u.Text), CleanText(u.Impact), CleanText(u.Next)
	return u
}

// check refuses an update that says nothing, or too much.
func (u Update) check() error {
	if !visible(CleanLine(u.Text)) {
		return FieldErrorf("text", "Say what changed.")
	}
	for _, f := range []struct {
		field, text string
		most        int
	}{{"text", u.Text, MaxUpdate}, {"impact", u.Impact, MaxAside}, {"next", u.Next, MaxAside}} {
		if n := utf8.RuneCountInString(f.text); n > f.most {
			return FieldErrorf(f.field, "That has %d characters; %d fit.", n, f.most)
		}
	}
	if u.Severity != 0 && !u.Severity.Valid() {
		return FieldErrorf("severity", "Severity is one of SEV1, SEV2, SEV3, SEV4.")
	}
	if u.Status != "" && !slices.Contains(Statuses()[:3], u.Status) {
		return FieldErrorf("status", "Status is one of investigating, identified, monitoring. To resolve, use Resolve: it asks what fixed it.")
	}
	if u.Within < 0 || u.Within > 24*time.Hour {
		return FieldErrorf("within", "The next update is due within a day.")
	}
	return nil
}

// Post says what changed to everybody outside, with the severity and the status
// that the update brings, in one act.
func (i *Incident) Post(u Update, by string, now time.Time) error {
	u = u.clean()
	if err := u.check(); err != nil {
		return err
	}
	if err := i.OpenTo("post an update"); err != nil {
		return err
	}
	if u.Severity != 0 && u.Severity != i.Severity {
		if err := i.SetSeverity(u.Severity, by, now); err != nil {
			return err
		}
	}
	if u.Status != "" && u.Status != i.Status {
		if err := i.SetStatus(u.Status, by, now); err != nil {
			return err
		}
	}
	promised := time.Time{}
	if u.Within > 0 {
		promised = now.Add(u.Within)
	}
	i.note(Entry{Kind: EntryUpdate, At: now, By: by, Text: u.Text, Detail: &Detail{Impact: u.Impact, Next: u.Next, Until: promised}})
	i.Last = LastUpdate{Text: u.Text, By: by, At: now}
	i.Cadence.updated(by, promised, now)
	return nil
}

// moved refuses a severity or a status that the person changed while somebody
// else did, unless they know of it.
func (u Update) moved(i *Incident, known told) error {
	if err := severityMoved(i, u.Severity, u.ShownSeverity, known); err != nil {
		return err
	}
	return statusMoved(i, u.Status, u.ShownStatus, known)
}

// wanted leaves out what the person did not change.
func (u Update) wanted() Update {
	if u.Severity == u.ShownSeverity {
		u.Severity = 0
	}
	if u.Status == u.ShownStatus {
		u.Status = ""
	}
	return u
}
