package bot

import (
	"context"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

const formSeverity = "severity"

// shown travels in a form: which incident, and what the person saw when they
// opened it.
type shown struct {
	Number int64  `json:"number"`
	Value  string `json:"value,omitempty"`
}

func severityForm(i *incident.Incident, d incident.Definitions) slack.ModalViewRequest {
	return block.Form(formSeverity, i.Ref()+" severity", "Save", pack(shown{i.Number, i.Severity.String()}),
		block.Choice(fieldSeverity, "Severity", i.Severity.String(), block.SeverityOptions(d)...))
}

// openSeverity opens the form beside the acknowledgement.
func (b *Bot) openSeverity(ctx context.Context, trigger string, number int64, ack ack) error {
	i, err := b.incident(ctx, number)
	if err != nil {
		return err
	}
	definitions, err := b.Reader.Definitions(ctx)
	if err != nil {
		return err
	}
	b.open(ctx, trigger, severityForm(i, definitions), ack)
	return nil
}

func (b *Bot) severityChosen(ctx context.Context, in slack.InteractionCallback) *slack.ViewSubmissionResponse {
	was := unpack(in)
	level, err := incident.ParseSeverity(values(in)[fieldSeverity])
	if err != nil {
		return b.fieldErrors(err, b.namer(ctx), fieldSeverity)
	}
	saw, _ := incident.ParseSeverity(was.Value)
	if level == saw {
		return nil
	}
	_, err = b.Desk.SetSeverity(ctx, was.Number, level, saw, incident.Act{By: in.User.ID, Key: in.View.ID, Try: in.TriggerID})
	return b.closeUnless(ctx, err, fieldSeverity)
}

func (b *Bot) severityCommand(ctx context.Context, a asked, number int64) (answer, error) {
	if a.Rest == "" {
		return nil, b.openSeverity(ctx, a.TriggerID, number, a.ack)
	}
	definitions, err := b.Reader.Definitions(ctx)
	if err != nil {
		return nil, err
	}
	level, err := definitions.FindSeverity(a.Rest)
	if err != nil {
		return nil, err
	}
	i, err := b.Desk.SetSeverity(ctx, number, level, 0, a.act())
	return b.changed(ctx, a, i, err)
}
