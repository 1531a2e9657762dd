package bot

import (
	"context"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// nearActions are the buttons that do what a verb about an incident does.
var nearActions = map[incident.Verb]block.Action{
	incident.VerbShow: block.ActShow, incident.VerbTimeline: block.ActTimeline, incident.VerbNote: block.ActNote,
	incident.VerbTodo: block.ActTodos, incident.VerbSeverity: block.ActSeverity, incident.VerbStatus: block.ActStatus,
	incident.VerbUpdate: block.ActUpdate, incident.VerbTitle: block.ActEdit, incident.VerbSummary: block.ActEdit,
	incident.VerbExport: block.ActExport, incident.VerbClaim: block.ActClaim, incident.VerbAssign: block.ActRoles,
	incident.VerbHandOver: block.ActRoles, incident.VerbLeave: block.ActRoles, incident.VerbResolve: block.ActResolve,
	incident.VerbDup: block.ActDuplicate, incident.VerbCancel: block.ActCancel, incident.VerbReopen: block.ActReopen,
}

// near asks about a word that is nearly a command, and offers both: what it is nearly,
// if it is about an incident that is at hand, and a title.
func (b *Bot) near(ctx context.Context, a asked) (answer, error) {
	number, err := b.which(ctx, a)
	if err != nil {
		return nil, err
	}
	meant := numberedWords(a.Number, a.Near)
	text := block.Textf("There is no `/incident %s`. Did you mean `/incident %s`?", a.Rest, meant)
	buttons := []*slack.ButtonBlockElement{block.Button(fmt.Sprintf("Declare “%s” instead", a.Rest), block.ActDeclareForm, a.Rest)}
	verb, role, _ := strings.Cut(a.Near, " ")
	if action, known := nearActions[incident.Verb(verb)]; known && number != 0 {
		value := []string{}
		if action == block.ActClaim {
			value = append(value, role)
			if role == "" {
				value[0] = incident.Commander
			}
		}
		buttons = append([]*slack.ButtonBlockElement{block.Button("/incident "+meant, action, block.Value(number, value...))}, buttons...)
	}
	return only(text, block.Section(text), block.Actions(buttons...)), nil
}
