package bot

import (
	"context"
	"strconv"
	"strings"
	"time"

	"muster/block"
)

// answerReminder hears the buttons of a reminder. What follows the incident is the
// reminder's number and, for a snooze, its minutes.
func (b *Bot) answerReminder(ctx context.Context, c click) error {
	which, length, _ := strings.Cut(c.rest, " ")
	n, err := strconv.Atoi(which)
	if err != nil {
		return nil
	}
	switch c.action {
	case block.ActNothing:
		_, err = b.Desk.NothingNew(ctx, c.number, n, c.act)
	case block.ActStop:
		_, err = b.Desk.Stop(ctx, c.number, n, c.act)
	default:
		minutes, _ := strconv.Atoi(length)
		_, err = b.Desk.Snooze(ctx, c.number, n, time.Duration(minutes)*time.Minute, c.act)
	}
	return err
}
