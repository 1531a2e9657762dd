package incident

import "time"

// EntryKind names what happened.
type EntryKind string

// The kinds of timeline entries. Each may stand in a database for years: a
// kind is never renamed.
const (
	EntryDeclared EntryKind = "declared"
	EntrySeverity EntryKind = "severity"
	EntryStatus   EntryKind = "status"
	EntryRole     EntryKind = "role"
	EntryResolved EntryKind = "resolved"
	EntryReopened EntryKind = "reopened"
	// EntryCancelled ends what was none, EntryDuplicate what is the same as another
	// incident; Text is the reason, or the other's name.
	EntryCancelled EntryKind = "cancelled"
	EntryDuplicate EntryKind = "duplicate"
	// EntryNote is what somebody wrote down; Text is all of it.
	EntryNote EntryKind = "note"
	// EntryTitle and EntrySummary are new texts; From and To are all of them.
	EntryTitle   EntryKind = "title"
	EntrySummary EntryKind = "summary"
	// EntryTest makes a drill of an incident, or the real thing of a drill: From and
	// To are Drill and RealThing.
	EntryTest EntryKind = "test"
	// EntryPrivate says that the room was made private, and so the incident.
	EntryPrivate EntryKind = "private"
	// EntryExposed says that a channel of a private incident was made public, or that it
	// is private again: From is its purpose, To public or private.
	EntryExposed EntryKind = "exposed"
	// EntryUpdate is what everybody outside was told.
	EntryUpdate EntryKind = "update"
	// EntryReminder is a reminder that an update is due, and the next three are
	// the answers to one beside an update.
	EntryReminder EntryKind = "reminder"
	EntryNothing  EntryKind = "nothing_new"
	EntrySnoozed  EntryKind = "snoozed"
	EntryStopped  EntryKind = "stopped"
	// EntryPrompt asks for a commander, EntryStale says that the incident is open
	// for too long, and EntryKept that it is still worked on.
	EntryPrompt EntryKind = "commander_prompt"
	EntryStale  EntryKind = "stale"
	EntryKept   EntryKind = "still_working"
	// EntryTodo writes a follow-up down; the others say what became of one. Text is
	// what is to be done, To its owner, Detail its number and due day.
	EntryTodo        EntryKind = "todo"
	EntryTodoChanged EntryKind = "todo_changed"
	EntryTodoDone    EntryKind = "todo_done"
	EntryTodoOpen    EntryKind = "todo_open"
	EntryTodoDropped EntryKind = "todo_dropped"
	// EntryTodoDue is a reminder of it.
	EntryTodoDue EntryKind = "todo_due"
	// EntryMessageIn and EntryMessageOut are the record of a message that people
	// put into the timeline and took out of it: To is its channel and ts, Text its
	// address. A timeline shows EntryMessage instead, for each that is in it.
	EntryMessageIn  EntryKind = "message_in"
	EntryMessageOut EntryKind = "message_out"
	// EntryMessage is a message at its own time; By is its author. It is made from
	// what is known of the message, and stands in no record.
	EntryMessage EntryKind = "message"
	// EntryReplaced is the wish to write the review's page anew over what people
	// made of it.
	EntryReplaced EntryKind = "page_replaced"
	// EntryChannel is what became of a channel of the incident: From is its purpose,
	// To the new state, or "renamed", and Text the channel's name.
	EntryChannel EntryKind = "channel"
)

// Entry is one line of the timeline: append-only, never edited.
type Entry struct {
	// ID orders entries within the whole installation; 0 before it is saved.
	ID   int64
	Kind EntryKind
	At   time.Time
	// By is the Slack user id of who did it, or empty when muster did.
	By string
	// Quiet entries stand in the timeline but make no line in the room, since
	// the card of the new room says the same.
	Quiet bool
	// From and To are the values before and after, of severity, status or
	// holder; empty where they make no sense.
	From, To string
	// Role is the key of the role that a role entry is about.
	Role string
	// Text is what the person wrote with it, such as what fixed it.
	Text string
	// Detail is what else it says, or nil.
	Detail *Detail
}
