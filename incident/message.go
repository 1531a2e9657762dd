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

// Way is by what a message is put into the timeline.
type Way string

// The ways. A pin is the channel's, whoever set it; a reaction is one person's.
const (
	WayPin      Way = "pin"
	WayReaction Way = "reaction"
	WayShortcut Way = "shortcut"
)

// Mark is the latest that was done to a message by one way.
type Mark struct {
	Way Way `json:"way"`
	// By is the Slack user id of who did it, or empty where Slack does not say.
	By string `json:"by,omitempty"`
	// At is when, by Slack's clock where there is one: what is older than the
	// latest changes nothing, in whatever order it comes.
	At time.Time `json:"at"`
	// On is whether it puts the message into the timeline or takes it out.
	On bool `json:"on"`
}

// same reports whether one mark replaces the other.
func (k Mark) same(o Mark) bool {
	return k.Way == o.Way && (k.Way != WayReaction || k.By == o.By)
}

// Shown reports whether the message is in the timeline: as long as one mark
// keeps it there, and it was not deleted.
func (m *Message) Shown() bool {
	return !m.Gone && !m.Said.At.IsZero() && slices.ContainsFunc(m.Marks, func(k Mark) bool { return k.On })
}

// Holds reports whether a way keeps the message in the timeline.
func (m *Message) Holds(way Way) bool {
	return slices.ContainsFunc(m.Marks, func(k Mark) bool { return k.Way == way && k.On })
}

// mark takes a mark in, unless it is older than what is known.
func (m *Message) mark(k Mark) bool {
	n := slices.IndexFunc(m.Marks, k.same)
	switch {
	case n < 0:
		m.Marks = append(m.Marks, k)
	case !k.At.After(m.Marks[n].At):
		return false
	default:
		m.Marks[n] = k
	}
	return true
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

// Mark puts a message into the timeline or takes it out, as far as nothing newer
// is known. said is what it says, or nil if that was not read. Also of an incident
// that is over: some things are found afterwards.
func (i *Incident) Mark(channel, ts string, said *Said, k Mark, now time.Time) error {
	if _, known := i.Message(channel, ts); !known && len(i.Messages) >= maxMessages {
		return Errorf(Conflict, "The timeline of %s holds %d messages; no more fit.", i.Ref(), maxMessages)
	}
	changed := i.changeMessage(channel, ts, k.By, now, func(m *Message) bool {
		marked := m.mark(k)
		return said != nil && m.read(*said) || marked
	})
	if !changed {
		return Errorf(NothingToDo, "The timeline of %s says so already.", i.Ref())
	}
	return nil
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

// Pinned is a message that is pinned.
type Pinned struct {
	TS   string
	Said Said
}

// pinSlack is how much the program's clock may be ahead of Slack's: what was done
// to a pin later than that before a look is newer than the look.
const pinSlack = time.Minute

// Pins takes in which messages of a channel were pinned at a time. What was pinned
// or unpinned while nobody listened is made up for.
func (i *Incident) Pins(channel string, pinned []Pinned, at, now time.Time) error {
	changed, looked := false, at.Add(-pinSlack)
	on := map[string]bool{}
	for _, p := range pinned {
		on[p.TS] = true
		if _, known := i.Message(channel, p.TS); !known && len(i.Messages) >= maxMessages {
			continue
		}
		changed = i.changeMessage(channel, p.TS, "", now, func(m *Message) bool {
			read := m.read(p.Said)
			return m.look(true, looked) || read
		}) || changed
	}
	for _, m := range slices.Clone(i.Messages) {
		if m.Channel == channel && !on[m.TS] {
			changed = i.changeMessage(channel, m.TS, "", now, func(m *Message) bool { return m.look(false, looked) }) || changed
		}
	}
	if !changed {
		return Errorf(NothingToDo, "The timeline of %s has all that is pinned.", i.Ref())
	}
	return nil
}

// Unreacted takes in who still had a reaction on a message at a time. What somebody
// took back while nobody listened is made up for.
func (i *Incident) Unreacted(channel, ts string, people []string, at, now time.Time) error {
	looked := at.Add(-pinSlack)
	changed := i.changeMessage(channel, ts, "", now, func(m *Message) bool { return m.unreact(people, looked) })
	if !changed {
		return Errorf(NothingToDo, "The timeline of %s says so already.", i.Ref())
	}
	return nil
}

// Reacted is who has the reaction on a message that puts it into the timeline.
type Reacted struct {
	TS string
	// Said is what it says, or nothing where nobody has the reaction.
	Said Said
	// People are their Slack user ids; nobody may be left.
	People []string
}

// Reactions takes in who had the reaction on messages of a channel at a time: what
// was done and taken back while nobody listened is made up for. Of messages that
// are not among the seen ones it knows nothing.
func (i *Incident) Reactions(channel string, seen []Reacted, at, now time.Time) error {
	changed, looked := false, at.Add(-pinSlack)
	for _, r := range seen {
		_, known := i.Message(channel, r.TS)
		if !known && (len(r.People) == 0 || len(i.Messages) >= maxMessages) {
			continue
		}
		by := ""
		if len(r.People) > 0 {
			by = r.People[0]
		}
		changed = i.changeMessage(channel, r.TS, by, now, func(m *Message) bool {
			changed := m.unreact(r.People, looked)
			for _, person := range r.People {
				changed = m.react(person, looked) || changed
			}
			return !r.Said.At.IsZero() && m.read(r.Said) || changed
		}) || changed
	}
	if !changed {
		return Errorf(NothingToDo, "The timeline of %s has all that has a :pushpin:.", i.Ref())
	}
	return nil
}

// unreact takes in who had the reaction at a time; whoever had it before took it
// back.
func (m *Message) unreact(people []string, at time.Time) bool {
	changed := false
	for _, k := range slices.Clone(m.Marks) {
		if k.Way == WayReaction && k.On && k.At.Before(at) && !slices.Contains(people, k.By) {
			changed = m.mark(Mark{Way: WayReaction, By: k.By, At: at}) || changed
		}
	}
	return changed
}

// react takes in that somebody had the reaction at a time.
func (m *Message) react(person string, at time.Time) bool {
	for _, k := range m.Marks {
		if k.Way == WayReaction && k.By == person && (k.On || k.At.After(at)) {
			return false
		}
	}
	return m.mark(Mark{Way: WayReaction, By: person, At: at, On: true})
}

// look takes in whether the message was pinned at a time.
func (m *Message) look(on bool, at time.Time) bool {
	known := Mark{Way: WayPin}
	for _, k := range m.Marks {
		if k.Way == WayPin {
			known = k
		}
	}
	if known.On == on || known.At.After(at) {
		return false
	}
	return m.mark(Mark{Way: WayPin, At: at, On: on})
}

// Mark puts a message into the timeline or takes it out; the mark's maker acts.
func (d *Desk) Mark(ctx context.Context, number int64, channel, ts string, said *Said, k Mark, act Act) (*Incident, error) {
	return d.change(ctx, number, act, func(i *Incident, now time.Time, _ told) error {
		k.By = act.By
		if k.At.IsZero() {
			k.At = now
		}
		return i.Mark(channel, ts, said, k, now)
	})
}

// Follow takes in what became of a message of the timeline.
func (d *Desk) Follow(ctx context.Context, number int64, channel, ts string, said *Said, act Act) (*Incident, error) {
	act.own = true
	return d.change(ctx, number, act, func(i *Incident, now time.Time, _ told) error {
		return i.Follow(channel, ts, said, act.By, now)
	})
}

// Pins takes in which messages of a channel are pinned; that was asked a while ago.
func (d *Desk) Pins(ctx context.Context, number int64, channel string, pinned []Pinned, ago time.Duration, act Act) (*Incident, error) {
	act.own = true
	return d.change(ctx, number, act, func(i *Incident, now time.Time, _ told) error {
		return i.Pins(channel, pinned, now.Add(-ago), now)
	})
}

// Reactions takes in who had the reaction on messages of a channel a while ago.
func (d *Desk) Reactions(ctx context.Context, number int64, channel string, seen []Reacted, ago time.Duration, act Act) (*Incident, error) {
	act.own = true
	return d.change(ctx, number, act, func(i *Incident, now time.Time, _ told) error {
		return i.Reactions(channel, seen, now.Add(-ago), now)
	})
}

// Unreacted takes in who had a reaction on a message a while ago.
func (d *Desk) Unreacted(ctx context.Context, number int64, channel, ts string, people []string, ago time.Duration, act Act) (*Incident, error) {
	act.own = true
	return d.change(ctx, number, act, func(i *Incident, now time.Time, _ told) error {
		return i.Unreacted(channel, ts, people, now.Add(-ago), now)
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
