package bot

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

const (
	formStatus  = "status"
	fieldStatus = "status"
)

func statusForm(i *incident.Incident) slack.ModalViewRequest {
	return block.Form(formStatus, i.Ref()+" status", "Save", pack(shown{i.Number, string(i.Status)}), statusChoice(fieldStatus, i.Status))
}

// statusChoice asks for one of the open statuses.
func statusChoice(id string, present incident.Status) *slack.InputBlock {
	var options []block.Option
	for _, s := range incident.Statuses() {
		if s.Open() {
			options = append(options, block.Option{Label: s.Title(), Value: string(s)})
		}
	}
	return block.Hint(block.Choice(id, "Status", string(present), options...),
		"To end the incident, use Resolve: it asks what fixed it.")
}

// openStatus opens the form beside the acknowledgement.
func (b *Bot) openStatus(ctx context.Context, trigger string, number int64, ack ack) error {
	return b.openAbout(ctx, trigger, number, statusForm, ack)
}

func (b *Bot) statusChosen(ctx context.Context, in slack.InteractionCallback) *slack.ViewSubmissionResponse {
	was := unpack(in)
	to, err := incident.ParseStatus(values(in)[fieldStatus])
	if err != nil {
		return b.fieldErrors(err, b.namer(ctx), fieldStatus)
	}
	if string(to) == was.Value {
		return nil
	}
	_, err = b.Desk.SetStatus(ctx, was.Number, to, incident.Status(was.Value), incident.Act{By: in.User.ID, Key: in.View.ID, Try: in.TriggerID})
	return b.closeUnless(ctx, err, fieldStatus)
}

func (b *Bot) statusCommand(ctx context.Context, a asked, number int64) (answer, error) {
	if a.Rest == "" {
		return nil, b.openStatus(ctx, a.TriggerID, number, a.ack)
	}
	word, fix, _ := strings.Cut(a.Rest, " ")
	to, err := incident.ParseStatus(word)
	if err != nil {
		return nil, err
	}
	switch to {
	case incident.Resolved:
		if fix = incident.CleanLine(fix); fix != "" {
			a.Rest = fix
			return b.resolveNow(ctx, a, number)
		}
		return nil, b.openResolve(ctx, a.TriggerID, number, "", a.ack)
	case incident.Cancelled:
		return nil, b.openCancel(ctx, a.TriggerID, number, "", a.ack)
	case incident.Duplicate:
		return nil, b.openDuplicate(ctx, a.TriggerID, number, a.ack)
	}
	i, err := b.Desk.SetStatus(ctx, number, to, "", a.act())
	return b.changed(ctx, a, i, err)
}
