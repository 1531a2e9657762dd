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
		looked, err := d.store.ChangeDue(ctx, now, tickSize, d.rules.StaleEvery, func(i *Incident) bool { return i.Tick(d.rulesFor(i), now) })
		if err != nil {
			return err
		}
		if looked < tickSize {
			return d.raiseChecks(ctx, now)
		}
	}
}
