package bot

import (
	"context"
	"slices"

	"muster/incident"
)

// Administers refuses who may not change settings: anybody but the workspace's
// admins and owners, and those whom the environment names. It asks Slack anew:
// who is none any more must not change anything.
func (b *Bot) Administers(ctx context.Context, id string) error {
	if err := b.may(ctx, id); err != nil {
		return err
	}
	if slices.Contains(b.Admins, id) {
		return nil
	}
	who := b.askAccount(ctx, id)
	switch {
	case who.admin && !who.deleted:
		return nil
	case who.silent:
		return incident.Errorf(incident.Forbidden, "Slack doesn't say at the moment whether you are an administrator. Nothing was changed. Try again in a minute.")
	}
	return incident.Errorf(incident.Forbidden, "Only administrators can change settings: admins and owners of this workspace, and whom ADMIN_USERS names. Nothing was changed.")
}

// administers is the same for what is only shown: it may be some minutes old.
func (b *Bot) administers(ctx context.Context, id string) bool {
	return slices.Contains(b.Admins, id) || b.account(ctx, id).admin
}

// mayHelp refuses who may do nothing, unless guests may do the little that is
// asked for, and it is asked for in the room of an incident: what there is besides
// is not for them to learn.
func (b *Bot) mayHelp(ctx context.Context, id, channel string, little bool) error {
	refusal := b.may(ctx, id)
	if refusal == nil || !little || b.account(ctx, id).missing {
		return refusal
	}
	definitions, err := b.Reader.Definitions(ctx)
	if err != nil {
		return err
	}
	if !definitions.Settings.Guests {
		return refusal
	}
	number, err := b.Reader.InRoom(ctx, channel)
	if err == nil && number == 0 {
		err = refusal
	}
	return err
}
