package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// reactKeep is the reaction that puts a message into the timeline.
const reactKeep = "pushpin"

// tombstone is the subtype of what is left of a deleted message that has replies.
const tombstone = "tombstone"

// shortcutKeep is the callback id of the manifest's message shortcut.
const shortcutKeep = "incident_add_message"

// keeps reports whether a reaction is the one that puts into the timeline.
func (e event) keeps() bool {
	name, _, _ := strings.Cut(e.Inner.Reaction, "::")
	return name == reactKeep && e.Inner.Item.Type == "message"
}

// wantsKeep picks what people did to messages of others: what muster itself says
// is in the timeline anyhow, and so is the card.
func (b *Bot) wantsKeep(e event) bool {
	return e.keeps() && e.Inner.User != "" && e.Inner.User != b.Place.BotUser && e.Inner.ItemUser != b.Place.BotUser
}

// reactionKept takes in that somebody reacted, or took that back.
func (b *Bot) reactionKept(ctx context.Context, e event, attempt int) error {
	return b.keep(ctx, e, kept{
		channel: e.Inner.Item.Channel, ts: e.Inner.Item.TS, attempt: attempt,
		mark: incident.Mark{Way: incident.WayReaction, On: e.Inner.Type == "reaction_added"},
	})
}

func (b *Bot) wantsPin(e event) bool {
	return e.Inner.Item.Type == "message" && e.Inner.User != "" && e.Inner.User != b.Place.BotUser && e.Inner.ItemUser != b.Place.BotUser
}

// pinKept takes in that somebody pinned a message, or took the pin away.
func (b *Bot) pinKept(ctx context.Context, e event, attempt int) error {
	return b.keep(ctx, e, kept{
		channel: e.Inner.ChannelID, ts: e.Inner.Item.Message.TS, attempt: attempt,
		mark: incident.Mark{Way: incident.WayPin, On: e.Inner.Type == "pin_added"},
	})
}

// kept is a message that somebody puts into a timeline or takes out of it.
type kept struct {
	channel, ts string
	mark        incident.Mark
	attempt     int
}

// keep reads what a message says, and lets the Desk put it into the timeline of
// the incident whose channel it is in. Elsewhere a pin is a pin. Nobody is
// answered: the person sees their pin or reaction.
func (b *Bot) keep(ctx context.Context, e event, k kept) error {
	number, err := b.Reader.InRoom(ctx, k.channel)
	if err != nil || number == 0 || b.may(ctx, e.Inner.User) != nil {
		return err
	}
	if err := b.mayKnow(ctx, number); err != nil && k.attempt < readTries {
		// They did it in a private room: the record of its members may be behind. As a
		// refusal it would end the event.
		return fmt.Errorf("look who is in a private room: %v", err)
	}
	var said *incident.Said
	if k.mark.On {
		said, err = b.said(ctx, k.channel, k.ts)
		if errors.Is(err, errOurs) || err != nil && !passing(err) {
			return nil
		}
		if err != nil && (k.attempt < readTries || !errors.Is(err, errNotSeen)) {
			return fmt.Errorf("read a message: %w", err)
		}
	}
	k.mark.At = incident.ParseTS(e.Inner.EventTS)
	_, err = b.Desk.Mark(ctx, number, k.channel, k.ts, said, k.mark, incident.Act{By: e.Inner.User, Key: e.ID})
	return quiet(err)
}

// quiet leaves out that nothing had to be done.
func quiet(err error) error {
	if incident.IsKind(err, incident.NothingToDo) {
		return nil
	}
	return err
}

// errOurs says that muster wrote the message itself.
var errOurs = errors.New("the message is muster's own")

// said reads what a message says. errNotSeen says that it is not there, any more
// or yet.
func (b *Bot) said(ctx context.Context, channel, ts string) (*incident.Said, error) {
	said, _, err := b.saidNow(ctx, channel, ts)
	return said, err
}

// saidNow also gives who put it into the timeline by their reaction; nil if Slack
// does not name all of them.
func (b *Bot) saidNow(ctx context.Context, channel, ts string) (*incident.Said, []string, error) {
	m, err := b.readPost(ctx, channel, ts)
	if err != nil {
		return nil, nil, err
	}
	if m.SubType == tombstone {
		return nil, nil, errNotSeen
	}
	said, err := b.saidIn(ctx, channel, m)
	return said, reactedTo(m), err
}

// reactedTo says who put a message into the timeline by their reaction; nil if
// Slack does not name all of them.
func reactedTo(m *slack.Message) []string {
	reacted := []string{}
	for _, r := range m.Reactions {
		name, _, _ := strings.Cut(r.Name, "::")
		switch {
		case name != reactKeep:
		case r.Count != len(r.Users):
			return nil
		default:
			reacted = append(reacted, r.Users...)
		}
	}
	return reacted
}

// saidIn takes a message from what Slack sent.
func (b *Bot) saidIn(ctx context.Context, channel string, m *slack.Message) (*incident.Said, error) {
	if m.User == b.Place.BotUser && m.User != "" {
		return nil, errOurs
	}
	words := *m
	words.Files = nil
	_, text := postText(&words)
	said := &incident.Said{At: incident.ParseTS(m.Timestamp), Text: b.withNames(ctx, labelsOf(m.Text).Replace(text)), Files: filesOf(m)}
	if m.Edited != nil {
		said.EditedAt = incident.ParseTS(m.Edited.Timestamp)
	}
	if m.ThreadTimestamp != m.Timestamp {
		said.Thread = m.ThreadTimestamp
	}
	said.Link = b.Place.MessageLink(channel, m.Timestamp, said.Thread)
	switch post, _ := postOf(channel, m.Timestamp, m, nil); {
	case m.User != "" && m.BotID == "":
		said.Author = m.User
	default:
		said.Tool = post.Author
		if m.User != "" && post.Author == m.User {
			said.Author, said.Tool = m.User, ""
		}
	}
	return said, nil
}

// filesOf lists what is attached. What Slack only links to has no address: it is
// somebody else's, and is not for the bot's token.
func filesOf(m *slack.Message) []incident.File {
	var files []incident.File
	for _, f := range m.Files {
		file := incident.File{ID: f.ID, Name: incident.Shorten(incident.CleanLine(f.Name), 100), Type: f.Mimetype, Size: f.Size}
		if !f.IsExternal && f.Mode == "hosted" {
			file.Address = f.URLPrivate
		}
		if f.ID != "" {
			files = append(files, file)
		}
	}
	return files
}

// mentionedIDs finds people, groups and channels in text whose markup is gone.
var mentionedIDs = regexp.MustCompile(`@[UWS][A-Z0-9]{6,}\b|#[CG][A-Z0-9]{6,}\b`)

// withNames writes names in place of ids of people, groups and channels, as far as
// Slack tells.
func (b *Bot) withNames(ctx context.Context, text string) string { return named(ctx, text, b.Names) }

// named does so with the names that look gives.
func named(ctx context.Context, text string, look func(ctx context.Context, ids ...string) map[string]string) string {
	var ids []string
	for _, mention := range mentionedIDs.FindAllString(text, -1) {
		// Without a digit it is a word, such as #CHECKOUT.
		if strings.ContainsAny(mention, "0123456789") {
			ids = append(ids, mention[1:])
		}
	}
	if len(ids) == 0 {
		return text
	}
	names := look(ctx, ids...)
	return mentionedIDs.ReplaceAllStringFunc(text, func(mention string) string {
		return mention[:1] + cmp.Or(names[mention[1:]], mention[1:])
	})
}

// wantsChange picks the edits and deletions of messages of others; what people
// just say is none of our business.
func (b *Bot) wantsChange(e event) bool {
	switch e.Inner.Subtype {
	case "message_changed":
		return e.Inner.Message.User != b.Place.BotUser
	case "message_deleted":
		return e.Inner.PreviousMessage.User != b.Place.BotUser
	}
	return false
}

// messageChanged follows a message of a timeline that was edited or deleted.
func (b *Bot) messageChanged(ctx context.Context, e event, attempt int) error {
	deleted := e.Inner.Subtype == "message_deleted"
	ts := e.Inner.Message.TS
	if deleted {
		ts = e.Inner.DeletedTS
	}
	numbers, err := b.Reader.InTimelines(ctx, e.Inner.Channel, ts)
	if err != nil || len(numbers) == 0 {
		return err
	}
	at := time.Now()
	var said *incident.Said
	var reacted []string
	if !deleted && e.Inner.Message.Subtype != tombstone {
		said, reacted, err = b.saidNow(ctx, e.Inner.Channel, ts)
		switch {
		case errors.Is(err, errNotSeen) && attempt >= readTries:
			// It was deleted: before, it could be read.
		case err != nil && !passing(err):
			return nil
		case err != nil:
			return fmt.Errorf("read a message: %w", err)
		}
	}
	for _, number := range numbers {
		_, err := b.Desk.Follow(ctx, number, e.Inner.Channel, ts, said, incident.Act{Key: e.ID})
		if err = quiet(err); err != nil {
			return err
		}
		if said == nil || reacted == nil {
			continue
		}
		_, err = b.Desk.Unreacted(ctx, number, e.Inner.Channel, ts, reacted, time.Since(at), incident.Act{})
		if err = quiet(err); err != nil {
			return err
		}
	}
	return nil
}

// keepFromMenu adds a message to the timeline from its menu: of the incident whose
// channel it is in, else of the one that the person picks.
func (b *Bot) keepFromMenu(ctx context.Context, in slack.InteractionCallback, ack ack) error {
	number, err := b.Reader.InRoom(ctx, in.Channel.ID)
	if err != nil {
		return err
	}
	said, err := b.saidIn(ctx, in.Channel.ID, &in.Message)
	if err != nil {
		return incident.Errorf(incident.NothingToDo, "muster says nothing that is not in the timeline already.")
	}
	if err := b.mayKnow(ctx, number); err != nil {
		return err
	}
	if number == 0 {
		open, err := b.Reader.List(ctx, incident.Query{Scope: incident.ScopeOpen, Viewer: in.User.ID, Limit: 1})
		if err != nil {
			return err
		}
		var likely *incident.Listed
		if open.Total == 1 {
			likely = &open.List[0]
		}
		b.open(ctx, in.TriggerID, keepForm(keepShown{Channel: in.Channel.ID, TS: in.MessageTs, Said: *said}, likely), ack)
		return nil
	}
	i, err := b.Desk.Mark(ctx, number, in.Channel.ID, in.MessageTs, said,
		incident.Mark{Way: incident.WayShortcut, On: true}, incident.Act{By: in.User.ID, Key: in.TriggerID})
	if err != nil {
		return err
	}
	ack(nil)
	text := block.Textf("Added to the timeline of *%s*.", i.Ref())
	b.whisper(ctx, in.ResponseURL, text, block.Row(text, takeOutButton(number, in.Channel.ID, in.MessageTs)))
	return nil
}

// takeOut undoes keepFromMenu; the message's channel and ts follow the incident.
func (b *Bot) takeOut(ctx context.Context, c click) error {
	channel, ts, _ := strings.Cut(c.rest, " ")
	i, err := b.Desk.Mark(ctx, c.number, channel, ts, nil, incident.Mark{Way: incident.WayShortcut}, c.act)
	if quiet(err) != nil {
		return err
	}
	text := block.Textf("Taken out of the timeline of *%s*.", incident.Ref(c.number))
	if i != nil {
		if m, _ := i.Message(channel, ts); m.Shown() {
			text = "It stays in the timeline, since it is also pinned or has a :pushpin:. Take that away, too, if it should go."
		}
	}
	if c.in.View.ID == "" {
		b.replace(ctx, c.in.ResponseURL, text)
		return nil
	}
	if _, err := b.Slack.UpdateViewContext(ctx, block.Form("", incident.Ref(c.number)+" timeline", "", "", block.Section(text)), "", "", c.in.View.ID); err != nil {
		b.Log.Warn().Err(err).Msg("say that a message is taken out")
	}
	return nil
}
