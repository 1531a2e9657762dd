// Package report puts incidents into plain words, for pages and exports that are
// read outside Slack.
package report

import (
	"fmt"
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

// Words says what an entry of the timeline is about; empty if there is nothing
// to say. name gives a person's name.
func Words(d incident.Definitions, e incident.Entry, name func(user string) string) string {
	switch e.Kind {
	case incident.EntryDeclared, incident.EntryReopened:
		return Turn(e)
	case incident.EntryResolved, incident.EntryCancelled:
		return Turn(e) + ": " + e.Text
	case incident.EntryDuplicate:
		return Turn(e)
	case incident.EntryStatus:
		return fmt.Sprintf("%s → %s", incident.Status(e.From).Title(), incident.Status(e.To).Title())
	case incident.EntrySeverity:
		return fmt.Sprintf("%s → %s", e.From, e.To)
	case incident.EntryTitle:
		return "Title: " + e.To
	case incident.EntrySummary:
		if e.To == "" {
			return "Took the summary out"
		}
		return "Summary: " + e.To
	case incident.EntryUpdate:
		return "Update: " + e.Text
	case incident.EntryNothing:
		return "No change"
	case incident.EntryReminder:
		return "Reminded of an update"
	case incident.EntrySnoozed:
		return "Snoozed the reminder"
	case incident.EntryStopped:
		return "Stopped the reminders"
	case incident.EntryPrompt:
		return "Asked for an incident commander"
	case incident.EntryStale:
		return "Open for too long"
	case incident.EntryKept:
		return "Still worked on"
	case incident.EntryRole:
		role := e.Role
		if known, ok := d.Role(e.Role); ok {
			role = known.Name
		}
		if e.To == "" {
			return role + ": nobody"
		}
		return role + ": " + name(e.To)
	default:
		return e.Text
	}
}
