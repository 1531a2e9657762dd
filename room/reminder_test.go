package room_test

import (
	"strings"
	"testing"
	"time"

	"muster/incident"
	"muster/incident/incidenttest"
	"muster/room"
	"muster/sandbox/blockkit"
	"muster/sandbox/blockkit/blockkittest"
	"muster/sandbox/golden"
)

func TestReminders(t *testing.T) {
	t.Parallel()
	c := incidenttest.Staged()["critical"]
	due := incidenttest.DeclaredAt.Add(30 * time.Minute)
	until := due.Add(15 * time.Minute)
	var out []string
	draw := func(r incident.Reminder, asks bool) {
		text, blocks := room.Reminder(c, r, asks)
		raw := blockkittest.Message(t, text, blocks)
		out = append(out, blockkit.Mrkdwn(text, names{})+"\n"+blockkit.Text(raw, names{}))
	}
	draw(incident.Reminder{N: 1, Due: due}, true)
	draw(incident.Reminder{N: 1, Due: due, To: "UANA"}, true)
	for _, how := range []incident.Answer{
		"", incident.AnswerUpdate, incident.AnswerNothing, incident.AnswerSnooze, incident.AnswerStop, incident.AnswerOver,
	} {
		draw(incident.Reminder{N: 1, Due: due, Answer: how, By: "UBO", Until: until}, false)
	}
	golden.Check(t, "reminders", strings.Join(out, "\n---\n"))
}
