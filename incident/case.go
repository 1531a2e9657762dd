package incident

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// Case is one incident with all that has been done about it, read at one
// instant. A step needs nothing else.
type Case struct {
	Incident
	// News are the entries that have no line in the room yet, oldest first.
	News []Entry
	// Updates are the entries that the digest channel has not been told yet, of
	// those that are for it, oldest first.
	Updates []Entry
	// Joins are who wants to be in the room without having a role.
	Joins []Join
	// Alike are open incidents that it may be the same as, until whoever declared it
	// was told of them.
	Alike []Alike
	// Original is the incident that a duplicate is the same as, or nil.
	Original *Original
	// Notices are what subscribers have not been told, oldest first.
	Notices []Notice
	// Stale is the list of stale incidents, if this one is to say it.
	Stale       *StaleList
	Definitions Definitions

	// Rooms are the channels that were made, or begun, for the incident.
	Rooms []Room
	// Postings are the messages by key.
	Postings map[string]Posting
	// Deeds are the other things done outside, by key.
	Deeds map[string]Deed
	// Steps is how each step stood after the last pass, by name.
	Steps map[string]StepState
	// CheckAt is when the messages that everybody looks at were last to be written
	// anew, and ResyncAt when somebody asked to compare all with Slack; zero if
	// never.
	CheckAt, ResyncAt time.Time
	// Installation is what is fixed for the whole program.
	Installation Installation
}

// Original is what people who come from a duplicate need to find the work.
type Original struct {
	Number int64
	Title  string
	// Room is the channel id, empty while there is none.
	Room string
	// Status and Resolution are how it stands itself, and EndedAt when it ended, if it
	// did.
	Status              Status
	Resolution          string
	DeclaredAt, EndedAt time.Time
}

// Over reports whether what the incident is about has ended: of a duplicate, the
// original decides as far as it is known.
func (c *Case) Over() bool {
	if c.Status == Duplicate && c.Original != nil {
		return !c.Original.Status.Open()
	}
	return !c.Status.Open()
}

// Room finds the channel of a purpose; its ID is empty until it exists.
func (c *Case) Room(purpose RoomPurpose) Room {
	for _, r := range c.Rooms {
		if r.Purpose == purpose {
			return r
		}
	}
	return Room{Purpose: purpose}
}

// Installation is what muster knows about the place that it runs in.
type Installation struct {
	// ID is random, made at the first start of this database, and marks what
	// belongs to us outside.
	ID string
	// Digest is the channel id of the digest channel.
	Digest string
	// TeamURL is the workspace's address, ending in a slash.
	TeamURL string
	// Team is the workspace's id, and Enterprise that of the organisation that it
	// belongs to, empty if it belongs to none.
	Team, Enterprise string
	// BotUser is our own user id.
	BotUser string
}

// Permalink is the address of a message in this workspace.
func (in Installation) Permalink(channel, ts string) string {
	digits := make([]byte, 0, len(ts))
	for j := range len(ts) {
		if ts[j] != '.' {
			digits = append(digits, ts[j])
		}
	}
	return in.TeamURL + "archives/" + channel + "/p" + string(digits)
}

// MessageLink is Permalink for a message that may be in a thread, whose parent's
// ts is then given: without it, Slack opens the channel at its end.
func (in Installation) MessageLink(channel, ts, thread string) string {
	link := in.Permalink(channel, ts)
	if thread != "" {
		link += "?thread_ts=" + thread + "&cid=" + channel
	}
	return link
}

// ChannelLink is the address of a channel in this workspace.
func (in Installation) ChannelLink(channel string) string {
	return in.TeamURL + "archives/" + channel
}

// RoomPurpose says which of an incident's channels one is.
type RoomPurpose string

// The channels of an incident.
const (
	// RoomMain is where the incident is worked on.
	RoomMain RoomPurpose = "room"
	// RoomRCA is where people work out afterwards what caused it.
	RoomRCA RoomPurpose = "rca"
)

// Room is a channel of an incident: a fact.
type Room struct {
	Purpose RoomPurpose
	// ID is Slack's channel id, empty until the channel exists.
	ID string
	// Name is the channel's name, or the one that is being tried.
	Name string
	// AttemptedAt is when a creation was begun whose result is not recorded;
	// zero when there is none.
	AttemptedAt time.Time
	// State is whether muster can work in it, as far as it knows.
	State RoomState
	// Noticed counts the hints that people did something with the channel, and
	// Looked those that were followed. NoticedBy is who the last hint names.
	Noticed, Looked int64
	NoticedBy       string
	// Private is whether Slack shows it to its members alone.
	Private bool
	// Exposed is whether somebody has made it public since it was private.
	Exposed bool
	// WantedBack is whether it is needed again since the incident was reopened, or
	// resolved again.
	WantedBack bool
}

// Hidden reports whether only its members can read it.
func (r Room) Hidden() bool { return r.Private && !r.Exposed }

// Posting is a message of ours: a fact.
type Posting struct {
	// Key says what the message is for ("incident:42:card"); unique.
	Key     string
	Channel string
	// Thread is the ts of the parent, or empty.
	Thread string
	// TS is the message's id in its channel, empty until Slack gave one.
	TS string
	// Hash is of the content that Slack is known to show; empty if unknown.
	Hash string
	// SentAt is when the content was last sent.
	SentAt time.Time
	// AttemptedAt is when a post was begun whose result is not recorded; zero
	// when there is none. Looks counts how often it was searched for since.
	AttemptedAt time.Time
	Looks       int
	// Error is why Slack refuses this message for good, or empty.
	Error string
}

// DeedReplaced is the deed that came of a wish to replace the review's page; its value is
// the id of the wish's entry.
const DeedReplaced = "page replaced"

// Deed is a thing done outside that is no message: a topic, an invitation, a
// pin, a bookmark, an answer. A fact.
type Deed struct {
	// Key says what was done ("topic", "invite:U1").
	Key string
	// Value is what was made so; another wished value is a new deed.
	Value string
	// Ref is the id that Slack gave it, if any.
	Ref string
	// AttemptedAt is when it was begun without a recorded result.
	AttemptedAt time.Time
	// DoneAt is when Value was made so; zero if it is not.
	DoneAt time.Time
	// Error is why it can't be done, or empty.
	Error string
}

// StepState is how a step of the reconciler stood after its last run.
type StepState struct {
	Step string
	// Attempts counts failures in a row.
	Attempts int
	// NotBefore is when it may run again.
	NotBefore time.Time
	// Error is what went wrong, in words without secrets; empty if nothing did.
	Error string
	// Since is when the first failure of the row happened.
	Since time.Time
}

// Claim is the right to work on one subject for the length of a lease. A fact
// that is about to be attempted is only written while the claim holds.
type Claim struct {
	// Subject is "incident:42".
	Subject string
	Token   string
	// Wanted is the count of changes that this claim works towards.
	Wanted int64
	// Attempts counts passes since the last one that succeeded.
	Attempts int
	// Lease is how long the claim holds from each sign of life.
	Lease time.Duration
}

// Outcome is how a pass ended.
type Outcome struct {
	// Done is whether everything wished for up to the claim's Wanted is so.
	Done bool
	// Counted keeps the number of attempts of what is not done, so that repeated
	// failures show.
	Counted bool
	// RetryAt is when what is not done is due again.
	RetryAt time.Time
	// Steps are those that changed; one without error and wait is well.
	Steps []StepState
}

// Subject is what the reconciler calls incident number n.
func Subject(n int64) string { return "incident:" + strconv.FormatInt(n, 10) }

// SubjectNumber reads the number back, or 0 if the subject is no incident.
func SubjectNumber(subject string) int64 {
	digits, ok := strings.CutPrefix(subject, "incident:")
	if !ok {
		return 0
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// ErrFenced says that the claim is no longer ours: another replica took the
// subject over, and whatever we were about to do is theirs to do.
var ErrFenced = errors.New("the claim was taken over")

// KeyDigest is the key of the digest message among an incident's postings. The
// room links to it.
const KeyDigest = "digest"

// KeyOpener is the key of the message that a review's channel begins with.
const KeyOpener = "rca opener"

// KeyReviewInvite begins the key of the deed that a person was called into the
// review's channel; their Slack user id follows.
const KeyReviewInvite = "rca invite:"

// KeyUpdate begins the key of an update's message in the digest channel; the id
// of its entry follows.
const KeyUpdate = "update:"

// KeyReminder begins the key of a reminder's message in the room; its number
// follows.
const KeyReminder = "reminder:"

// StepRoom is the name of the step that makes an incident's room: who waits for one is
// found by it.
const StepRoom = "channel"

// DeedPage is the key of the deed that made the root-cause page: Value is its
// address. The digest links to it.
const DeedPage = "page"

// Called is what somebody is called, and when Slack said so.
type Called struct {
	Name string
	At   time.Time
}
