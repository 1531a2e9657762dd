package rca

import (
	"context"
	"slices"

	"muster/incident"
	"muster/reconcile"
)

// people invites, once, whoever the review needs.
func (r *RCA) people(ctx context.Context, p *reconcile.Pass) error {
	rca := p.Room(incident.RoomRCA)
	if rca.ID == "" || p.Status != incident.Resolved {
		return nil
	}
	called := Invited(&p.Incident)
	if err := r.invite(ctx, p, rca.ID, called); err != nil {
		return err
	}
	for _, user := range called {
		if p.Deed(invited(user)).Error == "" {
			return nil
		}
	}
	// Of those whom it needs nobody can come, such as an account that is no longer.
	return r.invite(ctx, p, rca.ID, []string{p.ResolvedBy})
}

// invite invites those who were not invited yet.
func (r *RCA) invite(ctx context.Context, p *reconcile.Pass, channel string, users []string) error {
	var missing []string
	for _, user := range users {
		if user != "" && p.Deed(invited(user)).DoneAt.IsZero() {
			missing = append(missing, user)
		}
	}
	note := func(user, reason string) error {
		return p.EndDeed(ctx, r.Store, incident.Deed{Key: invited(user), Value: user, Error: reason})
	}
	if err := r.Channels.Invite(ctx, p, channel, slices.Clone(missing), note); err != nil {
		return err
	}
	for _, user := range missing {
		if !p.Deed(invited(user)).DoneAt.IsZero() {
			continue
		}
		if err := note(user, ""); err != nil {
			return err
		}
	}
	return nil
}

func invited(user string) string { return incident.KeyReviewInvite + user }

// Invited lists who is called to the review: commander and technical lead, or
// who resolved the incident if nobody was either. Who has left the room of a
// private incident is not called.
func Invited(i *incident.Incident) []string {
	var list []string
	for _, role := range []string{incident.Commander, incident.TechnicalLead} {
		if held, ok := i.Holder(role); ok && i.VisibleTo(held.User) && !slices.Contains(list, held.User) {
			list = append(list, held.User)
		}
	}
	if len(list) == 0 && i.ResolvedBy != "" {
		list = append(list, i.ResolvedBy)
	}
	return list
}
