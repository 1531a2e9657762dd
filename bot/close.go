package bot

import (
	"context"
	"strconv"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

const (
	formCancel    = "cancel"
	formDuplicate = "duplicate"
	fieldReason   = "reason"
)

// cancelForm asks why it is none; why is what a command said, or empty.
func cancelForm(why string) func(*incident.Incident) slack.ModalViewRequest {
	return func(i *incident.Incident) slack.ModalViewRequest {
		blocks := append([]slack.Block{block.Hint(block.Line(fieldReason, "Why is it no incident?", "false alarm", why),
			"It is closed and not counted. If it is over because somebody fixed it, use Resolve.")},
			orDeclare(incident.VerbCancel, why)...)
		form := block.Form(formCancel, "Cancel "+i.Ref(), "Cancel incident", pack(shown{Number: i.Number}), blocks...)
		return block.Closing(form, "Keep it open")
	}
}

func duplicateForm(i *incident.Incident) slack.ModalViewRequest {
	return block.Form(formDuplicate, "Duplicate "+i.Ref(), "Close as duplicate", pack(shown{Number: i.Number}),
		block.Hint(block.IncidentSelect("Which incident is it the same as?", nil),
			"This one is closed and not counted. Its channel is told where the work goes on."))
}

// openCancel opens the form beside the acknowledgement.
func (b *Bot) openCancel(ctx context.Context, trigger string, number int64, why string, ack ack) error {
	return b.openEnd(ctx, trigger, number, cancelForm(why), "cancel it", ack)
}

// openDuplicate opens the form beside the acknowledgement.
func (b *Bot) openDuplicate(ctx context.Context, trigger string, number int64, ack ack) error {
	return b.openEnd(ctx, trigger, number, duplicateForm, "close it as a duplicate", ack)
}

func (b *Bot) openEnd(ctx context.Context, trigger string, number int64, form func(*incident.Incident) slack.ModalViewRequest, act string, ack ack) error {
	i, err := b.incident(ctx, number)
	if err != nil {
		return err
	}
	if err := i.OpenTo(act); err != nil {
		return err
	}
	b.open(ctx, trigger, form(i), ack)
	return nil
}

func (b *Bot) cancelled(ctx context.Context, in slack.InteractionCallback) *slack.ViewSubmissionResponse {
	_, err := b.Desk.Cancel(ctx, unpack(in).Number, b.withNames(ctx, values(in)[fieldReason]), incident.Act{By: in.User.ID, Key: in.View.ID})
	return b.closeUnless(ctx, err, fieldReason)
}

func (b *Bot) duplicated(ctx context.Context, in slack.InteractionCallback) *slack.ViewSubmissionResponse {
	of, _ := strconv.ParseInt(values(in)[block.FieldIncident], 10, 64)
	_, err := b.Desk.Duplicate(ctx, unpack(in).Number, of, incident.Act{By: in.User.ID, Key: in.View.ID})
	return b.closeUnless(ctx, err, block.FieldIncident)
}

// cancelCommand opens the form with what the command says is why, or cancels at once if
// it also says which incident.
func (b *Bot) cancelCommand(ctx context.Context, a asked, number int64) (answer, error) {
	if a.Rest == "" || mayBeTitle(a) {
		return nil, b.openCancel(ctx, a.TriggerID, number, a.Rest, a.ack)
	}
	i, err := b.Desk.Cancel(ctx, number, a.Rest, a.act())
	return b.changed(ctx, a, i, err)
}

// duplicateCommand closes at once if the command names the other incident.
func (b *Bot) duplicateCommand(ctx context.Context, a asked, number int64) (answer, error) {
	of, ok := incident.ParseDuplicate(a.Rest)
	if !ok {
		return nil, b.openDuplicate(ctx, a.TriggerID, number, a.ack)
	}
	i, err := b.Desk.Duplicate(ctx, number, of, a.act())
	return b.changed(ctx, a, i, err)
}
