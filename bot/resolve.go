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

// resolveForm asks what fixed it, and points out the roles that nobody holds:
// the review begins with them. They keep nobody from resolving.
func resolveForm(i *incident.Incident, d incident.Definitions) slack.ModalViewRequest {
	blocks := append([]slack.Block{block.Line(fieldResolution, "What fixed it?", "rolled back the 14:00 deploy", "")},
		missingRoles(i, d)...)
	return block.Form(formResolve, "Resolve "+i.Ref(), "Resolve", pack(shown{Number: i.Number}), blocks...)
}

// maxMissing is how many missing roles get a button each; of the others only
// the names are told.
const maxMissing = 4

// missingRoles says which roles nobody holds, each with a button to take it.
// Nothing if all are held.
func missingRoles(i *incident.Incident, d incident.Definitions) []slack.Block {
	free := d.Free(i)
	if len(free) == 0 {
		return nil
	}
	blocks := []slack.Block{block.Context("Nobody has these roles, though the review will ask who did:")}
	for _, role := range free[:min(len(free), maxMissing)] {
		blocks = append(blocks, block.Row(block.Textf("%s", role.Name), block.Button("Claim", block.ActClaimHere, block.Value(i.Number, role.Key))))
	}
	var others []block.Markup
	for _, role := range free[min(len(free), maxMissing):] {
		others = append(others, block.Textf("%s", role.Name))
	}
	return append(blocks, block.Lines(others)...)
}

// openResolve opens the form beside the acknowledgement.
func (b *Bot) openResolve(ctx context.Context, trigger string, number int64, ack ack) error {
	i, err := b.incident(ctx, number)
	if err != nil {
		return err
	}
	if !i.Status.Open() {
		return incident.Errorf(incident.NothingToDo, "%s is already %s.", i.Ref(), i.Standing())
	}
	definitions, err := b.Reader.Definitions(ctx)
	if err != nil {
		return err
	}
	b.open(ctx, trigger, resolveForm(i, definitions), ack)
	return nil
}

func (b *Bot) resolved(ctx context.Context, in slack.InteractionCallback) *slack.ViewSubmissionResponse {
	_, err := b.Desk.Resolve(ctx, unpack(in).Number, values(in)[fieldResolution], incident.Act{By: in.User.ID, Key: in.View.ID, Try: in.TriggerID})
	return b.closeUnless(ctx, err, fieldResolution)
}

// resolveCommand resolves at once if the command says what fixed it, and points
// out the roles that nobody held.
func (b *Bot) resolveCommand(ctx context.Context, a asked, number int64) (answer, error) {
	if a.Rest == "" {
		return nil, b.openResolve(ctx, a.TriggerID, number, a.ack)
	}
	i, err := b.Desk.Resolve(ctx, number, a.Rest, a.act())
	if err != nil {
		return nil, err
	}
	definitions, err := b.Reader.Definitions(ctx)
	if err != nil {
		return b.changed(ctx, a, i, nil)
	}
	missing := missingRoles(i, definitions)
	if len(missing) == 0 {
		return b.changed(ctx, a, i, nil)
	}
	text := block.Textf("%s is resolved.", block.Called(i))
	return only(text, append([]slack.Block{block.Section(text)}, missing...)...), nil
}

// claimHere takes a role from a form or an answer that points it out, and shows
// there what is still missing.
func (b *Bot) claimHere(ctx context.Context, c click) error {
	i, role, err := b.Desk.Claim(ctx, c.number, c.rest, c.act)
	if err != nil && !incident.IsKind(err, incident.NothingToDo) {
		return err
	}
	if err != nil {
		if i, err = b.incident(ctx, c.number); err != nil {
			return err
		}
	}
	definitions, err := b.Reader.Definitions(ctx)
	if err != nil {
		return err
	}
	if c.in.View.CallbackID == formResolve {
		view := resolveForm(i, definitions)
		view.ExternalID = c.in.View.ExternalID
		if _, err := b.Slack.UpdateViewContext(ctx, view, "", "", c.in.View.ID); err != nil {
			b.Log.Warn().Err(err).Msg("bring a form up to date")
		}
		return nil
	}
	text := block.Textf("You are now %s of %s.", role.Name, block.Called(i))
	b.replace(ctx, c.in.ResponseURL, text, append([]slack.Block{block.Section(text)}, missingRoles(i, definitions)...)...)
	return nil
}
