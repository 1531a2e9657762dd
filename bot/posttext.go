package bot

import (
	"cmp"
	"regexp"
	"strings"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// postText makes a title and a quote of a message. Alert tools leave the text
// empty and put everything into blocks or attachments, or send a text that only
// repeats them for notifications; people write text, which comes as rich text,
// too. Both results are without Slack's markup, and empty if nothing is said.
func postText(m *slack.Message) (title, quote string) {
	lines := blockLines(m.Blocks)
	if len(lines) == 0 {
		lines = markedLines(m.Text)
	}
	for n := range m.Attachments {
		lines = append(lines, attachmentLines(&m.Attachments[n])...)
	}
	for _, f := range m.Files {
		lines = append(lines, splitLines(f.Title)...)
	}
	if len(lines) == 0 {
		return "", ""
	}
	for _, line := range lines {
		if title = titleOf(line); title != "" {
			break
		}
	}
	if title == "" {
		title = bare(lines[0])
	}
	return title, incident.CleanText(strings.Join(lines, "\n"))
}

// blockLines reads what blocks say, from top to bottom.
func blockLines(blocks slack.Blocks) []string {
	var lines []string
	for _, b := range blocks.BlockSet {
		switch b := b.(type) {
		case *slack.HeaderBlock:
			lines = append(lines, textLines(b.Text)...)
		case *slack.SectionBlock:
			lines = append(lines, textLines(b.Text)...)
			for _, f := range b.Fields {
				// A field is a name above its value.
				parts := textLines(f)
				lines = append(lines, field(parts[:min(1, len(parts))], parts[min(1, len(parts)):]))
			}
		case *slack.ContextBlock:
			var parts []string
			for _, e := range b.ContextElements.Elements {
				if text, ok := e.(*slack.TextBlockObject); ok {
					parts = append(parts, textLines(text)...)
				}
			}
			lines = append(lines, strings.Join(parts, " "))
		case *slack.MarkdownBlock:
			lines = append(lines, markedLines(strings.ReplaceAll(b.Text, "**", "*"))...)
		case *slack.ImageBlock:
			lines = append(lines, textLines(b.Title)...)
		case *slack.RichTextBlock:
			for _, e := range b.Elements {
				lines = append(lines, splitLines(richText(e))...)
			}
		}
	}
	return filled(lines)
}

func textLines(text *slack.TextBlockObject) []string {
	if text == nil {
		return nil
	}
	if text.Type == slack.MarkdownType {
		return markedLines(text.Text)
	}
	return splitLines(text.Text)
}

// richText reads one element of what a person wrote.
func richText(e slack.RichTextElement) string {
	switch e := e.(type) {
	case *slack.RichTextSection:
		return richSection(e.Elements)
	case *slack.RichTextQuote:
		return richSection(e.Elements)
	case *slack.RichTextPreformatted:
		return richSection(e.Elements)
	case *slack.RichTextList:
		var items []string
		for _, item := range e.Elements {
			items = append(items, richText(item))
		}
		return strings.Join(items, "\n")
	}
	return ""
}

func richSection(elements []slack.RichTextSectionElement) string {
	var out strings.Builder
	for _, e := range elements {
		switch e := e.(type) {
		case *slack.RichTextSectionTextElement:
			out.WriteString(block.Escaped(e.Text))
		case *slack.RichTextSectionLinkElement:
			if e.Text != "" {
				out.WriteString(block.Escaped(e.Text))
			} else {
				out.WriteString(block.Escaped(e.URL))
			}
		case *slack.RichTextSectionEmojiElement:
			out.WriteString(cmp.Or(block.Unicode(e.Unicode), ":"+e.Name+":"))
		case *slack.RichTextSectionUserElement:
			out.WriteString("<@" + e.UserID + ">")
		case *slack.RichTextSectionChannelElement:
			out.WriteString("<#" + e.ChannelID + ">")
		case *slack.RichTextSectionBroadcastElement:
			out.WriteString("@" + e.Range)
		case *slack.RichTextSectionUserGroupElement:
			out.WriteString("<!subteam^" + e.UsergroupID + ">")
		case *slack.RichTextSectionColorElement:
			out.WriteString(block.Escaped(e.Value))
		case *slack.RichTextSectionDateElement:
			if e.Fallback != nil && *e.Fallback != "" {
				out.WriteString(block.Escaped(*e.Fallback))
			} else {
				out.WriteString(block.Moment(e.Timestamp.Time()))
			}
		}
	}
	return out.String()
}

// attachmentLines reads what an attachment says. Its fallback is for clients
// that show no attachments.
func attachmentLines(a *slack.Attachment) []string {
	lines := markedLines(a.Pretext)
	if blocks := blockLines(a.Blocks); len(blocks) > 0 {
		return append(lines, blocks...)
	}
	lines = append(lines, splitLines(a.Title)...)
	lines = append(lines, markedLines(a.Text)...)
	for _, f := range a.Fields {
		lines = append(lines, field(splitLines(f.Title), markedLines(f.Value)))
	}
	if lines = filled(lines); len(lines) > 0 {
		return lines
	}
	return splitLines(a.Fallback)
}

// splitLines gives the lines that say something, without Slack's tokens.
func splitLines(text string) []string {
	return filled(strings.Split(block.Typed(text), "\n"))
}

// field is a name and its value on one line.
func field(name, value []string) string {
	named, said := strings.Join(name, " "), strings.Join(value, " ")
	if named == "" || said == "" || strings.HasSuffix(named, ":") {
		return strings.TrimSpace(named + " " + said)
	}
	return named + ": " + said
}

// markedLines is splitLines of text that Slack formats, without the signs for that.
func markedLines(text string) []string {
	for _, sign := range marks {
		// Two words beside each other share the space between them.
		for range 2 {
			text = sign.ReplaceAllString(text, "$1$2$3")
		}
	}
	return splitLines(text)
}

// marks find bold, italic, struck and code: the signs stand at the ends of words.
var marks = func() (all []*regexp.Regexp) {
	for _, sign := range []string{"`", `\*`, "_", "~"} {
		all = append(all, regexp.MustCompile(`(?m)(^|[\s\p{P}])`+sign+`([^\s`+sign+`](?:[^\n`+sign+`]*[^\s`+sign+`])?)`+sign+`($|[\s\p{P}])`))
	}
	return all
}()

// calls is what only calls people or decorates: it is no title.
var calls = regexp.MustCompile(`^(?:@\S+|:[a-z0-9_+'-]+:|[\s\p{P}\p{S}\x{200d}\x{fe0f}])*$`)

// everybody is a call to all at the beginning of a line.
var everybody = regexp.MustCompile(`^(?:\s*@(?:here|channel|everyone)\b[\s:,–-]*)+`)

// titleOf is what of a line can be a title, or nothing.
func titleOf(line string) string {
	if calls.MatchString(line) {
		return ""
	}
	return bare(everybody.ReplaceAllString(line, ""))
}

func filled(lines []string) []string {
	var kept []string
	for _, line := range lines {
		if line = strings.TrimSpace(line); bare(line) != "" {
			kept = append(kept, line)
		}
	}
	return kept
}

// bare is a line without the signs that make it a heading, a quotation or a list, or
// nothing if it is of signs alone.
func bare(line string) string {
	line = strings.TrimPrefix(strings.TrimLeft(line, ">•#- \t"), "* ")
	if strings.Trim(line, "*_~` \t") == "" {
		return ""
	}
	return incident.CleanLine(line)
}
