package incident

import (
	"context"
	"slices"
	"time"
)

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
