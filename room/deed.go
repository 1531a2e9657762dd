package room

import (
	"context"
	"fmt"

	"muster/incident"
	"muster/reconcile"
)

// begin notes that a deed that may not be repeated blindly is about to be
// tried.
func (r *Room) begin(ctx context.Context, p *reconcile.Pass, key, value string) error {
	at := p.Now()
	if err := r.Store.BeginDeed(ctx, p.Claim, key, value, at); err != nil {
		return fmt.Errorf("begin %s: %w", key, err)
	}
	p.SetDeed(incident.Deed{Key: key, Value: value, AttemptedAt: at})
	return nil
}

// done notes that it is so.
func (r *Room) done(ctx context.Context, p *reconcile.Pass, d incident.Deed) error {
	d.DoneAt = p.Now()
	return r.note(ctx, p, d)
}

// settled notes how a call ended: that it worked, that Slack will never do it
// (which is no error then), or nothing, with an error to try again.
func (r *Room) settled(ctx context.Context, p *reconcile.Pass, d incident.Deed, act string, err error) error {
	if err == nil {
		return r.done(ctx, p, d)
	}
	p.Suspect(p.Room(incident.RoomMain).ID, err)
	if reconcile.Classify(err) == reconcile.Never {
		d.Error = reconcile.Explain(err)
		return r.done(ctx, p, d)
	}
	return fmt.Errorf("%s: %w", act, reconcile.Held(err, p.Now()))
}

func (r *Room) note(ctx context.Context, p *reconcile.Pass, d incident.Deed) error {
	if err := r.Store.EndDeed(ctx, p.Claim, d); err != nil {
		return fmt.Errorf("note %s: %w", d.Key, err)
	}
	p.SetDeed(d)
	return nil
}
