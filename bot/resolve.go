package bot

import (
	"context"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

const (
	formResolve     = "resolve"
	fieldResolution = "resolution"
)

func resolveForm(i *incident.Incident) slack.ModalViewRequest {
	return block.Form(formResolve, "Resolve "+i.Ref(), "Resolve", pack(shown{Number: i.Number}),
		block.Line(fieldResolution, "What fixed it?", "rolled back the 14:00 deploy", ""))
}

// openResolve opens the form beside the acknowledgement.
func (b *Bot) openResolve(ctx context.Context, trigger string, number int64, ack ack) error {
	i, err := b.Reader.Incident(ctx, number)
	if err != nil {
		return err
	}
	if !i.Status.Open() {
		return incident.Errorf(incident.NothingToDo, "%s is already %s.", i.Ref(), i.Standing())
	}
	b.open(ctx, trigger, resolveForm(i), ack)
	return nil
}

func (b *Bot) resolved(ctx context.Context, in slack.InteractionCallback) *slack.ViewSubmissionResponse {
	_, err := b.Desk.Resolve(ctx, unpack(in).Number, values(in)[fieldResolution], incident.Act{By: in.User.ID, Key: in.View.ID, Try: in.TriggerID})
	return b.closeUnless(ctx, err, fieldResolution)
}

// resolveCommand resolves at once if the command says what fixed it.
func (b *Bot) resolveCommand(ctx context.Context, a asked, number int64) (answer, error) {
	if a.Rest == "" {
		return nil, b.openResolve(ctx, a.TriggerID, number, a.ack)
	}
	i, err := b.Desk.Resolve(ctx, number, a.Rest, a.act())
	return b.changed(ctx, a, i, err)
}
