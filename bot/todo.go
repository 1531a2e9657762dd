package bot

import (
	"context"
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

const (
	formTodo   = "todo"
	formTodos  = "todos"
	fieldTodo  = "todo"
	fieldOwner = "owner"
	fieldDue   = "due"
)

// todosShown is how many follow-ups the list shows: a view takes 100 blocks.
const todosShown = 90

// todoShown travels in the form of a follow-up: which one, or 0 for a new one,
// what it was, and the list that the form was opened from, if it was.
type todoShown struct {
	Number int64  `json:"number"`
	N      int    `json:"n,omitempty"`
	Shown  string `json:"shown,omitempty"`
	List   string `json:"list,omitempty"`
}

func todoForm(i *incident.Incident, f incident.FollowUp, text, list string) slack.ModalViewRequest {
	title, shown := i.Ref()+" follow-up", todoShown{Number: i.Number, N: f.N, List: list}
	if f.N > 0 {
		text, shown.Shown = f.Text, f.Print()
	}
	private, _ := json.Marshal(shown)
	return block.Form(formTodo, title, "Save", string(private),
		block.Line(fieldTodo, "What is to be done?", "alert on the disk before it is full", text),
		block.Hint(block.Optional(block.Picked(block.Person(fieldOwner, "Who"), f.Owner)), "They are told by direct message."),
		block.Hint(block.Optional(block.PickDay(fieldDue, "By when", f.Due)), "Whoever it is for is reminded on that day."))
}

// openTodo opens the form of the follow-up whose number follows the incident's, or
// of a new one.
func (b *Bot) openTodo(ctx context.Context, c click) error {
	i, err := b.incident(ctx, c.number)
	if err != nil {
		return err
	}
	var f incident.FollowUp
	if c.action == block.ActTodoEdit {
		n, _ := strconv.Atoi(c.rest)
		known := false
		if f, known = i.FollowUp(n); !known {
			return incident.Errorf(incident.NotFound, "That follow-up was taken off the list.")
		}
	}
	list := ""
	if c.in.View.CallbackID == formTodos {
		list = c.in.View.ID
	}
	b.open(ctx, c.in.TriggerID, todoForm(i, f, "", list), c.ack)
	return nil
}

func (b *Bot) todoSaved(ctx context.Context, in slack.InteractionCallback) *slack.ViewSubmissionResponse {
	var shown todoShown
	_ = json.Unmarshal([]byte(in.View.PrivateMetadata), &shown)
	fields := values(in)
	t := incident.ToDo{Text: fields[fieldTodo], Owner: fields[fieldOwner], Due: fields[fieldDue], Shown: shown.Shown}
	act := incident.Act{By: in.User.ID, Key: in.View.ID, Try: in.TriggerID}
	err := b.mayDo(ctx, in.User.ID, &t)
	switch {
	case err != nil:
	case shown.N == 0:
		_, err = b.Desk.AddFollowUp(ctx, shown.Number, t, act)
	default:
		_, err = b.Desk.ChangeFollowUp(ctx, shown.Number, shown.N, t, act)
	}
	if answer := b.closeUnless(ctx, err, fieldTodo, fieldOwner, fieldDue); answer != nil {
		return answer
	}
	b.updateTodos(ctx, shown.Number, shown.List, at(ctx).externalID(in.TriggerID))
	return nil
}

// mayDo refuses an owner who can't be one, and finds out what time it is where
// who is reminded lives.
func (b *Bot) mayDo(ctx context.Context, by string, t *incident.ToDo) error {
	who := b.account(ctx, by)
	if t.Owner != "" {
		who = b.askAccount(ctx, t.Owner)
		if err := who.mayOwn(); err != nil {
			return err
		}
	}
	t.Zone = who.zone
	return nil
}

// mayOwn refuses a follow-up for who can't be given a role either.
func (a account) mayOwn() error {
	if a.mayHold() == nil {
		return nil
	}
	refusal := incident.FieldErrorf(fieldOwner, "{who} can't be given a follow-up: it takes a member of this workspace.")
	refusal.Who = a.id
	return refusal
}

// openTodos opens the list of the follow-ups.
func (b *Bot) openTodos(ctx context.Context, trigger string, number int64, ack ack) error {
	return b.openAbout(ctx, trigger, number, todosView, ack)
}

func todosView(i *incident.Incident) slack.ModalViewRequest {
	blocks := block.ToDos(i, 0)[:1]
	for n, f := range i.ToDos() {
		if n == todosShown {
			blocks = append(blocks, block.Context("The rest is in the export."))
			break
		}
		blocks = append(blocks, block.ToDoRow(i.Number, f, block.Entry{Label: "Take off the list", Action: block.ActTodoDrop, Value: block.ToDoValue(i.Number, f.N)}))
	}
	blocks = append(blocks, block.Actions(block.Primary("Add follow-up", block.ActTodoAdd, block.Value(i.Number))))
	return block.Form(formTodos, i.Ref()+" follow-ups", "", "", blocks...)
}

// updateTodos brings a list that is open up to date.
func (b *Bot) updateTodos(ctx context.Context, number int64, list, external string) {
	if list == "" {
		return
	}
	i, err := b.incident(ctx, number)
	if err == nil {
		view := todosView(i)
		view.ExternalID = external
		_, err = b.Slack.UpdateViewContext(ctx, view, "", "", list)
	}
	if err != nil {
		b.Log.Warn().Err(err).Msg("bring a list of follow-ups up to date")
	}
}

// todoChanged hears that a follow-up is done, is to be done after all, or is taken
// off the list.
func (b *Bot) todoChanged(ctx context.Context, c click) error {
	n, _ := strconv.Atoi(c.rest)
	var err error
	if c.action == block.ActTodoDrop {
		_, err = b.Desk.DropFollowUp(ctx, c.number, n, c.act)
	} else {
		_, err = b.Desk.EndFollowUp(ctx, c.number, n, c.action == block.ActTodoDone, c.act)
	}
	if c.in.View.CallbackID == formTodos && changes(err) {
		c.ack(nil)
		b.updateTodos(ctx, c.number, c.in.View.ID, c.in.View.ExternalID)
		return quiet(err)
	}
	if err == nil && c.action == block.ActTodoDone && c.in.View.ID == "" && strings.HasPrefix(c.in.Channel.ID, "D") {
		// In direct messages nothing else changes.
		c.ack(nil)
		b.whisper(ctx, c.in.ResponseURL, "Done: it is off your list.")
	}
	return err
}

// todoCommand writes a follow-up down, or lists them.
func (b *Bot) todoCommand(ctx context.Context, a asked, number int64) (answer, error) {
	if a.Rest == "" {
		return nil, b.openTodos(ctx, a.TriggerID, number, a.ack)
	}
	t := toDoOf(a.Rest, a.Text)
	t.Text = b.withNames(ctx, t.Text)
	if err := b.mayDo(ctx, a.UserID, &t); err != nil {
		return nil, err
	}
	i, err := b.Desk.AddFollowUp(ctx, number, t, a.act())
	if err != nil {
		return nil, err
	}
	room, err := b.Reader.RoomOf(ctx, number)
	if err != nil || i.Status.Open() && room == a.ChannelID {
		return nil, nil
	}
	text := block.Textf("It is on the list of follow-ups of *%s*.", i.Ref())
	return only(text, block.Section(text), block.Actions(block.Button("All follow-ups", block.ActTodos, block.Value(number)))), nil
}

// dueLast is a day at the end of a command.
var dueLast = regexp.MustCompile(`(?i)[\s,]+(?:(?:by|due|until)\s+)?(\d{4}-\d{2}-\d{2})$`)

// toDoOf reads "alert on the disk @bo by 2026-12-01": who is named last is the
// owner. Who is named within the sentence belongs to it.
func toDoOf(rest, raw string) incident.ToDo {
	t := incident.ToDo{Text: strings.TrimSpace(rest)}
	people := mention.FindAllStringSubmatch(raw, -1)
	for range 2 {
		if found := dueLast.FindStringSubmatchIndex(t.Text); t.Due == "" && found != nil {
			t.Due, t.Text = t.Text[found[2]:found[3]], strings.TrimSpace(t.Text[:found[0]])
		}
		if len(people) == 0 || t.Owner != "" {
			continue
		}
		last := people[len(people)-1]
		if before, ok := strings.CutSuffix(t.Text, block.Typed(last[0])); ok {
			t.Owner, t.Text = last[1], strings.TrimRight(before, " ,")
		}
	}
	return t
}
