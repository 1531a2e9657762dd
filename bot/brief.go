package bot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// atCreation is how long after the card those whom muster brings belong to the
// first ones, who have seen all that there is.
const atCreation = 30 * time.Second

// memberJoined tells somebody who comes into a room later how things stand. They
// alone see it.
func (b *Bot) memberJoined(ctx context.Context, e event, attempt int) error {
	if err := b.membersMoved(ctx, e, attempt); err != nil {
		return err
	}
	if e.Inner.User == b.Place.BotUser {
		return b.Channels.PostsBack(ctx, e.Inner.Channel)
	}
	number, card, err := b.Reader.RoomCard(ctx, e.Inner.Channel)
	if err != nil || number == 0 || !b.comesLate(ctx, e, card) {
		return err
	}
	s, err := b.standing(ctx, number)
	if err != nil {
		return err
	}
	if e.Inner.Inviter == b.Place.BotUser && knows(s.incident, e.Inner.User) {
		return nil
	}
	text := block.Textf("You have come to %s.", block.Called(s.incident))
	_, err = b.Slack.PostEphemeralContext(ctx, e.Inner.Channel, e.Inner.User,
		slack.MsgOptionText(block.Said(s.incident, s.definitions, text), false), slack.MsgOptionBlocks(briefBlocks(s.incident, s.definitions)...))
	if err != nil && passing(err) {
		return fmt.Errorf("brief somebody who came: %w", err)
	}
	// Who has left again, or a room that is gone, needs no brief.
	return nil
}

// comesLate reports whether somebody who joined may not know how things stand. card
// is the ts of the room's first message, which whoever was there before saw come.
func (b *Bot) comesLate(ctx context.Context, e event, card string) bool {
	began, joined := incident.ParseTS(card), incident.ParseTS(e.Inner.EventTS)
	if e.Inner.Inviter == b.Place.BotUser {
		began = began.Add(atCreation)
	}
	if card == "" || joined.Before(began) {
		return false
	}
	return !b.account(ctx, e.Inner.User).bot && b.may(ctx, e.Inner.User) == nil
}

// knows reports whether somebody whom muster brings has just read how things stand:
// they declared the incident, or claimed a role where that was shown.
func knows(i *incident.Incident, person string) bool {
	claimed := slices.ContainsFunc(i.Roles, func(a incident.Assignment) bool { return a.User == person && a.By == person })
	return claimed || person == i.Declarer
}

// briefBlocks say what is known, what was told last, who does what, and what is
// free to claim.
func briefBlocks(i *incident.Incident, d incident.Definitions) []slack.Block {
	blocks := []slack.Block{block.Section(block.Textf("You have come to ") + headline(i, d, ""))}
	if i.Summary != "" {
		blocks = append(blocks, block.Plain(i.Summary))
	}
	if told := block.Told(i); told != "" {
		blocks = append(blocks, block.Context(told))
	}
	var held []block.Markup
	for _, role := range d.RolesOf(i) {
		if _, taken := i.Holder(role.Key); taken {
			held = append(held, block.Textf("%s: %s", role.Name, block.Holder(i, role.Key)))
		}
	}
	if len(held) > 0 {
		blocks = append(blocks, block.Section(block.Join(held, "\n")))
	}
	if i.Status.Open() {
		for _, role := range d.Free(i)[:min(len(d.Free(i)), maxMissing)] {
			blocks = append(blocks, block.Row(block.Textf("%s is free", role.Name), block.Button("Claim", block.ActClaim, block.Value(i.Number, role.Key))))
		}
	}
	return append(blocks, block.Actions(
		block.Button("Timeline", block.ActTimeline, block.Value(i.Number)),
		block.Button("All that can be done", block.ActShow, block.Value(i.Number))))
}
