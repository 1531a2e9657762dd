package incident

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// MaxMessage is how much of a message is kept, in characters.
	MaxMessage = 3000
	// maxMessages bounds how many messages an incident's timeline holds.
	maxMessages = 1000
)

// Message is a message in Slack that people put into the timeline.
type Message struct {
	// Channel and TS are where it stands.
	Channel, TS string
	Said        Said
	// Marks are what was done to keep it in the timeline or to take it out.
	Marks []Mark
	// Gone is whether it was deleted in Slack.
	Gone bool
}

// Said is what a message says, as it was when it was last read.
type Said struct {
	// At is when it was written, and EditedAt when it was last changed, or zero.
	At, EditedAt time.Time
	// Author is the Slack user id of who wrote it; empty for an alert tool, whose
	// name is in Tool.
	Author, Tool string
	// Text is what it says, without Slack's markup, at most MaxMessage long.
	Text  string
	Files []File
	// Thread is the ts of the message that it replies to, or empty.
	Thread string
	// Link is its address.
	Link string
}

// File is something attached to a message.
type File struct {
	// ID is Slack's.
	ID   string `json:"id"`
	Name string `json:"name"`
	// Type is its media type: "image/png".
	Type string `json:"type,omitempty"`
	// Size is in bytes.
	Size int `json:"size,omitempty"`
	// Address gives the content to whoever has the bot's token; empty where
	// Slack does not hold it.
	Address string `json:"address,omitempty"`
}

// Shown reports whether the message is in the timeline: as long as one mark
// keeps it there, and it was not deleted.
func (m *Message) Shown() bool {
	return !m.Gone && !m.Said.At.IsZero() && slices.ContainsFunc(m.Marks, func(k Mark) bool { return k.On })
}

// read takes in what the message says, unless that is older than what is known.
func (m *Message) read(said Said) bool {
	said.Text = Shorten(CleanText(said.Text), MaxMessage)
	before := m.Said
	if said.EditedAt.Before(before.EditedAt) || said.same(before) {
		return false
	}
	m.Said = said
	return true
}

func (s Said) same(o Said) bool {
	files := slices.Equal(s.Files, o.Files)
	return files && s.At.Equal(o.At) && s.EditedAt.Equal(o.EditedAt) &&
		s.Author == o.Author && s.Tool == o.Tool && s.Text == o.Text && s.Thread == o.Thread && s.Link == o.Link
}

// Message finds a message that was marked once, in the timeline or not.
func (i *Incident) Message(channel, ts string) (Message, bool) {
	for _, m := range i.Messages {
		if m.Channel == channel && m.TS == ts {
			return m, true
		}
	}
	return Message{Channel: channel, TS: ts}, false
}

// changeMessage runs fn on a message, and notes whether it came into the timeline
// or left it. It reports whether fn changed anything.
func (i *Incident) changeMessage(channel, ts, by string, now time.Time, fn func(m *Message) bool) bool {
	m, _ := i.Message(channel, ts)
	m.Marks = slices.Clone(m.Marks)
	before := m.Shown()
	if !fn(&m) {
		return false
	}
	other := func(o Message) bool { return o.Channel != channel || o.TS != ts }
	i.Messages = append(filter(i.Messages, other), m)
	i.put = append(filter(i.put, other), m)
	if shown := m.Shown(); shown != before {
		kind := EntryMessageIn
		if !shown {
			kind = EntryMessageOut
		}
		i.note(Entry{Kind: kind, At: now, By: by, Quiet: true, To: channel + ":" + ts, Text: m.Said.Link})
	}
	return true
}

func filter(messages []Message, keep func(Message) bool) []Message {
	var kept []Message
	for _, m := range messages {
		if keep(m) {
			kept = append(kept, m)
		}
	}
	return kept
}

// PutMessages hands over the messages that the verbs of this transaction changed,
// and forgets them.
func (i *Incident) PutMessages() []Message {
	put := i.put
	i.put = nil
	return put
}

// Follow takes in what a message of the timeline says now, or that it is gone if
// said is nil. by is who changed or deleted it, where that is known.
func (i *Incident) Follow(channel, ts string, said *Said, by string, now time.Time) error {
	unknown := Errorf(NothingToDo, "That message is not in the timeline of %s.", i.Ref())
	if _, known := i.Message(channel, ts); !known {
		return unknown
	}
	changed := i.changeMessage(channel, ts, by, now, func(m *Message) bool {
		if said == nil {
			before := m.Gone
			// Who deletes a message wants its words gone.
			m.Gone, m.Said.Text, m.Said.Files = true, "", nil
			return !before
		}
		return m.read(*said)
	})
	if !changed {
		return unknown
	}
	return nil
}

// Follow takes in what became of a message of the timeline.
func (d *Desk) Follow(ctx context.Context, number int64, channel, ts string, said *Said, act Act) (*Incident, error) {
	act.own = true
	return d.change(ctx, number, act, func(i *Incident, now time.Time, _ told) error {
		return i.Follow(channel, ts, said, act.By, now)
	})
}

// ParseTS reads the time from a message's or an event's ts.
func ParseTS(ts string) time.Time {
	whole, part, _ := strings.Cut(ts, ".")
	if len(whole) > 10 {
		// An event may come without the dot.
		whole, part = whole[:10], whole[10:]
	}
	seconds, err := strconv.ParseInt(whole, 10, 64)
	micros, badPart := strconv.ParseInt((part + "000000")[:6], 10, 64)
	if err != nil || badPart != nil || seconds <= 0 {
		return time.Time{}
	}
	return time.Unix(seconds, micros*1000).UTC()
}
