package bot

import (
	"context"

	"muster/block"
	"muster/incident"
)

// console answers with a link that signs the person in. A command that comes
// twice makes two, each of which works once.
func (b *Bot) console(ctx context.Context, a asked) (answer, error) {
	if b.Invite == nil {
		return only("There is no console here. Whoever runs muster can switch it on with `CONSOLE_ADDR`."), nil
	}
	if err := b.Inside(ctx, a.UserID); err != nil {
		return nil, err
	}
	link, err := b.Invite(ctx, a.UserID)
	if err != nil {
		return nil, err
	}
	text := block.Link(link, "Open the console") + " – this link signs you in, once and within ten minutes. Don't pass it on."
	return only("A link to the console", block.Section(text)), nil
}

// Inside refuses who may not use the console: all who may do nothing here, bots,
// and whose account was deactivated since they came in.
func (b *Bot) Inside(ctx context.Context, id string) error {
	if err := b.may(ctx, id); err != nil {
		return err
	}
	if who := b.account(ctx, id); who.deleted || who.bot {
		return incident.Errorf(incident.Forbidden, "That account was deactivated in Slack.")
	}
	return nil
}

// See reads an incident if a person may know of it.
func (b *Bot) See(ctx context.Context, person string, number int64) (*incident.Incident, error) {
	return b.incident(acting(ctx, person, ""), number)
}

// MayHold refuses a role for who can't play it.
func (b *Bot) MayHold(ctx context.Context, id string) error { return b.mayHold(ctx, id) }

// MayDo refuses an owner of a follow-up who can't be one, and finds out what time
// it is where who is reminded lives.
func (b *Bot) MayDo(ctx context.Context, by string, t *incident.ToDo) error {
	return b.mayDo(ctx, by, t)
}
