package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// wantsMention picks what people write to us; apps that repeat our name ask for
// nothing.
func (b *Bot) wantsMention(e event) bool {
	return e.Inner.User != "" && e.Inner.BotID == "" && e.Inner.User != b.Place.BotUser
}

// mentioned does what somebody wrote to @muster, and answers them alone.
func (b *Bot) mentioned(ctx context.Context, e event, _ int) error {
	if err := b.may(ctx, e.Inner.User); err != nil {
		return b.tell(ctx, e, b.words(err))
	}
	cmd := incident.ParseCommand(block.Typed(b.afterName(e.Inner.Text)))
	switch {
	case cmd.Verb == incident.VerbNew && incident.CleanLine(cmd.Rest) != "":
		return b.declareMentioned(ctx, e, b.withNames(ctx, cmd.Rest))
	case cmd.Verb == incident.VerbList, cmd.Verb == incident.VerbFind && cmd.Rest != "":
		list := listed(cmd)
		blocks, err := b.listBlocks(ctx, list, e.Inner.User)
		if err != nil {
			return err
		}
		return b.tell(ctx, e, list.title(), blocks...)
	}
	return b.tell(ctx, e, mentionHelp(cmd))
}

// afterName is the text without our name, which people mostly write first.
func (b *Bot) afterName(text string) string {
	name := "<@" + b.Place.BotUser
	start := strings.Index(text, name)
	if start < 0 {
		return text
	}
	end := strings.IndexByte(text[start:], '>')
	if end < 0 {
		return text
	}
	rest := text[start+end+1:]
	if strings.TrimSpace(rest) == "" {
		rest = text[:start]
	}
	return strings.TrimLeft(rest, " :,\u00a0")
}

func (b *Bot) declareMentioned(ctx context.Context, e event, title string) error {
	// A message that is edited is the same message, and mentions us again.
	d := incident.Declaration{Title: title, By: e.Inner.User, Origin: incident.Origin{
		Kind: incident.OriginMention, Key: "mention:" + e.Inner.Channel + ":" + e.Inner.TS, Channel: e.Inner.Channel, Thread: e.Inner.ThreadTS,
	}}.Named().Fit()
	i, made, err := b.Desk.Declare(ctx, d, false)
	if _, refused := errors.AsType[*incident.Error](err); refused {
		return b.tell(ctx, e, b.words(err))
	}
	// What was declared is answered by the reconciler, with the room.
	if err != nil || made || i.Origin.Key == d.Origin.Key {
		return err
	}
	room, err := b.Reader.RoomOf(ctx, i.Number)
	if err != nil {
		return err
	}
	text := block.Textf("You declared %s %s. It is still open.", block.Called(i), block.Time(i.DeclaredAt))
	if room != "" {
		text += block.Textf(" Go to %s.", block.Channel(room))
	}
	return b.tell(ctx, e, text, block.Section(text), block.Actions(another(i, d.Severity)))
}

// tell answers a mention where it stands, for that person alone. Where that is
// refused there is nobody to answer.
func (b *Bot) tell(ctx context.Context, e event, text block.Markup, blocks ...slack.Block) error {
	if len(blocks) == 0 {
		blocks = []slack.Block{block.Section(text)}
	}
	options := []slack.MsgOption{slack.MsgOptionText(block.Fallback(text), false), slack.MsgOptionBlocks(blocks...)}
	if e.Inner.ThreadTS != "" {
		options = append(options, slack.MsgOptionTS(e.Inner.ThreadTS))
	}
	_, err := b.Slack.PostEphemeralContext(ctx, e.Inner.Channel, e.Inner.User, options...)
	if err != nil && !passing(err) {
		b.Log.Warn().Err(err).Msg("answer a mention")
		return nil
	}
	if err != nil {
		return fmt.Errorf("answer a mention: %w", err)
	}
	return nil
}

func mentionHelp(cmd incident.Command) block.Markup {
	text := block.Markup("")
	switch cmd.Verb {
	case incident.VerbHelp:
	case incident.VerbNew:
		text = "What is wrong? Write it behind the word: `@muster new checkout returns 500`\n\n"
	case incident.VerbForm:
		if cmd.Rest != "" {
			text = block.Textf("I don't understand “%s”.\n\n", incident.Shorten(incident.CleanLine(cmd.Rest), 80))
		}
		if cmd.Near != "" {
			text = block.Textf("I don't understand “%s”. Did you mean `%s`?\n\n", cmd.Rest, meantBy(cmd))
		}
	default:
		text = block.Textf("That works with the command: `/incident %s`\n\n", numberedWords(cmd.Number, string(cmd.Verb)))
	}
	return text + "*What you can write to me*\n" +
		"`@muster new checkout returns 500` declares an incident\n" +
		"`@muster list` shows what is open, `@muster find checkout` looks for words\n" +
		"`/incident help` shows the command, which can do more"
}

// numberedWords are words of a command as they are typed, behind the number of an
// incident if there is one.
func numberedWords(number int64, words string) string {
	if number == 0 {
		return words
	}
	return fmt.Sprintf("%d %s", number, words)
}

// meantBy is how the command is typed that a mistyped one is nearly.
func meantBy(cmd incident.Command) string {
	switch verb, _, _ := strings.Cut(cmd.Near, " "); incident.Verb(verb) {
	case incident.VerbNew, incident.VerbList, incident.VerbFind, incident.VerbHelp:
		return "@muster " + cmd.Near
	}
	return "/incident " + numberedWords(cmd.Number, cmd.Near)
}
