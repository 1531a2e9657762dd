package console

import (
	"fmt"
	"strconv"
	"time"

	"muster/incident"
)

// The acts, as the end of the address that a form is sent to.
const (
	actSeverity  = "severity"
	actStatus    = "status"
	actUpdate    = "update"
	actNote      = "note"
	actRoles     = "roles"
	actEdit      = "edit"
	actResolve   = "resolve"
	actDuplicate = "duplicate"
	actCancel    = "cancel"
	actReopen    = "reopen"
	actTodo      = "todo"
	actTodoDone  = "todo-done"
	actTodoOpen  = "todo-open"
	actTodoDrop  = "todo-drop"
	actRetry     = "retry"
)

// What the form of the roles can do with one.
const (
	doClaim = "claim"
	doGive  = "give"
	doLeave = "leave"
)

// forms are what can be done with an incident as it stands, in the order of use.
func forms(i *incident.Incident, d incident.Definitions, people []option) []form {
	var list []form
	if i.Status.Open() {
		list = append(list, updateForm(i, d), severityForm(i, d), statusForm(i))
		if len(d.Roles) > 0 {
			list = append(list, rolesForm(i, d, people))
		}
		list = append(list, resolveForm())
	}
	list = append(list, noteForm(), todoForm(people), editForm(i))
	if i.Status.Open() {
		list = append(list, duplicateForm(), cancelForm())
	} else {
		list = append(list, form{Act: actReopen, Title: "Reopen", Submit: "Reopen " + i.Ref(), Hint: "Work goes on in the same channel."})
	}
	for n := range list {
		list[n].Action = fmt.Sprintf("/incidents/%d/%s", i.Number, list[n].Act)
		list[n].Key, list[n].Try = newKey(), newKey()
	}
	return list
}

func hidden(name, value string) field { return field{Kind: kindHidden, Name: name, Value: value} }

func severityField(i *incident.Incident, d incident.Definitions) field {
	f := field{Kind: kindChoice, Name: "severity", Label: "Severity", Value: i.Severity.String()}
	for _, level := range incident.Severities() {
		definition := d.Severity(level)
		label := definition.Name
		if definition.Text != "" {
			label += " – " + incident.Shorten(definition.Text, 100)
		}
		f.Options = append(f.Options, option{level.String(), label})
	}
	return f
}

func statusField(i *incident.Incident) field {
	f := field{Kind: kindChoice, Name: "status", Label: "Status", Value: string(i.Status)}
	for _, s := range incident.Statuses() {
		if s.Open() {
			f.Options = append(f.Options, option{string(s), s.Title()})
		}
	}
	return f
}

func severityForm(i *incident.Incident, d incident.Definitions) form {
	return form{Act: actSeverity, Title: "Severity", Submit: "Set severity",
		Fields: []field{severityField(i, d), hidden("shown_severity", i.Severity.String())}}
}

func statusForm(i *incident.Incident) form {
	return form{Act: actStatus, Title: "Status", Submit: "Set status",
		Fields: []field{statusField(i), hidden("shown_status", string(i.Status))}}
}

func updateForm(i *incident.Incident, d incident.Definitions) form {
	within := "0"
	if i.Severity.Critical() {
		within = "30"
	}
	return form{Act: actUpdate, Title: "Post update", Submit: "Post", Hint: "Tells everybody outside, in the digest channel.", Fields: []field{
		{Kind: kindText, Name: "text", Label: "What changed?", Max: incident.MaxUpdate},
		{Kind: kindText, Name: "impact", Label: "Impact", Optional: true, Max: incident.MaxAside},
		{Kind: kindText, Name: "next", Label: "Next step", Optional: true, Max: incident.MaxAside},
		statusField(i), hidden("shown_status", string(i.Status)),
		severityField(i, d), hidden("shown_severity", i.Severity.String()),
		{Kind: kindChoice, Name: "within", Label: "Next update", Value: within, Options: []option{
			{"15", "In 15 minutes"}, {"30", "In 30 minutes"}, {"60", "In 60 minutes"}, {"0", "No promise"}}},
	}}
}

func noteForm() form {
	return form{Act: actNote, Title: "Note", Submit: "Add to the timeline",
		Fields: []field{{Kind: kindText, Name: "note", Label: "What happened?", Max: incident.MaxNote}}}
}

func todoForm(people []option) form {
	return form{Act: actTodo, Title: "Follow-up", Submit: "Write it down", Fields: []field{
		{Kind: kindLine, Name: "todo", Label: "What is to be done?", Max: incident.MaxFollowUp},
		{Kind: kindChoice, Name: "owner", Label: "Who does it", Optional: true, Options: append([]option{{"", "–"}}, people...)},
		{Kind: kindDay, Name: "due", Label: "By which day", Optional: true, Hint: "They are reminded on that day."},
	}}
}

func rolesForm(i *incident.Incident, d incident.Definitions, people []option) form {
	role := field{Kind: kindChoice, Name: "role", Label: "Role", Value: d.Roles[0].Key}
	for _, r := range d.Roles {
		role.Options = append(role.Options, option{r.Key, r.Name})
	}
	return form{Act: actRoles, Title: "Roles", Submit: "Save", Fields: []field{
		role,
		{Kind: kindChoice, Name: "do", Label: "What", Value: doClaim, Options: []option{
			{doClaim, "Claim it for myself"}, {doGive, "Give it to somebody"}, {doLeave, "Leave it"}}},
		{Kind: kindChoice, Name: "person", Label: "Who gets it", Optional: true, Options: append([]option{{"", "–"}}, people...),
			Hint: "People who took part so far."},
		{Kind: kindLine, Name: "member", Label: "or their member ID", Optional: true, Max: 20, Hint: "In Slack: their profile, ⋮, Copy member ID."},
		{Kind: kindText, Name: "note", Label: "What they should know", Optional: true, Max: incident.MaxHandover},
		hidden("seen", i.LastAssigned().Format(time.RFC3339Nano)),
	}}
}

func editForm(i *incident.Incident) form {
	return form{Act: actEdit, Title: "Edit", Submit: "Save", Fields: []field{
		{Kind: kindLine, Name: "title", Label: "What is wrong?", Value: i.Title, Max: incident.MaxTitle, Hint: "The channel keeps its name."},
		{Kind: kindText, Name: "summary", Label: "Summary", Value: i.Summary, Optional: true, Max: incident.MaxSummary},
		{Kind: kindChoice, Name: "kind", Label: "What kind is it?", Value: kindOf(i), Options: []option{
			{asOrdinary, "Ordinary"}, {asTest, "Test: not in the digest channel, nobody is reminded"}}},
		hidden("shown_kind", kindOf(i)),
		hidden("shown_title", incident.Fingerprint(i.Title)), hidden("shown_summary", incident.Fingerprint(i.Summary)),
	}}
}

func kindOf(i *incident.Incident) string {
	if i.Test {
		return asTest
	}
	return asOrdinary
}

func resolveForm() form {
	return form{Act: actResolve, Title: "Resolve", Submit: "Resolve",
		Fields: []field{{Kind: kindLine, Name: "resolution", Label: "What fixed it?", Max: incident.MaxResolution}}}
}

func cancelForm() form {
	return form{Act: actCancel, Title: "Cancel", Submit: "Close incident", Danger: true, Hint: "It is closed and not counted. If it is over because somebody fixed it, use Resolve.",
		Fields: []field{{Kind: kindLine, Name: "reason", Label: "Why is it no incident?", Max: incident.MaxResolution}}}
}

func duplicateForm() form {
	return form{Act: actDuplicate, Title: "Duplicate", Submit: "Close as duplicate", Danger: true, Hint: "Its channel is told where the work goes on.",
		Fields: []field{{Kind: kindLine, Name: "incident", Label: "Which incident is it the same as?", Hint: "Its number, such as 41.", Max: 20}}}
}

// sent is a form as it came back.
type sent func(name string) string

// number reads a number; what is none is 0.
func (s sent) number(name string) int {
	n, _ := strconv.Atoi(s(name))
	return n
}
