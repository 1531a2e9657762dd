package incident

import (
	"context"
	"time"
)

// RoomState says whether muster can work in a channel of an incident.
type RoomState string

// The states. People bring them about: muster never archives, deletes or leaves.
const (
	RoomOpen     RoomState = ""
	RoomArchived RoomState = "archived"
	// RoomAway is a channel that muster is no member of.
	RoomAway RoomState = "away"
	// RoomGone is one that Slack does not know any more, or that is private and
	// without muster: Slack says the same of both.
	RoomGone RoomState = "gone"
)

// Open reports whether muster can work in the channel, or make it.
func (r Room) Open() bool { return r.State == RoomOpen }

// Sighting is what Slack says of a channel of an incident.
type Sighting struct {
	Purpose RoomPurpose
	Channel string
	Name    string
	State   RoomState
	// Private is whether Slack shows it to its members alone, and Public whether it shows
	// it to all: neither if Slack says nothing.
	Private, Public bool
	// By is who brought it about, or empty if nobody knows.
	By string
	At time.Time
	// Noticed is the count of hints that this answers.
	Noticed int64
}

// Vacate takes all roles from a person whose account is no longer, while the incident
// is open, and, also afterwards, all that is theirs to do: whoever wrote that down is
// told that it has nobody any more.
func (i *Incident) Vacate(person string, now time.Time) error {
	left := false
	for _, a := range i.Roles {
		if a.User != person || !i.Status.Open() {
			continue
		}
		left = true
		i.vacate(Role{Key: a.Role})
		if a.Role == Commander {
			i.Cadence.CommanderFreeAt = now
		}
		i.note(Entry{Kind: EntryRole, At: now, Role: a.Role, From: person})
	}
	for _, f := range i.FollowUps {
		if f.Owner == person && f.Open() && i.pursued() {
			left = true
			f.Owner, f.GivenBy, f.GivenAt, f.ChangedBy = "", "", now, ""
			i.putFollowUp(f, EntryTodoChanged, "", now, true)
		}
	}
	if !left {
		return Errorf(NothingToDo, "{who} has nothing to do in %s.", i.Ref())
	}
	return nil
}

// Deactivated takes a person whose account is no longer out of all roles of open
// incidents, and takes their follow-ups from them. key is the event's.
func (d *Desk) Deactivated(ctx context.Context, person, key string) error {
	numbers, err := d.store.HeldBy(ctx, person)
	if err != nil {
		return err
	}
	for _, number := range numbers {
		_, err := d.change(ctx, number, Act{Key: key, own: true}, func(i *Incident, now time.Time, _ told) error {
			return i.Vacate(person, now)
		})
		if err != nil && !IsKind(err, NothingToDo) && !IsKind(err, Conflict) {
			return err
		}
	}
	return nil
}

// Resync compares what muster has on record of an incident with Slack, and puts
// right what people changed there. It decides nothing.
func (d *Desk) Resync(ctx context.Context, number int64) error {
	return d.store.Resync(ctx, number, d.now())
}

const (
	// CheckEvery is how often the messages of an open incident that everybody looks
	// at are written anew, since somebody may have deleted them unheard.
	CheckEvery = 6 * time.Hour
	// checkTick is how often muster looks for which it is time, and checkSize how
	// many it takes at once: each costs Slack two calls.
	checkTick, checkSize = time.Minute, 10
)

// raiseChecks lets a few incidents be checked.
func (d *Desk) raiseChecks(ctx context.Context, now time.Time) error {
	last := time.Unix(0, d.checked.Load())
	if since := now.Sub(last); since >= 0 && since < checkTick {
		return nil
	}
	if err := d.store.RaiseChecks(ctx, now, CheckEvery, checkSize); err != nil {
		return err
	}
	d.checked.Store(now.UnixNano())
	return nil
}
