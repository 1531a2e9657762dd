package bot

import (
	"context"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// maxOffered keeps the options within an acknowledgement of 20 KB; Slack takes 100.
const maxOffered = 30

// offered is the answer to somebody who types into a choice. Slack wants the list
// also when it is empty.
type offered struct {
	Options []*slack.OptionBlockObject `json:"options"`
}

// suggest offers the incidents that have what was typed so far: open ones, and
// where any may be shown, all.
func (b *Bot) suggest(ctx context.Context, in slack.InteractionCallback, ack ack) {
	q := incident.Query{Scope: incident.ScopeOpen, Words: in.Value, Viewer: in.User.ID, Limit: maxOffered}
	if block.ParseAction(in.ActionID) == block.ActShow && len(incident.FindWords(in.Value)) > 0 {
		q.Scope = incident.ScopeAll
	}
	page, err := b.Reader.List(ctx, q)
	if err != nil {
		b.Log.Error().Err(err).Msg("look for incidents to offer")
	}
	ack(offers(page.List))
}

func offers(list []incident.Listed) offered {
	o := offered{Options: make([]*slack.OptionBlockObject, len(list))}
	for n, i := range list {
		o.Options[n] = block.IncidentOption(i)
	}
	return o
}
