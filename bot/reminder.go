package bot

import (
	"context"
	"strconv"
	"strings"
	"time"

	"muster/block"
	"muster/incident"
)

// answerReminder hears the buttons of a reminder. rest is the reminder's number
// and, for a snooze, its minutes.
func (b *Bot) answerReminder(ctx context.Context, how block.Action, number int64, rest string, act incident.Act) error {
	which, length, _ := strings.Cut(rest, " ")
	n, err := strconv.Atoi(which)
	if err != nil {
		return nil
	}
	switch how {
	case block.ActNothing:
		_, err = b.Desk.NothingNew(ctx, number, n, act)
	case block.ActStop:
		_, err = b.Desk.Stop(ctx, number, n, act)
	default:
		minutes, _ := strconv.Atoi(length)
		_, err = b.Desk.Snooze(ctx, number, n, time.Duration(minutes)*time.Minute, act)
	}
	return err
}
