package incident

import (
	"context"
	"slices"
	"time"
)

// Pinned is a message that is pinned.
type Pinned struct {
	TS   string
	Said Said
}

// aheadOfSlack is how much the program's clock may be ahead of Slack's: what was done
// to a pin later than that before a look is newer than the look.
const aheadOfSlack = time.Minute

// Pins takes in which messages of a channel were pinned at a time. What was pinned
// or unpinned while nobody listened is made up for.
func (i *Incident) Pins(channel string, pinned []Pinned, at, now time.Time) error {
	changed, looked := false, at.Add(-aheadOfSlack)
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
	looked := at.Add(-aheadOfSlack)
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
	changed, looked := false, at.Add(-aheadOfSlack)
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
