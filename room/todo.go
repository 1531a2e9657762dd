package room

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
)

// StepTodos is the step that tells people of their follow-ups.
const StepTodos = "follow-ups"

// todos tells each person once that something is theirs to do, and once, on the
// due day, that it still is. What was done before it could be said is not said.
func (r *Room) todos(ctx context.Context, p *reconcile.Pass) error {
	for _, f := range p.FollowUps {
		for _, told := range todoMessages(p.Case, f) {
			if said := p.Posting(told.key); said.TS != "" || said.Error != "" {
				continue
			}
			if err := p.Newer(); err != nil {
				return err
			}
			text, blocks := TodoMessage(p.Number, f, told.head)
			if err := r.direct(ctx, p, f.Reminds(), told.key, text, blocks); err != nil {
				return err
			}
		}
	}
	return nil
}

// todoMessage is what somebody is told of a follow-up, and the key of the message.
type todoMessage struct {
	key  string
	head block.Markup
}

// todoMessages lists what there is to tell of a follow-up that is open.
func todoMessages(c *incident.Case, f incident.FollowUp) (list []todoMessage) {
	if !f.Open() || !c.VisibleTo(f.Reminds()) {
		return nil
	}
	if f.Owner != "" && f.GivenBy != f.Owner {
		list = append(list, todoMessage{fmt.Sprintf("todo:%d:given:%d", f.N, f.GivenAt.UnixMilli()),
			block.Textf("%s gave you a follow-up of %s.", block.User(f.GivenBy), block.Called(&c.Incident))})
	}
	if f.Orphaned() {
		list = append(list, todoMessage{fmt.Sprintf("todo:%d:free:%d", f.N, f.GivenAt.UnixMilli()),
			block.Textf("A follow-up of %s that you wrote down has nobody any more: the account of who had it is deactivated.", block.Called(&c.Incident))})
	}
	if !f.RemindedAt.IsZero() {
		list = append(list, todoMessage{fmt.Sprintf("todo:%d:due:%d", f.N, f.RemindedAt.UnixMilli()),
			block.Textf(":alarm_clock: A follow-up of %s is due.", block.Called(&c.Incident))})
	}
	return list
}

// TodoMessage shows a follow-up to whom it is for: text is for the notification.
func TodoMessage(number int64, f incident.FollowUp, head block.Markup) (text string, blocks []slack.Block) {
	value := block.ToDoValue(number, f.N)
	return block.Fallback(head + block.Textf(" %s", f.Text)), []slack.Block{
		block.Section(head + "\n" + block.ToDo(f)),
		block.Actions(
			block.Button("Done", block.ActTodoDone, value),
			block.Button("Change", block.ActTodoEdit, value),
			block.Button("All follow-ups", block.ActTodos, block.Value(number))),
	}
}
