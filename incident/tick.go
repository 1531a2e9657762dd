package incident

import (
	"context"
	"time"
)

// NothingNew answers reminder n: there is nothing to tell.
func (d *Desk) NothingNew(ctx context.Context, number int64, n int, act Act) (*Incident, error) {
	return d.change(ctx, number, act, func(i *Incident, now time.Time, _ told) error {
		return i.NothingNew(n, d.rulesFor(i), act.By, now)
	})
}

// Snooze answers reminder n: the next one comes that long from now.
func (d *Desk) Snooze(ctx context.Context, number int64, n int, length time.Duration, act Act) (*Incident, error) {
	return d.change(ctx, number, act, func(i *Incident, now time.Time, _ told) error {
		return i.Snooze(n, length, act.By, now)
	})
}

// Stop answers reminder n: no other one until the severity changes.
func (d *Desk) Stop(ctx context.Context, number int64, n int, act Act) (*Incident, error) {
	return d.change(ctx, number, act, func(i *Incident, now time.Time, _ told) error {
		return i.Stop(n, act.By, now)
	})
}

// tickSize is how many incidents are looked at in one transaction.
const tickSize = 100

// Tick does what is due in all incidents. Any number of replicas may call it at
// any time: who comes second finds nothing due.
func (d *Desk) Tick(ctx context.Context) error {
	for {
		now := d.now()
		var told []EntryKind
		looked, err := d.store.ChangeDue(ctx, now, tickSize, d.rules.StaleEvery, func(i *Incident) bool {
			before := len(i.news)
			said := i.Tick(d.rulesFor(i), now)
			for _, e := range i.news[before:] {
				told = append(told, e.Kind)
			}
			return said
		})
		if err != nil {
			return err
		}
		if d.reminded != nil {
			for _, kind := range told {
				d.reminded(kind)
			}
		}
		if looked < tickSize {
			return d.raiseChecks(ctx, now)
		}
	}
}

// OnReminder lets what the clock tells people be counted: kind is that of the
// entry.
func (d *Desk) OnReminder(counted func(kind EntryKind)) *Desk {
	d.reminded = counted
	return d
}
