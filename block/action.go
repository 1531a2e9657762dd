package block

import (
	"strconv"
	"strings"
)

// Action is the name that a button carries and a listener hears. Buttons on old
// messages live for ever: a name is never given another meaning.
type Action string

// The actions. Values are made by Value: an incident's number and, where there
// is one, the state that is wanted, so that two clicks are one.
const (
	ActSeverity Action = "severity"
	ActStatus   Action = "status"
	ActResolve  Action = "resolve"
	// ActCancel and ActDuplicate open the forms that end what was none, or is the
	// same as another.
	ActCancel    Action = "cancel"
	ActDuplicate Action = "duplicate"
	// ActSame says that an incident is the same as the one whose number follows, and
	// takes the person there.
	ActSame Action = "same"
	// ActEdit opens the form of title and summary.
	ActEdit   Action = "edit"
	ActReopen Action = "reopen"
	ActClaim  Action = "claim"
	// ActClaimHere is ActClaim in what only the person sees: the answer takes its
	// place.
	ActClaimHere Action = "claim_here"
	// ActExport gives the person the whole incident to take away.
	ActExport Action = "export"
	// ActReplacePage lets the root-cause page be written anew over what people made
	// of it; what the page does not show follows the number.
	ActReplacePage Action = "replace_page"
	// ActLeave gives up a role that one holds.
	ActLeave Action = "leave"
	// ActRoles opens the form of the roles; the key of the one that is meant may
	// follow the incident's number.
	ActRoles Action = "roles"
	// ActDeclare declares another incident at once; its value is the title.
	ActDeclare Action = "declare"
	// ActDeclareForm opens the form; its value is the title so far.
	ActDeclareForm Action = "declare_form"
	// ActNote opens the form of a note for the timeline.
	ActNote Action = "note"
	// ActTodos opens the list of follow-ups, ActTodoAdd and ActTodoEdit the form of
	// one; the others do something with the one whose number follows the incident's.
	ActTodos    Action = "todos"
	ActTodoAdd  Action = "todo_add"
	ActTodoEdit Action = "todo_edit"
	ActTodoDone Action = "todo_done"
	ActTodoOpen Action = "todo_open"
	ActTodoDrop Action = "todo_drop"
	// ActTakeOut takes a message out of the timeline: its channel and ts follow.
	ActTakeOut Action = "take_out"
	// ActRetry tries again now what did not work outside.
	ActRetry Action = "retry"
	// ActNext and ActPrevious turn the page of a list; their value says which list
	// and where the page begins.
	ActNext     Action = "page_next"
	ActPrevious Action = "page_previous"
	// ActShow opens the incident's panel, ActTimeline its timeline.
	ActShow     Action = "show"
	ActTimeline Action = "timeline"
	// ActMenu is a menu of other actions; the value of each entry is the action
	// and what it carries.
	ActMenu Action = "menu"
	// ActUpdate opens the form of an update, and ActUpdateOf shows it for the
	// incident that was picked in it.
	ActUpdate   Action = "update"
	ActUpdateOf Action = "update_of"
	// ActSubscribe and ActUnsubscribe begin and end a person's direct messages.
	ActSubscribe   Action = "subscribe"
	ActUnsubscribe Action = "unsubscribe"
	// ActKeep says that a stale incident is still worked on.
	ActKeep Action = "still_working"
	// ActNothing, ActSnooze and ActStop answer a reminder: its number follows the
	// incident's, and the minutes of a snooze.
	ActNothing Action = "nothing_new"
	ActSnooze  Action = "snooze"
	ActStop    Action = "stop_reminders"
	// ActSettings opens the settings, ActSetting the form of the section whose key
	// is its value; ActStock restores the section's stock text. ActAddRole opens
	// the form of a new role, and ActRetire ends the one whose key is its value.
	ActSettings Action = "settings"
	ActSetting  Action = "setting"
	ActStock    Action = "setting_stock"
	ActAddRole  Action = "role_add"
	ActRetire   Action = "role_retire"
	// ActOpen is a link; the click needs no answer.
	ActOpen Action = "open"
)

// nth stands before the number of a further button of one action in its row.
const nth = "#"

// ParseAction reads the action from a button's id.
func ParseAction(id string) Action {
	name, _, _ := strings.Cut(id, nth)
	return Action(name)
}

// Value is what a button of an incident carries.
func Value(number int64, rest ...string) string {
	return strings.Join(append([]string{strconv.FormatInt(number, 10)}, rest...), " ")
}

// ParseValue reads it back. Values come from clients and may be anything: ok is
// false if there is no number.
func ParseValue(value string) (number int64, rest string, ok bool) {
	digits, rest, _ := strings.Cut(value, " ")
	number, err := strconv.ParseInt(digits, 10, 64)
	return number, rest, err == nil && number > 0
}
