// Package report puts incidents into plain words, for pages and exports that are
// read outside Slack.
package report

import (
	"fmt"
	"strings"
	"time"

	"muster/incident"
)

// At is a moment for readers anywhere: a page has no time zone of its own.
func At(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 UTC") }

// Turn names a turn of an incident: "Declared", "Monitoring", "SEV2".
func Turn(e incident.Entry) string {
	switch e.Kind {
	case incident.EntryDeclared:
		return "Declared"
	case incident.EntryResolved:
		return "Resolved"
	case incident.EntryReopened:
		return "Reopened"
	case incident.EntryCancelled:
		return "Cancelled"
	case incident.EntryDuplicate:
		return "Duplicate of " + e.Text
	case incident.EntryStatus:
		return incident.Status(e.To).Title()
	default:
		return e.To
	}
}

// Voice is how a reader is told of an entry: each part is made fit for the place
// where it is read.
type Voice struct {
	// Name gives a person's name.
	Name func(user string) string
	// Typed makes one line of a text that somebody wrote, and At of a moment.
	Typed func(text string) string
	At    func(t time.Time) string
}

// Plain is the voice of what is read outside Slack. name gives a person's name.
func Plain(name func(user string) string) Voice {
	return Voice{Name: name, Typed: func(text string) string { return text }, At: At}
}

// Words says what an entry of the timeline is about, beginning with what its
// author did: "Handed Incident commander over to Bo Berg". What belongs to it
// follows line by line: an update's impact, the note of a role, the other lines
// of a long text. Nil if there is nothing to say.
func Words(d incident.Definitions, e incident.Entry, v Voice) []string {
	switch e.Kind {
	case incident.EntryDeclared, incident.EntryReopened:
		return []string{Turn(e)}
	case incident.EntryDuplicate:
		return []string{"Closed as a duplicate of " + e.Text}
	case incident.EntryResolved, incident.EntryCancelled:
		return v.lines(Turn(e)+": ", e.Text)
	case incident.EntryStatus:
		return []string{fmt.Sprintf("%s → %s", incident.Status(e.From).Title(), incident.Status(e.To).Title())}
	case incident.EntrySeverity:
		return []string{fmt.Sprintf("%s → %s", d.SeverityName(e.From), d.SeverityName(e.To))}
	case incident.EntryRole:
		return v.role(d, e)
	case incident.EntryTodo, incident.EntryTodoChanged, incident.EntryTodoDone, incident.EntryTodoOpen, incident.EntryTodoDropped, incident.EntryTodoDue:
		return v.todo(e)
	case incident.EntryMessage:
		return v.message(e)
	case incident.EntryNote:
		return v.lines("Note: ", e.Text)
	case incident.EntryTitle:
		return append(v.lines("Title: ", e.To), v.lines("Before: ", e.From)...)
	case incident.EntrySummary:
		if e.To == "" {
			return []string{"Took the summary out"}
		}
		return v.lines("Summary: ", e.To)
	case incident.EntryPrivate:
		return []string{"Made the channel private, and the incident with it"}
	case incident.EntryExposed:
		return []string{exposed(e)}
	case incident.EntryTest:
		return []string{map[string]string{incident.Drill: "Marked as a test", incident.RealThing: "No test any more"}[e.To]}
	case incident.EntryUpdate:
		return append(v.lines("Update: ", e.Text), v.asides(e, "Next update by ")...)
	default:
		return v.clock(e)
	}
}

// clock says what the clock asked for, and what people answered.
func (v Voice) clock(e incident.Entry) []string {
	switch e.Kind {
	case incident.EntryNothing:
		return append([]string{"No change"}, v.asides(e, "Next update by ")...)
	case incident.EntryReminder:
		return []string{"Reminded of an update"}
	case incident.EntrySnoozed:
		return append([]string{"Snoozed the reminder"}, v.asides(e, "Until ")...)
	case incident.EntryStopped:
		return []string{"Stopped the reminders"}
	case incident.EntryPrompt:
		return []string{"Asked for an incident commander"}
	case incident.EntryStale:
		return []string{"Open for too long"}
	case incident.EntryChannel:
		return []string{"Channel #" + v.Typed(e.Text) + " " + map[string]string{
			"": "is there again", "archived": "was archived", "away": "is without muster", "gone": "can't be reached any more", "renamed": "has this name now"}[e.To]}
	case incident.EntryKept:
		return []string{"Still worked on"}
	case incident.EntryReplaced:
		return []string{"Had the review's page replaced"}
	default:
		return v.lines("", e.Text)
	}
}

// exposed says that a channel of a private incident was made public, or private again.
func exposed(e incident.Entry) string {
	what := "Made the channel "
	if incident.RoomPurpose(e.From) == incident.RoomRCA {
		what = "Made the root-cause channel "
	}
	if e.To == "public" {
		return what + "public; the incident stays private"
	}
	return what + "private again"
}

// role says who got a role, and from whom.
func (v Voice) role(d incident.Definitions, e incident.Entry) []string {
	role := e.Role
	if known, ok := d.Role(e.Role); ok {
		role = known.Name
	}
	role = v.Typed(role)
	first := ""
	switch {
	case e.To == "":
		first = "Left " + role
	case e.To == e.By && e.From == "":
		first = "Took " + role
	case e.From == e.By:
		first = fmt.Sprintf("Handed %s over to %s", role, v.Name(e.To))
	case e.From == "":
		first = fmt.Sprintf("Assigned %s to %s", role, v.Name(e.To))
	case e.To == e.By:
		first = fmt.Sprintf("Took %s from %s", role, v.Name(e.From))
	default:
		first = fmt.Sprintf("Assigned %s to %s instead of %s", role, v.Name(e.To), v.Name(e.From))
	}
	return append([]string{first}, v.lines("Note: ", e.Text)...)
}

// asides say what stands beside the text of an entry.
func (v Voice) asides(e incident.Entry, until string) []string {
	if e.Detail == nil {
		return nil
	}
	lines := append(v.lines("Impact: ", e.Detail.Impact), v.lines(e.Detail.NextLabel(), e.Detail.Next)...)
	if !e.Detail.Until.IsZero() {
		lines = append(lines, until+v.At(e.Detail.Until))
	}
	return lines
}

// lines makes lines of a text, the first with a label; none of an empty one.
func (v Voice) lines(label, text string) []string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = incident.CleanLine(line); line != "" {
			lines = append(lines, label+v.Typed(line))
			label = ""
		}
	}
	return lines
}

// todo says what became of a follow-up.
func (v Voice) todo(e incident.Entry) []string {
	label := map[incident.EntryKind]string{
		incident.EntryTodo: "Follow-up", incident.EntryTodoChanged: "Changed follow-up", incident.EntryTodoDone: "Done",
		incident.EntryTodoOpen: "Not done after all", incident.EntryTodoDropped: "Took off the list", incident.EntryTodoDue: "Reminded of a follow-up",
	}[e.Kind]
	lines := v.lines(label+": ", e.Text)
	if len(lines) == 0 {
		return nil
	}
	if e.Kind == incident.EntryTodo || e.Kind == incident.EntryTodoChanged {
		if e.To != "" {
			lines[0] += ", for " + v.Name(e.To)
		}
		if e.Detail != nil && e.Detail.Due != "" {
			lines[0] += ", by " + e.Detail.Due
		}
	}
	return lines
}

// Who names who an entry is by: a person, an alert tool, or muster itself.
func Who(e incident.Entry, name func(user string) string) string {
	if e.By == "" && e.Detail != nil && e.Detail.Tool != "" {
		return e.Detail.Tool
	}
	return name(e.By)
}

// message quotes a message, and names what is attached to it.
func (v Voice) message(e incident.Entry) []string {
	lines := v.lines("“", e.Text)
	if n := len(lines); n > 0 {
		lines[n-1] += "”"
	}
	if e.Detail != nil {
		for _, f := range e.Detail.Files {
			lines = append(lines, v.lines("File: ", f.Name)...)
		}
	}
	if len(lines) == 0 {
		return []string{"A message without words"}
	}
	return lines
}

// ToDo says what is to be done, by whom and until when, and whether it is done.
func ToDo(f incident.FollowUp, name func(user string) string) string {
	text := f.Text
	if f.Owner != "" {
		text += ", " + name(f.Owner)
	}
	if f.Due != "" {
		text += ", by " + f.Due
	}
	if !f.DoneAt.IsZero() {
		text += fmt.Sprintf(" (done %s by %s)", At(f.DoneAt), name(f.DoneBy))
	}
	return text
}
