package bot

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"regexp"
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
	if in.Message.User == b.Place.BotUser && in.Message.User != "" {
		return b.fromOurs(ctx, in, ack)
	}
	// The form can't wait until Slack says what people are called.
	post, draft := postOf(in.Channel.ID, in.MessageTs, &in.Message, func(text string) string { return named(ctx, text, b.knownNames) })
	number, err := b.Reader.FromOrigin(ctx, post.Key())
	if err != nil {
		return err
	}
	if number == 0 {
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

// fromOurs answers who would declare from what muster says itself: of whatever it is,
// there is an incident.
func (b *Bot) fromOurs(ctx context.Context, in slack.InteractionCallback, ack ack) error {
	ack(nil)
	if err := b.vet(ctx); err != nil {
		return err
	}
	number, err := b.Reader.InRoom(ctx, in.Channel.ID)
	if thread := in.Message.ThreadTimestamp; err == nil && number == 0 && thread != "" {
		number, err = b.Reader.FromOrigin(ctx, incident.Post{Channel: in.Channel.ID, TS: thread}.Key())
	}
	if err != nil {
		return err
	}
	text := block.Markup("muster wrote this itself.")
	if i, err := b.incident(ctx, number); err == nil {
		text = block.Textf("muster wrote this itself, about %s. It is %s.", block.Called(i), i.Standing())
		if room, err := b.Reader.RoomOf(ctx, number); err == nil && room != "" && room != in.Channel.ID {
			text += block.Textf(" Go to %s.", block.Channel(room))
		}
	}
	text += " To declare another incident, type `/incident new` and a title."
	b.whisper(ctx, in.ResponseURL, text)
	return nil
}

// postTaken ends a form whose post somebody else declared from meanwhile.
func (b *Bot) postTaken(ctx context.Context, i *incident.Incident) *slack.ViewSubmissionResponse {
	text, err := b.already(ctx, i)
	if err != nil {
		text = block.Textf("*%s* was already declared from this post.", i.Ref())
	}
	if b.mayKnow(ctx, i.Number) != nil {
		// It turned private this moment.
		view := block.Form("", "Declare an incident", "", "", block.Section("Something else became of this post meanwhile. To declare, type `/incident new` and a title."))
		return slack.NewUpdateViewSubmissionResponse(&view)
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
	text := block.Textf("%s declared %s from this post. It is %s.", block.User(i.Declarer), block.Called(i), i.Standing())
	if room != "" {
		text += block.Textf(" Go to %s.", block.Channel(room))
	}
	if !i.Status.Open() {
		text += block.Textf(" Is it back? `/incident %d reopen` takes it up again, `/incident new` and a title declare another.", i.Number)
	}
	return text, nil
}

// postOf is a message as the origin of an incident, with the title and the summary
// that it suggests; they and the quote are empty if it says nothing. named, unless it
// is nil, writes names in place of people's ids.
func postOf(channel, ts string, m *slack.Message, named func(string) string) (incident.Post, incident.Declaration) {
	title, text := postText(m)
	labels := labelsOf(m.Text)
	title, text = labels.Replace(title), labels.Replace(text)
	if named != nil {
		title, text = named(title), named(text)
	}
	post := incident.Post{Channel: channel, TS: ts, Author: m.User, Quote: incident.Shorten(text, incident.MaxQuote)}
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
	return post, incident.Declaration{Title: title, Summary: below(title, text)}
}

// labelled are references that Slack gives with their names.
var labelled = regexp.MustCompile(`<(?:([@#])|!subteam\^)([A-Z0-9]+)\|[@#]?([^<>|]+)>`)

// labelsOf puts the names that stand in a message's text in the place of the ids in its
// blocks, which have no names.
func labelsOf(text string) *strings.Replacer {
	var pairs []string
	for _, found := range labelled.FindAllStringSubmatch(text, -1) {
		sign := cmp.Or(found[1], "@")
		pairs = append(pairs, sign+found[2], sign+block.Typed(found[3]))
	}
	return strings.NewReplacer(pairs...)
}

// below is what a post says besides its title, or all of it if the title is too long to
// be kept whole.
func below(title, text string) string {
	first, rest, _ := strings.Cut(text, "\n")
	if incident.Shorten(title, incident.MaxTitle) == title && titleOf(first) == title {
		return incident.CleanText(rest)
	}
	return text
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
