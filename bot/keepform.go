package bot

import (
	"context"
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// formKeep asks whose timeline a message belongs to that stands in a channel of
// no incident.
const formKeep = "keep"

// keepShown travels in the form: the message as it was read. It may stand where
// muster can't read it again.
type keepShown struct {
	Channel string        `json:"channel"`
	TS      string        `json:"ts"`
	Said    incident.Said `json:"said"`
}

// keepCarried is how many characters a form carries, of Slack's 3,000.
const keepCarried = 2900

// pack shortens the text until the form can carry it.
func (k keepShown) pack() string {
	for most := incident.MaxQuote * 5; ; most /= 2 {
		k.Said.Text = incident.Shorten(k.Said.Text, most)
		if packed := plainJSON(k); utf8.RuneCountInString(packed) <= keepCarried || most < 2 {
			return packed
		}
		if most < incident.MaxQuote {
			k.Said.Files = nil
		}
	}
}

// keepForm asks for the incident; likely is the one that it is without a choice, or nil.
func keepForm(k keepShown, likely *incident.Listed) slack.ModalViewRequest {
	words := k.Said.Text
	if words == "" {
		words = "A message without words"
	}
	return block.Form(formKeep, "Add to timeline", "Add", k.pack(),
		block.Section(block.Quote(incident.Shorten(words, incident.MaxQuote))),
		block.IncidentSelect("Of which incident?", likely))
}

func (b *Bot) keepChosen(ctx context.Context, in slack.InteractionCallback) *slack.ViewSubmissionResponse {
	var k keepShown
	_ = json.Unmarshal([]byte(in.View.PrivateMetadata), &k)
	number, _ := strconv.ParseInt(values(in)[block.FieldIncident], 10, 64)
	i, err := b.Desk.Mark(ctx, number, k.Channel, k.TS, &k.Said, incident.Mark{Way: incident.WayShortcut, On: true},
		incident.Act{By: in.User.ID, Key: in.View.ID, Try: in.TriggerID})
	if err != nil {
		return b.fieldErrors(err, b.namer(ctx), block.FieldIncident)
	}
	text := block.Textf("Added to the timeline of *%s* %s.", i.Ref(), i.Title)
	view := block.Form("", i.Ref()+" timeline", "", "", block.Row(text, takeOutButton(number, k.Channel, k.TS)))
	return slack.NewUpdateViewSubmissionResponse(&view)
}

func takeOutButton(number int64, channel, ts string) *slack.ButtonBlockElement {
	return block.Button("Take it out", block.ActTakeOut, block.Value(number, channel, ts))
}
