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
		if !f.Open() || !p.VisibleTo(f.Reminds()) {
			continue
		}
		if f.Owner != "" && f.GivenBy != f.Owner {
			if err := r.tellTodo(ctx, p, f, fmt.Sprintf("todo:%d:given:%d", f.N, f.GivenAt.UnixMilli()),
				block.Textf("%s gave you a follow-up of %s.", block.User(f.GivenBy), block.Called(&p.Incident))); err != nil {
				return err
			}
		}
		if f.Orphaned() {
			if err := r.tellTodo(ctx, p, f, fmt.Sprintf("todo:%d:free:%d", f.N, f.GivenAt.UnixMilli()),
				block.Textf("A follow-up of %s that you wrote down has nobody any more: the account of who had it is deactivated.", block.Called(&p.Incident))); err != nil {
				return err
			}
		}
		if !f.RemindedAt.IsZero() {
			if err := r.tellTodo(ctx, p, f, fmt.Sprintf("todo:%d:due:%d", f.N, f.RemindedAt.UnixMilli()),
				block.Textf(":alarm_clock: A follow-up of %s is due.", block.Called(&p.Incident))); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *Room) tellTodo(ctx context.Context, p *reconcile.Pass, f incident.FollowUp, key string, head block.Markup) error {
	if said := p.Posting(key); said.TS != "" || said.Error != "" {
		return nil
	}
	if err := p.Newer(); err != nil {
		return err
	}
	text, blocks := TodoMessage(p.Number, f, head)
	return r.direct(ctx, p, f.Reminds(), key, text, blocks)
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
