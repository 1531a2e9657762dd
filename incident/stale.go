package incident

import (
	"context"
	"time"
)

// StaleList is what is open for too long, the worst first.
type StaleList struct {
	// At is when the list was begun.
	At   time.Time
	List []Listed
	// Total counts all that are stale, which may be more than are listed.
	Total int
}

// CommanderDue is when people are asked for a commander: when nobody has been one
// for long enough, once.
func (i *Incident) CommanderDue(r Rules) time.Time {
	_, held := i.Holder(Commander)
	if held || i.Test || !i.Status.Open() || r.Commander <= 0 || !i.Cadence.PromptedAt.IsZero() {
		return time.Time{}
	}
	return latest(i.DeclaredAt, i.Cadence.CommanderFreeAt).Add(r.Commander)
}

// StaleDue is when the incident is called stale: when it is old enough, again
// while it stays open, and not for as long after somebody said that it is still
// worked on.
func (i *Incident) StaleDue(r Rules) time.Time {
	if i.Test || !i.Status.Open() || r.Stale <= 0 || r.StaleEvery <= 0 {
		return time.Time{}
	}
	due := latest(i.DeclaredAt, i.Cadence.KeptAt).Add(r.Stale)
	if !i.Cadence.StaleAt.IsZero() {
		due = latest(due, i.Cadence.StaleAt.Add(r.StaleEvery))
	}
	return due
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// StillWorking keeps an incident from being called stale for as long as a new
// one.
func (i *Incident) StillWorking(by string, now time.Time) error {
	if err := i.OpenTo("work on it"); err != nil {
		return err
	}
	if c := i.Cadence; c.StaleAt.IsZero() || !c.KeptAt.Before(c.StaleAt) {
		return Errorf(NothingToDo, "Somebody said so already.")
	}
	// Another replica's clock may have been ahead when it was called stale.
	i.Cadence.KeptAt = latest(now, i.Cadence.StaleAt)
	i.note(Entry{Kind: EntryKept, At: now, By: by})
	return nil
}

// StillWorking says that an incident that was called stale is still worked on.
func (d *Desk) StillWorking(ctx context.Context, number int64, act Act) (*Incident, error) {
	return d.change(ctx, number, act, func(i *Incident, now time.Time, _ told) error {
		return i.StillWorking(act.By, now)
	})
}
