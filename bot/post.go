package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// shortcutFromMessage is the callback id of the manifest's message shortcut.
const shortcutFromMessage = "incident_from_message"

// messageShortcut handles what was picked from the menu of a message. Whether
// muster is in the channel does not matter: the message is in the payload.
func (b *Bot) messageShortcut(ctx context.Context, in slack.InteractionCallback, ack ack) {
	var err error
	switch in.CallbackID {
	case shortcutFromMessage:
		err = b.declareFromPost(ctx, in, ack)
	case shortcutKeep:
		err = b.keepFromMenu(ctx, in, ack)
	}
	ack(nil)
	if err != nil {
		b.complain(ctx, in, err)
	}
}

func (b *Bot) declareFromPost(ctx context.Context, in slack.InteractionCallback, ack ack) error {
	post, title := postOf(in.Channel.ID, in.MessageTs, &in.Message)
	number, err := b.Reader.FromOrigin(ctx, post.Key())
	if err != nil {
		return err
	}
	if number == 0 {
		draft := incident.Declaration{Title: title, Summary: post.Quote}
		if draft.Summary == draft.Fit().Title {
			draft.Summary = ""
		}
		return b.openDeclareWith(ctx, in.TriggerID, draft, declareOrigin{
			Kind: incident.OriginShortcut, Channel: in.Channel.ID, Post: &post, ResponseURL: in.ResponseURL,
		}, ack)
	}
	ack(nil)
	if err := b.vet(ctx); err != nil {
		return err
	}
	i, err := b.incident(ctx, number)
	if err != nil {
		return err
	}
	text, err := b.already(ctx, i)
	if err == nil {
		b.whisper(ctx, in.ResponseURL, text)
	}
	return err
}

// postTaken ends a form whose post somebody else declared from meanwhile.
func (b *Bot) postTaken(ctx context.Context, i *incident.Incident) *slack.ViewSubmissionResponse {
	text, err := b.already(ctx, i)
	if err != nil {
		text = block.Textf("*%s* was already declared from this post.", i.Ref())
	}
	view := block.Form("", i.Ref(), "", "", block.Section(text))
	return slack.NewUpdateViewSubmissionResponse(&view)
}

// already says that a post has become an incident before, and where to go.
func (b *Bot) already(ctx context.Context, i *incident.Incident) (block.Markup, error) {
	room, err := b.Reader.RoomOf(ctx, i.Number)
	if err != nil {
		return "", err
	}
	text := block.Textf("%s declared %s from this post. It is %s.", block.User(i.Declarer), block.Called(i), string(i.Status))
	if room != "" {
		text += block.Textf(" Go to %s.", block.Channel(room))
	}
	return text, nil
}

// postOf is a message as the origin of an incident, with the title that it
// suggests; both the title and the quote are empty if it says nothing.
func postOf(channel, ts string, m *slack.Message) (incident.Post, string) {
	title, quote := postText(m)
	post := incident.Post{Channel: channel, TS: ts, Author: m.User, Quote: incident.Shorten(quote, incident.MaxQuote)}
	if m.ThreadTimestamp != ts {
		post.Thread = m.ThreadTimestamp
	}
	if post.Author == "" {
		post.Author = m.Username
	}
	if post.Author == "" && m.BotProfile != nil {
		post.Author = m.BotProfile.Name
	}
	post.Author = incident.Shorten(incident.CleanLine(post.Author), 80)
	return post, title
}

// plainJSON leaves <, > and & as they are: a form carries 3,000 characters only,
// and nothing reads it as HTML.
func plainJSON(v any) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v)
	return strings.TrimSpace(out.String())
}
