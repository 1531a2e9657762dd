package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

const (
	formUpdate  = "update"
	fieldText   = "text"
	fieldImpact = "impact"
	fieldNext   = "next"
	fieldWithin = "within"
)

// updateShown travels in the form of an update: which incident it shows, and
// how that stood when the form was made.
type updateShown struct {
	Number   int64             `json:"number,omitempty"`
	Severity incident.Severity `json:"severity,omitempty"`
	Status   incident.Status   `json:"status,omitempty"`
	// Asked is whether the person picks the incident in the form.
	Asked bool `json:"asked,omitempty"`
}

// updateDraft is what a form of an update is made of.
type updateDraft struct {
	// asks is whether the person picks the incident, because there are several.
	asks bool
	// i is the incident, or nil as long as none is picked.
	i           *incident.Incident
	definitions incident.Definitions
	text, next  string
}

// listed is the incident as a choice has it, or nil.
func (d updateDraft) listed() *incident.Listed {
	if d.i == nil {
		return nil
	}
	return &incident.Listed{
		Number: d.i.Number, Title: d.i.Title, Severity: d.i.Severity, SeverityName: d.definitions.Severity(d.i.Severity).Name, Status: d.i.Status,
		Test: d.i.Test, Private: d.i.Private,
	}
}

func updateForm(d updateDraft) slack.ModalViewRequest {
	var blocks []slack.Block
	title, shown := "Incident update", updateShown{Asked: d.asks}
	if d.i != nil {
		title = d.i.Ref() + " update"
		shown.Number, shown.Severity, shown.Status = d.i.Number, d.i.Severity, d.i.Status
	}
	if shown.Asked {
		blocks = append(blocks, block.Telling(block.IncidentSelect("Incident", d.listed()), block.ActUpdateOf))
	}
	blocks = append(blocks,
		block.Paragraph(fieldText, "What changed?", "rolled back in 2 of 4 clusters", d.text),
		block.Optional(block.Paragraph(fieldImpact, "Impact", "who is affected, and how", "")))
	blocks = append(blocks, block.Optional(block.Paragraph(fieldOf(fieldNext, shown.Number), "Next step", "what happens next", d.next)))
	if d.i != nil {
		blocks = append(blocks,
			statusChoice(fieldOf(fieldStatus, d.i.Number), d.i.Status),
			block.Choice(fieldOf(fieldSeverity, d.i.Number), "Severity", d.i.Severity.String(), block.SeverityOptions(d.definitions)...))
	}
	blocks = append(blocks, withinChoice(fieldOf(fieldWithin, shown.Number), d.i))
	private, _ := json.Marshal(shown)
	return block.Form(formUpdate, title, "Post", string(private), blocks...)
}

// fieldOf is the id of a field that is filled in for one incident: Slack keeps
// what stands in a field for as long as its id stays.
func fieldOf(field string, number int64) string { return fmt.Sprintf("%s:%d", field, number) }

// withinChoice asks when the next update comes. Readers of a critical incident
// wait for one.
func withinChoice(id string, i *incident.Incident) *slack.InputBlock {
	initial := "0"
	if i != nil && i.Severity.Critical() {
		initial = "30"
	}
	return block.Choice(id, "Next update", initial,
		block.Option{Label: "In 15 minutes", Value: "15"}, block.Option{Label: "In 30 minutes", Value: "30"},
		block.Option{Label: "In 60 minutes", Value: "60"}, block.Option{Label: "No promise", Value: "0"})
}

// openUpdate opens the form beside the acknowledgement; number is 0 if the
// person is to pick the incident.
func (b *Bot) openUpdate(ctx context.Context, trigger string, number int64, text string, ack ack) error {
	draft := updateDraft{text: incident.Shorten(text, incident.MaxUpdate)}
	if number == 0 {
		some, err := b.Reader.List(ctx, incident.Query{Scope: incident.ScopeOpen, Viewer: who(ctx).user, Limit: 1})
		switch {
		case err != nil:
			return err
		case some.Total == 0:
			b.open(ctx, trigger, nothingOpen(), ack)
			return nil
		case some.Total == 1:
			number = some.List[0].Number
		}
		draft.asks = number == 0
	}
	if err := b.draft(ctx, number, &draft); err != nil {
		return err
	}
	b.open(ctx, trigger, updateForm(draft), ack)
	return nil
}

func nothingOpen() slack.ModalViewRequest {
	return block.Form("", "Incident update", "", "",
		block.Section("No incident is open, so there is nothing to update. Declare one with `/incident new` and a title."))
}

// draft fills in what is known of the incident; number is 0 if none is picked.
func (b *Bot) draft(ctx context.Context, number int64, d *updateDraft) (err error) {
	if number == 0 {
		return nil
	}
	if d.i, err = b.incident(ctx, number); err != nil {
		return err
	}
	if err := d.i.OpenTo("post an update"); err != nil {
		return err
	}
	if d.definitions, err = b.Reader.Definitions(ctx); err != nil {
		return err
	}
	timeline, err := b.Reader.Timeline(ctx, number)
	d.next = sinceUpdate(d.i, d.definitions, timeline)
	return err
}

// updateOf shows the form for the incident that was picked in it, with what is
// typed already.
func (b *Bot) updateOf(ctx context.Context, c click) error {
	number, err := strconv.ParseInt(c.value, 10, 64)
	if err != nil || c.in.View.ID == "" {
		return nil
	}
	draft := updateDraft{asks: true}
	if err := b.draft(ctx, number, &draft); err != nil {
		return err
	}
	if typed := values(c.in)[fieldOf(fieldNext, 0)]; typed != "" {
		draft.next = typed
	}
	form := updateForm(draft)
	form.ExternalID = c.in.View.ExternalID
	if _, err := b.Slack.UpdateViewContext(ctx, form, "", c.in.View.Hash, c.in.View.ID); err != nil {
		// The person picked again meanwhile, or sent the form: it works as it is.
		b.Log.Debug().Err(err).Msg("show the form of another incident")
	}
	return nil
}

// updated reads the form and posts.
func (b *Bot) updated(ctx context.Context, in slack.InteractionCallback) *slack.ViewSubmissionResponse {
	var shown updateShown
	_ = json.Unmarshal([]byte(in.View.PrivateMetadata), &shown)
	fields := values(in)
	number := shown.Number
	if shown.Asked {
		number, _ = strconv.ParseInt(fields[block.FieldIncident], 10, 64)
	}
	u := readUpdate(fields, shown, number)
	u.Text = b.withNames(ctx, u.Text)
	_, err := b.Desk.Post(ctx, number, u, incident.Act{By: in.User.ID, Key: in.View.ID, Try: in.TriggerID})
	if refusal, ok := errors.AsType[*incident.Error](err); ok {
		beside := *refusal
		if at := fieldOf(beside.Field, shown.Number); fields[at] != "" {
			beside.Field = at
		}
		err = &beside
	}
	at := []string{fieldText, fieldImpact}
	for _, field := range []string{fieldNext, fieldStatus, fieldSeverity, fieldWithin} {
		at = append(at, fieldOf(field, shown.Number))
	}
	return b.closeUnless(ctx, err, at...)
}

// readUpdate reads the fields. Those of severity and status count only if they
// are of the incident that the update is about: another one may have been picked
// a moment before the form was sent.
func readUpdate(fields map[string]string, shown updateShown, number int64) incident.Update {
	u := incident.Update{Text: fields[fieldText], Impact: fields[fieldImpact], Next: fields[fieldOf(fieldNext, shown.Number)]}
	minutes, _ := strconv.Atoi(fields[fieldOf(fieldWithin, shown.Number)])
	u.Within = time.Duration(minutes) * time.Minute
	if shown.Number != number {
		return u
	}
	u.ShownSeverity, u.ShownStatus = shown.Severity, shown.Status
	u.Severity, _ = incident.ParseSeverity(fields[fieldOf(fieldSeverity, number)])
	u.Status = incident.Status(fields[fieldOf(fieldStatus, number)])
	return u
}
