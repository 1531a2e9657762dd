package bot

import (
	"context"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

const formNote = "note"

// noteForm asks what happened.
func noteForm(i *incident.Incident) slack.ModalViewRequest {
	return block.Form(formNote, i.Ref()+" note", "Save", pack(shown{Number: i.Number}),
		block.Hint(block.Paragraph(fieldNote, "What happened?", "restarted the database", ""), "It joins the timeline, and the channel sees it."))
}

// openNote opens the form beside the acknowledgement.
func (b *Bot) openNote(ctx context.Context, trigger string, number int64, ack ack) error {
	return b.openAbout(ctx, trigger, number, noteForm, ack)
}

func (b *Bot) noted(ctx context.Context, in slack.InteractionCallback) *slack.ViewSubmissionResponse {
	_, err := b.Desk.Note(ctx, unpack(in).Number, values(in)[fieldNote], incident.Act{By: in.User.ID, Key: in.View.ID})
	return b.closeUnless(ctx, err, fieldNote)
}
