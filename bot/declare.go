package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

const (
	formDeclare   = "declare"
	fieldTitle    = "title"
	fieldSeverity = "severity"
	fieldSummary  = "summary"
	fieldKind     = "kind"
	kindTest      = "test"
	kindPrivate   = "private"
)

// declareOrigin travels in the form: where the person stood.
type declareOrigin struct {
	Kind    incident.OriginKind `json:"kind"`
	Channel string              `json:"channel,omitempty"`
	// Post and ResponseURL are set when the form was opened on a message.
	Post        *incident.Post `json:"post,omitempty"`
	ResponseURL string         `json:"response_url,omitempty"`
}

// origin is where a form comes from: one of a post is known by the post, so that
// all who declare from it meet in one incident. A private one stays unknown there:
// others can still declare from the post.
func (d declareOrigin) origin(view string, private bool) incident.Origin {
	o := incident.Origin{Kind: d.Kind, Key: view, Channel: d.Channel, View: view, ResponseURL: d.ResponseURL, Post: d.Post}
	if d.Post != nil && !private {
		o.Key = d.Post.Key()
	}
	return o
}

var testOption = block.Option{Label: "Test", Text: "Marked TEST, not in the digest channel, nobody is reminded", Value: kindTest}

// declareForm asks for a new incident. Slack counts the title itself, but only
// the Desk decides.
func declareForm(d incident.Definitions, draft incident.Declaration, origin declareOrigin) slack.ModalViewRequest {
	level := cmp.Or(draft.Severity, incident.SEV4)
	private := plainJSON(origin)
	ask := block.Line(fieldTitle, "What is wrong?", "checkout returns 500", draft.Title)
	severity := block.Choice(fieldSeverity, "Severity", level.String(), block.SeverityOptions(d)...)
	more := block.Optional(block.Paragraph(fieldSummary, "Summary", "What is known so far, who is affected", draft.Summary))
	kinds := block.Optional(block.Checks(fieldKind, "What kind is it?",
		block.Option{Label: "Private", Text: "Only members of its channel know of it", Value: kindPrivate},
		testOption))
	return block.Form(formDeclare, "Declare an incident", "Declare", private,
		ask, block.Hint(severity, "SEV4 unless you know that it is worse. It can be changed at any time."), more, kinds)
}

// openDeclare opens the form beside the acknowledgement.
func (b *Bot) openDeclare(ctx context.Context, trigger, title string, origin declareOrigin, ack ack) error {
	return b.openDeclareWith(ctx, trigger, incident.Declaration{Title: title}, origin, ack)
}

func (b *Bot) openDeclareWith(ctx context.Context, trigger string, draft incident.Declaration, origin declareOrigin, ack ack) error {
	definitions, err := b.Reader.Definitions(ctx)
	if err != nil {
		return err
	}
	view := b.open(ctx, trigger, declareForm(definitions, draft.Fit(), origin), ack)
	if err := b.vet(ctx); err != nil && view != "" {
		refusal := refusalView(b.words(err))
		if _, err := b.Slack.UpdateViewContext(ctx, refusal, "", "", view); err != nil {
			// Sending the form is refused as well.
			b.Log.Warn().Err(err).Msg("take a form back")
		}
	}
	return nil
}

// declared reads the form and declares. The form itself then shows how far the
// room is; a form that is sent twice is one incident.
func (b *Bot) declared(ctx context.Context, in slack.InteractionCallback) *slack.ViewSubmissionResponse {
	var from declareOrigin
	if json.Unmarshal([]byte(in.View.PrivateMetadata), &from) != nil || from.Kind == "" {
		from.Kind = incident.OriginForm
	}
	fields := values(in)
	level, err := incident.ParseSeverity(fields[fieldSeverity])
	if err != nil {
		return b.fieldErrors(err, b.namer(ctx), fieldSeverity)
	}
	kinds := checked(in, fieldKind)
	private := slices.Contains(kinds, kindPrivate)
	if from.Post != nil {
		// The form was opened before Slack could be asked for names.
		if title := b.withNames(ctx, fields[fieldTitle]); incident.Shorten(title, incident.MaxTitle) == title {
			fields[fieldTitle] = title
		}
		fields[fieldSummary] = b.withNames(ctx, fields[fieldSummary])
		from.Post.Quote = b.withNames(ctx, from.Post.Quote)
	}
	i, made, err := b.Desk.Declare(ctx, incident.Declaration{
		Title: fields[fieldTitle], Summary: fields[fieldSummary], Severity: level, By: in.User.ID,
		Test: slices.Contains(kinds, kindTest), Private: private, Origin: from.origin(in.View.ID, private),
	}, true)
	if err != nil {
		return b.fieldErrors(err, b.namer(ctx), fieldTitle, fieldSeverity, fieldSummary)
	}
	if !made && i.Origin.View != in.View.ID {
		return b.postTaken(ctx, i)
	}
	opening := block.Section(block.Textf("*%s*%s is declared: %s\nIts channel is being opened; the link follows here.", i.Ref(), block.Marked("", i.Test, i.Private), i.Title))
	view := block.Form("", i.Ref(), "", "", opening)
	return slack.NewUpdateViewSubmissionResponse(&view)
}

// declareNow declares from a command, without a form.
func (b *Bot) declareNow(ctx context.Context, cmd slack.SlashCommand, title string, another bool) (any, error) {
	d := incident.Declaration{Title: title, By: cmd.UserID, Origin: incident.Origin{
		Kind: incident.OriginCommand, Key: cmd.TriggerID, Channel: cmd.ChannelID, ResponseURL: cmd.ResponseURL,
	}}.Named().Fit()
	i, made, err := b.Desk.Declare(ctx, d, another)
	if err != nil || made {
		return nil, err
	}
	return b.sameAgain(ctx, i, d.Severity)
}

// sameAgain says that the incident is there already, and offers another, of a severity
// or none.
func (b *Bot) sameAgain(ctx context.Context, i *incident.Incident, level incident.Severity) (any, error) {
	room, err := b.Reader.RoomOf(ctx, i.Number)
	if err != nil {
		return nil, err
	}
	text := block.Textf("You declared %s %s. It is still open.", block.Called(i), block.Time(i.DeclaredAt))
	if room != "" {
		text += block.Textf(" Go to %s.", block.Channel(room))
	}
	return only(text, block.Section(text), block.Actions(another(i, level))), nil
}

// another offers to declare what has the same title all the same.
func another(i *incident.Incident, level incident.Severity) *slack.ButtonBlockElement {
	title := i.Title
	if level != 0 {
		title = level.String() + " " + title
	}
	return block.Button("Declare another", block.ActDeclare, title)
}
