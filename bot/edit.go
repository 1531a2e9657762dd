package bot

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

const formEdit = "edit"

// editShown travels in the form: which incident, and what it showed. The
// texts themselves would be too long.
type editShown struct {
	Number  int64  `json:"number"`
	Title   string `json:"title"`
	Summary string `json:"summary"`
	Test    bool   `json:"test,omitempty"`
}

func editForm(i *incident.Incident) slack.ModalViewRequest {
	private, _ := json.Marshal(editShown{i.Number, incident.Fingerprint(i.Title), incident.Fingerprint(i.Summary), i.Test})
	title := block.Hint(block.Line(fieldTitle, "What is wrong?", "checkout returns 500", i.Title), "The channel keeps its name.")
	return block.Form(formEdit, "Edit "+i.Ref(), "Save", string(private), title,
		block.Optional(block.Paragraph(fieldSummary, "Summary", "What is known so far, who is affected", i.Summary)),
		block.Hint(block.Optional(block.Ticked(block.Checks(fieldKind, "What kind is it?", testOption), i.Test)), privateHint(i)))
}

// privateHint says how an incident is made private: Slack lets only people convert a
// channel.
func privateHint(i *incident.Incident) string {
	if i.Private {
		return "It is private: only members of its channel know of it."
	}
	return "To make it private, change its channel to private in Slack's channel settings: muster follows."
}

// openEdit opens the form beside the acknowledgement.
func (b *Bot) openEdit(ctx context.Context, trigger string, number int64, ack ack) error {
	return b.openAbout(ctx, trigger, number, editForm, ack)
}

func (b *Bot) edited(ctx context.Context, in slack.InteractionCallback) *slack.ViewSubmissionResponse {
	var shown editShown
	_ = json.Unmarshal([]byte(in.View.PrivateMetadata), &shown)
	fields := values(in)
	title, summary := fields[fieldTitle], fields[fieldSummary]
	edit := incident.Edit{Title: &title, Summary: &summary, ShownTitle: shown.Title, ShownSummary: shown.Summary}
	if test := slices.Contains(checked(in, fieldKind), kindTest); test != shown.Test {
		edit.Test = &test
	}
	_, err := b.Desk.Edit(ctx, shown.Number, edit, incident.Act{By: in.User.ID, Key: in.View.ID, Try: in.TriggerID})
	return b.closeUnless(ctx, err, fieldTitle, fieldSummary)
}

// editCommand changes the text that the verb names, or opens the form if there
// is none.
func (b *Bot) editCommand(ctx context.Context, a asked, number int64) (answer, error) {
	if a.Rest == "" {
		return nil, b.openEdit(ctx, a.TriggerID, number, a.ack)
	}
	edit := incident.Edit{Summary: &a.Rest}
	if a.Verb == incident.VerbTitle {
		edit = incident.Edit{Title: &a.Rest}
	}
	i, err := b.Desk.Edit(ctx, number, edit, a.act())
	if err != nil {
		return nil, err
	}
	return b.elsewhere(ctx, a, number, block.Textf("*%s* is now “%s”.", i.Ref(), i.Title))
}
