package bot

import (
	"context"
	"strconv"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// isTheSame hears that what somebody declared is an incident that was open
// before. rest is that one's number.
func (b *Bot) isTheSame(ctx context.Context, in slack.InteractionCallback, number int64, rest string, act incident.Act) error {
	of, err := strconv.ParseInt(rest, 10, 64)
	if err != nil {
		return nil
	}
	original, err := b.Desk.JoinOriginal(ctx, number, of, act)
	if err != nil {
		return err
	}
	room, err := b.Reader.RoomOf(ctx, of)
	if err != nil {
		return err
	}
	text := block.Textf("*%s* is closed as a duplicate of %s.", incident.Ref(number), block.Called(original))
	if room != "" {
		text += block.Textf(" You are being added to %s.", block.Channel(room))
	}
	if in.View.ID == "" {
		b.replace(ctx, in.ResponseURL, text)
		return nil
	}
	view := block.Form("", original.Ref(), "", "", block.Section(text))
	if _, err := b.Slack.UpdateViewContext(ctx, view, "", "", in.View.ID); err != nil {
		b.Log.Warn().Err(err).Msg("answer in a form")
	}
	return nil
}
