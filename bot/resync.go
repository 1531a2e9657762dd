package bot

import (
	"context"

	"muster/block"
	"muster/incident"
)

// resync lets an incident be compared with Slack. The answer says what that does;
// what it puts right is said in the room.
func (b *Bot) resync(ctx context.Context, number int64) (answer, error) {
	if err := b.Desk.Resync(ctx, number); err != nil {
		return nil, err
	}
	// What is pinned there is compared as well.
	if room, err := b.Reader.RoomOf(ctx, number); err == nil && room != "" {
		if err := b.lookForPinsIn(ctx, room, 0); err != nil {
			return nil, err
		}
	}
	return only(block.Textf("*%s* is compared with Slack now: channel, members, topic, card, pins, bookmarks, digest message. "+
		"What had to be put right is said in its channel.", incident.Ref(number))), nil
}
