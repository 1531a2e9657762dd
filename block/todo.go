package block

import (
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"muster/incident"
)

// PickDay asks for a day; the value that comes back is like 2026-12-31.
func PickDay(id, label, initial string) *slack.InputBlock {
	element := slack.NewDatePickerBlockElement(id)
	element.InitialDate = initial
	element.Placeholder = plain("Choose a day", maxPlaceholder)
	return slack.NewInputBlock(id, plain(label, maxLabel), nil, element)
}

// Picked lets a choice of people begin with one, if user is not empty.
func Picked(input *slack.InputBlock, user string) *slack.InputBlock {
	if element, ok := input.Element.(*slack.SelectBlockElement); ok {
		element.InitialUser = user
	}
	return input
}

// DueDay is the day by which something is due: "1 Dec 2026". It has no time zone,
// so that it is the same day for all who read it.
func DueDay(due string) string {
	day, err := time.Parse(time.DateOnly, due)
	if err != nil {
		return due
	}
	return day.Format("2 Jan 2006")
}

// ToDo says what is to be done, by whom and until when.
func ToDo(f incident.FollowUp) Markup {
	text := Textf("%s", f.Text)
	if f.Owner != "" {
		text += " · " + User(f.Owner)
	}
	if f.Due != "" {
		text += Textf(" · by %s", DueDay(f.Due))
	}
	if !f.DoneAt.IsZero() {
		return Textf(":white_check_mark: %s · done by %s", f.Text, User(f.DoneBy))
	}
	return ":white_large_square: " + text
}

// ToDoValue is what a button of a follow-up carries.
func ToDoValue(number int64, n int) string { return Value(number, strconv.Itoa(n)) }

// ToDoRow is a follow-up with what can be done about it.
func ToDoRow(number int64, f incident.FollowUp, more ...Entry) slack.Block {
	value := ToDoValue(number, f.N)
	entries := []Entry{{Label: "Done", Action: ActTodoDone, Value: value}, {Label: "Change", Action: ActTodoEdit, Value: value}}
	if !f.Open() {
		entries[0] = Entry{Label: "Not done after all", Action: ActTodoOpen, Value: value}
	}
	return RowMenu(ToDo(f), append(entries, more...)...)
}

// ToDos is a list of follow-ups in a message, most of them at most, with the ways
// to add one and to see all, and further buttons.
func ToDos(i *incident.Incident, most int, further ...*slack.ButtonBlockElement) []slack.Block {
	list := i.ToDos()
	open, all := i.Unfinished()
	head := Textf("*Follow-ups*\nNothing is written down yet. What keeps this from happening again?")
	if all > 0 {
		head = Textf("*Follow-ups* · %d of %d to be done", open, all)
	}
	blocks := []slack.Block{Section(head)}
	for n, f := range list {
		if n == most {
			blocks = append(blocks, Context(Textf("and %d more", len(list)-most)))
			break
		}
		blocks = append(blocks, ToDoRow(i.Number, f))
	}
	buttons := []*slack.ButtonBlockElement{Button("Add follow-up", ActTodoAdd, Value(i.Number))}
	if all > 0 {
		buttons = append(buttons, Button("All follow-ups", ActTodos, Value(i.Number)))
	}
	return append(blocks, Actions(append(buttons, further...)...))
}
