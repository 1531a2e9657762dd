package room

import (
	"context"
	"errors"
	"strconv"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
)

// StepReminder is the step that reminds of updates.
const StepReminder = "reminder"

// reminder keeps the messages that ask for an update. Only the newest asks; the
// others say how they ended. One that ended before it could be said is not said.
func (r *Room) reminder(ctx context.Context, p *reconcile.Pass) error {
	var waits error
	live, asked := p.Cadence.Live()
	for _, one := range p.Cadence.Reminders {
		key := incident.KeyReminder + strconv.Itoa(one.N)
		asks := asked && one.N == live.N
		text, blocks := Reminder(p.Case, one, asks)
		_, err := r.Poster.Keep(ctx, p, reconcile.Message{
			Key: key, Channel: p.Room(incident.RoomMain).ID, Text: text, Blocks: blocks, LetGo: true, IfThere: !asks,
		})
		if errors.Is(err, reconcile.ErrNewer) || errors.Is(err, incident.ErrFenced) {
			return err
		}
		// An old message that can't be edited now does not hold up the new one.
		waits = errors.Join(waits, err)
	}
	return waits
}

// Reminder shows a reminder: while it asks, with the answers as buttons.
func Reminder(c *incident.Case, r incident.Reminder, asks bool) (text string, blocks []slack.Block) {
	if !asks {
		line := reminderEnd(r)
		return block.Fallback(line), []slack.Block{block.Context(line)}
	}
	line := block.Textf("*%s* (%s) is due for an update since %s: readers wait for it.", c.Ref(), c.Definitions.Severity(c.Severity).Name, block.Time(r.Due))
	if r.To != "" {
		line = block.User(r.To) + " " + line
	}
	number, n := c.Number, strconv.Itoa(r.N)
	return block.Fallback(line), []slack.Block{
		block.Section(":alarm_clock: " + line),
		block.Actions(
			block.Primary("Post update", block.ActUpdate, block.Value(number)),
			block.Button("Nothing new", block.ActNothing, block.Value(number, n)),
			block.Button("Snooze 15", block.ActSnooze, block.Value(number, n, "15")),
			block.Button("Snooze 30", block.ActSnooze, block.Value(number, n, "30")),
			block.Button("Stop", block.ActStop, block.Value(number, n))),
	}
}

// reminderEnd says how a reminder ended.
func reminderEnd(r incident.Reminder) block.Markup {
	by := block.User(r.By)
	switch r.Answer {
	case incident.AnswerUpdate:
		return block.Textf("Reminder answered by %s with an update.", by)
	case incident.AnswerNothing:
		return block.Textf("Reminder answered by %s: nothing new, next update by %s.", by, block.Time(r.Until))
	case incident.AnswerSnooze:
		return block.Textf("Reminder snoozed by %s until %s.", by, block.Time(r.Until))
	case incident.AnswerStop:
		return block.Textf("Reminders stopped by %s until the severity changes.", by)
	case incident.AnswerOver:
		return "Reminder over: no update is due any more."
	default:
		return "Reminder superseded by a newer one."
	}
}
