package incident

import (
	"context"
	"time"
)

// ReplacePage wishes that the review's page be written anew, whatever people
// made of it.
func (i *Incident) ReplacePage(by string, now time.Time) error {
	if i.Status != Resolved {
		return Errorf(Conflict, "%s is %s; its page is written when it is resolved.", i.Ref(), i.Standing())
	}
	i.note(Entry{Kind: EntryReplaced, At: now, By: by, Quiet: true})
	return nil
}

// ReplacePage wishes that the review's page be written anew, whatever people
// made of it.
func (d *Desk) ReplacePage(ctx context.Context, number int64, act Act) (*Incident, error) {
	return d.change(ctx, number, act, func(i *Incident, now time.Time, _ told) error {
		return i.ReplacePage(act.By, now)
	})
}
