package block

import (
	"strings"

	"github.com/slack-go/slack"

	"muster/incident"
)

// Sign is the emoji that shows at a glance how an incident stands.
func Sign(i *incident.Incident) string {
	return StandSign(i.Status, i.Severity)
}

// StandSign is Sign by status and severity.
func StandSign(status incident.Status, severity incident.Severity) string {
	switch {
	case status == incident.Cancelled:
		return ":no_entry_sign:"
	case status == incident.Duplicate:
		return ":repeat:"
	case !status.Open():
		return ":white_check_mark:"
	}
	return SeveritySign(severity)
}

// SeveritySign is the emoji of a severity.
func SeveritySign(s incident.Severity) string {
	switch s {
	case incident.SEV1:
		return ":red_circle:"
	case incident.SEV2:
		return ":large_orange_circle:"
	case incident.SEV3:
		return ":large_yellow_circle:"
	default:
		return ":large_blue_circle:"
	}
}

// Mark is the sign and the number with which an incident's header begins.
func Mark(i *incident.Incident) Markup {
	return Markup(Sign(i) + " " + Marked(i.Ref(), i.Test, i.Private))
}

// Marked is what an incident is called, with the marks that it is no usual one.
func Marked(ref string, test, private bool) string {
	if private {
		ref += " PRIVATE"
	}
	if test {
		ref += " TEST"
	}
	return ref
}

// Called is an incident in a sentence.
func Called(i *incident.Incident) Markup {
	return Textf("*%s*%s %s", i.Ref(), Marked("", i.Test, i.Private), i.Title)
}

// nameInHeadline keeps the name of a severity from pushing the rest of a headline
// out of sight.
const nameInHeadline = 15

// Stand is the state in a few words, with which headlines begin.
func Stand(i *incident.Incident, d incident.Definitions, status string) Markup {
	words := Textf("%s · %s", incident.Shorten(d.Severity(i.Severity).Name, nameInHeadline), status)
	if marks := strings.TrimSpace(Marked("", i.Test, i.Private)); marks != "" {
		return Markup(marks) + " · " + words
	}
	return words
}

// Defined is a name with what it means here, if anybody has said so.
func Defined(name Markup, meaning string) Markup {
	if meaning == "" {
		return name
	}
	return name + Textf(" · %s", meaning)
}

// Listed is an incident in two lines: what is wrong, in as many characters as title allows,
// which a phone shows whole, and how it stands.
func Listed(i incident.Listed, title int) Markup {
	when := Textf("since %s", Day(i.DeclaredAt))
	if !i.Status.Open() {
		when = Day(i.ResolvedAt)
	}
	line := Textf("%s *%s* %s\n%s · %s · %s", Markup(StandSign(i.Status, i.Severity)),
		Marked(incident.Ref(i.Number), i.Test, i.Private), incident.Shorten(i.Title, title), i.SeverityName, i.Status.Title(), when)
	if i.Commander != "" {
		line += " · " + User(i.Commander)
	}
	if i.Room != "" {
		line += " · " + Channel(i.Room)
	}
	return line
}

// Reopen asks before it takes an incident up again: it stands where people tap by mistake.
func Reopen(number int64) *slack.ButtonBlockElement {
	return Sure(Button("Reopen", ActReopen, Value(number)), "Reopen "+incident.Ref(number)+"?",
		"It is investigating again, and everybody who watches sees it.", "Reopen")
}

// Headline is the whole state in one line for notifications: severity, status and
// number stand in the first 60 characters, which is what a phone shows.
func Headline(i *incident.Incident, d incident.Definitions) string {
	return Fallback(head(i, d) + Textf(" %s", i.Title))
}

// Said is the text of any other message about an incident, with the same beginning.
// One that has it already stays as it is.
func Said(i *incident.Incident, d incident.Definitions, text Markup) string {
	begin := head(i, d)
	if strings.HasPrefix(string(text), string(begin)) {
		return Fallback(text)
	}
	return Fallback(begin + ": " + text)
}

func head(i *incident.Incident, d incident.Definitions) Markup {
	return Stand(i, d, i.Status.Title()) + Textf(" · %s", i.Ref())
}

// Ended says how an incident that is over ended: "Resolved after 48 min by @ana:
// rolled back". original is the one that a duplicate is the same as.
func Ended(i *incident.Incident, original *incident.Original) Markup {
	if i.Status == incident.Duplicate {
		return Textf("*%s*, says %s.", i.StandingTitle(), User(i.ResolvedBy)) + GoesOn(" ", original)
	}
	return Textf("*%s after %s* by %s: %s", i.Status.Title(), Duration(i.Lasted(i.ResolvedAt)), User(i.ResolvedBy), i.Resolution)
}

// GoesOn leads from a duplicate to where the work goes on. between stands before
// it, if there is anything to say.
func GoesOn(between Markup, original *incident.Original) Markup {
	switch {
	case original == nil:
		return ""
	case original.Room == "":
		return between + Textf("Work goes on in %s: %s", incident.Ref(original.Number), original.Title)
	}
	return between + Textf("Work goes on in %s: %s", Channel(original.Room), original.Title)
}

// Holder shows who has a role, or that nobody has.
func Holder(i *incident.Incident, role string) Markup {
	if held, ok := i.Holder(role); ok {
		return User(held.User)
	}
	return "_unclaimed_"
}

// SeverityOptions are the choices of a severity menu, with what they mean here.
func SeverityOptions(d incident.Definitions) []Option {
	var options []Option
	for _, level := range incident.Severities() {
		definition := d.Severity(level)
		options = append(options, Option{Label: definition.Name, Text: definition.Text, Value: level.String()})
	}
	return options
}
