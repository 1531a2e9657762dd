package incident

import (
	"fmt"
	"slices"
	"time"
)

// Incident is one incident as people decided it.
type Incident struct {
	// Number counts from 1 within an installation; people say INC-42.
	Number  int64
	Title   string
	Summary string
	// TitleBy and SummaryBy say who wrote them as they are.
	TitleBy   string
	SummaryBy string

	Severity Severity
	// SeverityAt and SeverityBy say when and by whom it was set.
	SeverityAt time.Time
	SeverityBy string
	Status     Status
	// StatusAt and StatusBy say when and by whom it was set.
	StatusAt time.Time
	StatusBy string

	// Test marks a drill: it is in no digest, and nobody is reminded.
	Test bool
	// Private keeps the incident among the members of its room.
	Private bool
	// PrivateAt is when it became so; zero if it was declared so.
	PrivateAt time.Time
	// Members says of whom muster knows whether they are in the room of a private
	// incident: true while they are, false once they left. Others are not in it.
	Members map[string]bool

	// Declarer is the Slack user id of who declared it.
	Declarer   string
	DeclaredAt time.Time

	// ResolvedAt, ResolvedBy and Resolution are empty while the incident is open.
	// They say when and by whom it was ended in whatever way, and in one line what
	// fixed it or why it was cancelled.
	ResolvedAt time.Time
	ResolvedBy string
	Resolution string
	// DuplicateOf is the number of the incident that a duplicate is the same as.
	DuplicateOf int64

	// Roles holds at most one assignment for a role.
	Roles []Assignment

	// Last is what everybody outside was told last.
	Last LastUpdate
	// Cadence is what the clock knows.
	Cadence Cadence
	// Set is what administrators set of when people are reminded. It is read with
	// what is changed, and not kept with it.
	Set Set

	// Messages are those that people put into the timeline at some time. They are
	// known where the incident is changed, and in a Case.
	Messages []Message

	// FollowUps are what is to be done because of it, by number.
	FollowUps []FollowUp

	// Origin is where it was declared, so that the answer goes back there.
	Origin Origin

	// news are the entries that the verbs of this transaction left behind.
	news []Entry
	// put are the messages that they changed.
	put []Message
	// putFollowUps are the follow-ups that they changed.
	putFollowUps []FollowUp
	// joins are who joined in it.
	joins []Join
}

// Ref is the incident's name among people: "INC-42".
func (i *Incident) Ref() string { return Ref(i.Number) }

// Ref is the name of incident number n among people.
func Ref(n int64) string { return fmt.Sprintf("INC-%d", n) }

// Announced reports whether the digest channel is told of it.
func (i *Incident) Announced() bool { return !i.Test && !i.Private }

// VisibleTo reports whether a person may know of the incident. Of a private one
// those may who are in its room, and those whom muster adds to it who have not
// been seen there yet.
func (i *Incident) VisibleTo(person string) bool {
	if !i.Private {
		return true
	}
	if here, known := i.Members[person]; known {
		return here
	}
	holds := slices.ContainsFunc(i.Roles, func(a Assignment) bool { return a.User == person })
	return person != "" && (person == i.Declarer || holds)
}

// Holder gives the assignment of a role, if somebody holds it.
func (i *Incident) Holder(role string) (Assignment, bool) {
	for _, a := range i.Roles {
		if a.Role == role {
			return a, true
		}
	}
	return Assignment{}, false
}

// Lasted is how long it took from declaration to its end, or until now.
func (i *Incident) Lasted(now time.Time) time.Duration {
	if !i.ResolvedAt.IsZero() {
		now = i.ResolvedAt
	}
	return max(0, now.Sub(i.DeclaredAt))
}

// News hands over the entries that have not been saved yet, oldest first, and
// forgets them.
func (i *Incident) News() []Entry {
	news := i.news
	i.news = nil
	return news
}

func (i *Incident) note(e Entry) { i.news = append(i.news, e) }

// OriginKind says by which way an incident was declared.
type OriginKind string

// The ways in.
const (
	OriginCommand  OriginKind = "command"
	OriginForm     OriginKind = "form"
	OriginShortcut OriginKind = "shortcut"
	OriginTerminal OriginKind = "terminal"
	OriginReaction OriginKind = "reaction"
	OriginMention  OriginKind = "mention"
	OriginConsole  OriginKind = "console"
)

// Origin is where an incident was declared.
type Origin struct {
	Kind OriginKind
	// Key is unique in the database: a second declaration with the same key is
	// the first one again. View id of a form, trigger id of a command, the key of
	// a post.
	Key string
	// Channel is where the person stood; empty for a global shortcut.
	Channel string
	// Thread is the ts of the thread there in which they mentioned muster, or empty.
	Thread string
	// View is the form that now shows the progress, if it was a form.
	View string
	// ResponseURL answers a command for 30 minutes. It is a secret of sorts:
	// whoever has it can write to that person.
	ResponseURL string
	// Post is the message that it was declared from, or nil.
	Post *Post
}
