package bot

import (
	"cmp"
	"context"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/report"
)

const (
	// exportPart is how many bytes of an export one block holds, and
	// exportParts how many blocks one answer: escaping makes text longer, and
	// Slack takes 3000 characters a block.
	exportPart, exportParts = 1500, 20
	// namesWithin is how long an export waits for people's names: the answer
	// is due within three seconds.
	namesWithin = 1500 * time.Millisecond
)

// export answers with the incident as Markdown, to be copied.
func (b *Bot) export(ctx context.Context, number int64) (answer, error) {
	title, blocks, err := b.exported(ctx, number)
	if err != nil {
		return nil, err
	}
	return only(title, blocks...), nil
}

// exportHere answers the button.
func (b *Bot) exportHere(ctx context.Context, in slack.InteractionCallback, number int64) error {
	title, blocks, err := b.exported(ctx, number)
	if err != nil {
		return err
	}
	b.whisper(ctx, in.ResponseURL, title, blocks...)
	return nil
}

func (b *Bot) exported(ctx context.Context, number int64) (block.Markup, []slack.Block, error) {
	i, err := b.incident(ctx, number)
	if err != nil {
		return "", nil, err
	}
	definitions, err := b.Reader.Definitions(ctx)
	if err != nil {
		return "", nil, err
	}
	timeline, err := b.Reader.Timeline(ctx, number)
	if err != nil {
		return "", nil, err
	}
	text := report.Markdown(i, definitions, timeline, b.names(ctx))
	var blocks []slack.Block
	for _, part := range parts(text) {
		blocks = append(blocks, block.Section(block.Markup("```"+block.Escaped(part)+"```")))
	}
	if len(blocks) > exportParts {
		blocks = append(blocks[:exportParts], block.Context("_The rest of the timeline is too long for a message._"))
	}
	return block.Textf("%s as Markdown", i.Ref()), blocks, nil
}

// parts cuts a text between lines into pieces that fit a block of code. A
// backtick would end the block.
func parts(text string) []string {
	var list []string
	var part strings.Builder
	for line := range strings.Lines(strings.ReplaceAll(text, "`", "'")) {
		for len(line) > exportPart {
			cut := strings.ToValidUTF8(line[:exportPart], "")
			list, line = append(list, part.String()+cut), line[len(cut):]
			part.Reset()
		}
		if part.Len()+len(line) > exportPart {
			list = append(list, part.String())
			part.Reset()
		}
		part.WriteString(line)
	}
	return append(list, part.String())
}

// names asks Slack for people's names, each once; who can't be named in time is
// shown by their id.
func (b *Bot) names(ctx context.Context) func(user string) string {
	until := time.Now().Add(namesWithin)
	known := map[string]string{"": "muster"}
	return func(user string) string {
		if name, ok := known[user]; ok {
			return name
		}
		name := user
		within, cancel := context.WithDeadline(ctx, until)
		defer cancel()
		if info, err := b.Slack.GetUserInfoContext(within, user); err == nil {
			name = cmp.Or(info.Profile.RealName, info.RealName, info.Name, user)
		}
		known[user] = incident.CleanLine(name)
		return known[user]
	}
}
