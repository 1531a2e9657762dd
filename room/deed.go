package room

import (
	"context"
	"fmt"

	"muster/incident"
	"muster/reconcile"
)

// settled notes how a call ended: that it worked, that Slack will never do it
// (which is no error then), or nothing, with an error to try again.
func (r *Room) settled(ctx context.Context, p *reconcile.Pass, d incident.Deed, act string, err error) error {
	if err == nil {
		return p.EndDeed(ctx, r.Store, d)
	}
	p.Suspect(p.Room(incident.RoomMain).ID, err)
	if reconcile.Classify(err) == reconcile.Never {
		d.Error = reconcile.Explain(err)
		return p.EndDeed(ctx, r.Store, d)
	}
	return fmt.Errorf("%s: %w", act, reconcile.Held(err, p.Now()))
}
