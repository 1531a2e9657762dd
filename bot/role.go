package bot

import (
	"context"
	"regexp"
	"strings"

	"muster/block"
	"muster/incident"
)

// give is a verb that gives a role to somebody else.
type give func(ctx context.Context, number int64, role string, h incident.Handing, act incident.Act) (*incident.Incident, incident.Role, error)

// giveCommand answers "assign lead @ana" and "handover commander @bo with a note".
func (b *Bot) giveCommand(ctx context.Context, a asked, number int64, verb give) (answer, error) {
	role := roleOf(a.Rest)
	to, note := givenTo(a.Text)
	if role == "" && note != "" {
		// "assign @ana commander"
		definitions, err := b.Reader.Definitions(ctx)
		if err != nil {
			return nil, err
		}
		if named, err := definitions.FindRole(strings.TrimPrefix(note, "as ")); err == nil {
			role, note = named.Key, ""
		}
	}
	switch {
	case to == "" && strings.Contains(a.Rest, "@"):
		return nil, unknownPerson(a.Rest)
	case to == "":
		return nil, b.openRoles(ctx, a.TriggerID, number, role, "", a.ack)
	case role == "":
		return nil, incident.FieldErrorf("role", "Say which role, such as “/incident %s commander @ana”.", a.Verb)
	}
	if err := b.mayHold(ctx, to); err != nil {
		return nil, err
	}
	i, given, err := verb(ctx, number, role, incident.Handing{To: to, Note: b.withNames(ctx, note)}, a.act())
	if err != nil {
		return nil, err
	}
	return b.elsewhere(ctx, a, number, block.Textf("%s is now %s of %s.", block.User(to), given.Name, block.Called(i)))
}

func (b *Bot) leaveCommand(ctx context.Context, a asked, number int64) (answer, error) {
	role := a.Rest
	if role == "" {
		role = incident.Commander
	}
	i, left, err := b.Desk.Leave(ctx, number, role, a.act())
	if err != nil {
		return nil, err
	}
	return b.elsewhere(ctx, a, number, block.Textf("You are no longer %s of %s.", left.Name, block.Called(i)))
}

// elsewhere answers who stands outside the room: inside, the room's line is the
// answer.
func (b *Bot) elsewhere(ctx context.Context, a asked, number int64, text block.Markup) (answer, error) {
	if here, err := b.inItsRoom(ctx, a.ChannelID, number); err != nil || here {
		return nil, nil
	}
	return only(text), nil
}

// roleOf is the role in "technical lead @ana knows the database" and in "commander to
// @ana".
func roleOf(rest string) string {
	role, _, given := strings.Cut(rest, "@")
	role = strings.TrimSpace(role)
	if given {
		role = strings.TrimSuffix(role, " to")
	}
	return role
}

// unknownPerson refuses a name that Slack did not make a person of.
func unknownPerson(rest string) error {
	_, name, _ := strings.Cut(rest, "@")
	name, _, _ = strings.Cut(name, " ")
	return incident.FieldErrorf("person", "Slack knows nobody here as @%s. Pick the person from the list that opens when you type @, or use the button Roles.",
		incident.Shorten(name, 80))
}

// mention is a person as Slack writes them when it escapes a command's text.
var mention = regexp.MustCompile(`<@([UW][A-Z0-9]+)(?:\|[^>]*)?>`)

// givenTo gives the id of the person who stands first in a command, and what is
// said behind them. The id is empty where Slack knows nobody of the name: who is
// named further on is not meant.
func givenTo(text string) (id, note string) {
	found := mention.FindStringSubmatchIndex(text)
	if found == nil || strings.Contains(block.Typed(text[:found[0]]), "@") {
		return "", ""
	}
	return text[found[2]:found[3]], strings.TrimLeft(incident.CleanLine(block.Typed(text[found[1]:])), " :,")
}
