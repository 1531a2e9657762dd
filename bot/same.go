package bot

import (
	"context"
	"strconv"

	"muster/block"
	"muster/incident"
)

// isTheSame hears that what somebody declared is an incident that was open
// before, whose number follows.
func (b *Bot) isTheSame(ctx context.Context, c click) error {
	of, err := strconv.ParseInt(c.rest, 10, 64)
	if err != nil {
		return nil
	}
	original, err := b.Desk.JoinOriginal(ctx, c.number, of, c.act)
	if err != nil {
		return err
	}
	room, err := b.Reader.RoomOf(ctx, of)
	if err != nil {
		return err
	}
	text := block.Textf("*%s* is closed as a duplicate of %s.", incident.Ref(c.number), block.Called(original))
	if room != "" {
		text += block.Textf(" You are being added to %s.", block.Channel(room))
	}
	if c.in.View.ID == "" {
		b.replace(ctx, c.in.ResponseURL, text)
		return nil
	}
	view := block.Form("", original.Ref(), "", "", block.Section(text))
	if _, err := b.Slack.UpdateViewContext(ctx, view, "", "", c.in.View.ID); err != nil {
		b.Log.Warn().Err(err).Msg("answer in a form")
	}
	return nil
}
