package bot

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

const (
	formResolve     = "resolve"
	fieldResolution = "resolution"
)

// resolveForm asks what fixed it, and points out the roles that nobody holds:
// the review begins with them. They keep nobody from resolving. fix is what a command
// said fixed it, or empty.
func resolveForm(i *incident.Incident, d incident.Definitions, fix string) slack.ModalViewRequest {
	blocks := append([]slack.Block{block.Line(fieldResolution, "What fixed it?", "rolled back the 14:00 deploy", fix)},
		missingRoles(i, d)...)
	blocks = append(blocks, orDeclare(incident.VerbResolve, fix)...)
	return block.Form(formResolve, "Resolve "+i.Ref(), "Resolve", pack(shown{Number: i.Number, Value: incident.Shorten(fix, metadataText)}), blocks...)
}

// metadataText is how many characters of what a command said a form takes along besides
// its field: Slack takes 3,000 bytes in all.
const metadataText = 300

// orDeclare offers to declare what was typed after a verb that ends an incident: the whole
// may be a title ("cancel the order page is broken"). Nothing if nothing was typed.
func orDeclare(verb incident.Verb, rest string) []slack.Block {
	if rest == "" {
		return nil
	}
	title := string(verb) + " " + rest
	return []slack.Block{
		block.Context("Nothing has changed yet. Was it the title of another incident?"),
		block.Actions(block.Button(fmt.Sprintf("Declare “%s” instead", title), block.ActDeclareForm, title)),
	}
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
func (b *Bot) openResolve(ctx context.Context, trigger string, number int64, fix string, ack ack) error {
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
	b.open(ctx, trigger, resolveForm(i, definitions, fix), ack)
	return nil
}

func (b *Bot) resolved(ctx context.Context, in slack.InteractionCallback) *slack.ViewSubmissionResponse {
	_, err := b.Desk.Resolve(ctx, unpack(in).Number, b.withNames(ctx, values(in)[fieldResolution]), incident.Act{By: in.User.ID, Key: in.View.ID, Try: in.TriggerID})
	return b.closeUnless(ctx, err, fieldResolution)
}

// resolveCommand opens the form with what the command says fixed it, or resolves at once
// if it also says which incident.
func (b *Bot) resolveCommand(ctx context.Context, a asked, number int64) (answer, error) {
	if a.Rest == "" || mayBeTitle(a) {
		return nil, b.openResolve(ctx, a.TriggerID, number, a.Rest, a.ack)
	}
	return b.resolveNow(ctx, a, number)
}

// mayBeTitle reports whether a command that ends an incident may be the title of another:
// it names none.
func mayBeTitle(a asked) bool {
	return (a.Verb == incident.VerbResolve || a.Verb == incident.VerbCancel) && a.Number == 0
}

// resolveNow resolves, and points out the roles that nobody held.
func (b *Bot) resolveNow(ctx context.Context, a asked, number int64) (answer, error) {
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
		view := resolveForm(i, definitions, unpack(c.in).Value)
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
