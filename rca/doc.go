// Package rca makes what follows a resolved incident: a channel in which its
// causes are worked out, and the people who were responsible in it.
//
// Its steps come after all others have ended: nobody waits for a review to see
// that the incident is over.
package rca

import (
	"context"

	"muster/channel"
	"muster/incident"
	"muster/reconcile"
)

// Store is where this package's facts are kept.
type Store interface {
	EndDeed(ctx context.Context, c *incident.Claim, d incident.Deed) error
}

// RCA holds what the steps need.
type RCA struct {
	Store    Store
	Poster   *reconcile.Poster
	Channels *channel.Maker
	// Prefix begins every channel name: "inc" of inc-42-checkout-rca.
	Prefix string
}

// The names of the steps, as they stand in the database and before people.
const (
	StepChannel = "rca channel"
	StepPeople  = "rca people"
	StepOpener  = "rca opener"
)

// Steps are the concerns of a review. room is the step that makes the
// incident's room, and others are all steps that come before.
func (r *RCA) Steps(room string, others []string) []reconcile.Step {
	in := []string{StepChannel}
	return []reconcile.Step{
		{Name: StepChannel, Needs: []string{room}, Waits: others, Run: r.channel},
		{Name: StepOpener, Needs: in, Run: r.opener},
		{Name: StepPeople, Needs: in, Waits: []string{StepOpener}, Run: r.people},
	}
}

// channel makes the channel when the incident is resolved. Resolved again, the
// incident keeps the one that it has.
func (r *RCA) channel(ctx context.Context, p *reconcile.Pass) error {
	if p.Status.Open() {
		return nil
	}
	return r.Channels.Ensure(ctx, p, incident.RoomRCA, func(try int) string {
		return channel.Name(r.Prefix, p.Number, p.Title, "-rca", try)
	})
}
