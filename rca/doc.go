// Package rca makes what follows a resolved incident: a channel in which its
// causes are worked out, the people who were responsible in it, and a page in
// Confluence.
//
// Its steps come after all others have ended: nobody waits for a review to see
// that the incident is over.
package rca

import (
	"context"
	"io"

	"muster/channel"
	"muster/incident"
	"muster/reconcile"
)

// Store is where this package's facts are kept.
type Store interface {
	reconcile.DeedStore
	Timeline(ctx context.Context, number int64) ([]incident.Entry, error)
}

// Slack is what this package asks of Slack, beside channels and posting.
type Slack interface {
	GetFileContext(ctx context.Context, address string, out io.Writer) error
}

// Names knows what people are called: Slack's ids mean nothing on a page.
type Names interface {
	Of(ctx context.Context, ids ...string) (map[string]string, error)
}

// RCA holds what the steps need.
type RCA struct {
	Pages
	Slack    Slack
	Names    Names
	Store    Store
	Poster   *reconcile.Poster
	Channels *channel.Maker
	// Prefix begins every channel name: "inc" of inc-42-checkout-rca.
	Prefix string

	// others are the steps that come before.
	others []string
}

// The names of the steps, as they stand in the database and before people.
const (
	StepChannel = "rca channel"
	StepPeople  = "rca people"
	StepOpener  = "rca opener"
	StepPage    = "rca page"
	StepState   = "rca state"
	StepPicture = "rca picture"
	StepImages  = "rca images"
)

// Steps are the concerns of a review. room is the step that makes the
// incident's room, and others are all steps that come before.
func (r *RCA) Steps(room string, others []string) []reconcile.Step {
	r.others = others
	in := []string{StepChannel}
	return []reconcile.Step{
		{Name: StepChannel, Needs: []string{room}, Waits: others, Run: r.channel},
		{Name: StepOpener, Needs: in, Run: inside(r.opener)},
		{Name: StepPeople, Needs: in, Waits: []string{StepOpener}, Run: inside(r.people)},
		{Name: StepPage, Waits: []string{StepOpener, StepPeople}, Run: r.page},
		{Name: StepPicture, Waits: []string{StepPage}, Run: r.picture},
		{Name: StepImages, Waits: []string{StepPage}, Run: r.images},
		// The opener said that the page is being made, should that take long.
		{Name: StepState, Needs: in, Waits: []string{StepPage}, Run: inside(r.opener)},
	}
}

// inside runs a step only where muster can work in the review's channel, and where it
// says nothing private in public.
func inside(run func(context.Context, *reconcile.Pass) error) func(context.Context, *reconcile.Pass) error {
	return func(ctx context.Context, p *reconcile.Pass) error {
		rca := p.Room(incident.RoomRCA)
		if !rca.Open() || p.Private && rca.ID != "" && !rca.Hidden() {
			return nil
		}
		return run(ctx, p)
	}
}

// channel makes the channel when the incident is resolved. Resolved again, the
// incident keeps the one that it has. What was cancelled or is a duplicate has
// nothing to be reviewed. Reopened before it is known whether there is one, it has the one
// that there is, as if that had been known.
func (r *RCA) channel(ctx context.Context, p *reconcile.Pass) error {
	if p.Status != incident.Resolved {
		return r.Channels.Settle(ctx, p, incident.RoomRCA)
	}
	return r.Channels.Ensure(ctx, p, incident.RoomRCA, func(try int) string {
		return channel.Name(r.Prefix, p.Number, channel.Words(&p.Incident), "-rca", try)
	})
}
