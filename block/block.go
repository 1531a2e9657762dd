package block

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/slack-go/slack"
)

// Slack's limits, in characters; docs.slack.dev, Block Kit reference.
const (
	maxBlocks      = 100
	maxHeader      = 150
	maxSection     = 3000
	maxField       = 2000
	maxFields      = 10
	maxContext     = 3000
	maxButton      = 75
	maxValue       = 2000
	maxPlaceholder = 150
	maxOption      = 75
	maxMenu        = 5
	maxMenuValue   = 150
	maxLabel       = 2000
	maxHint        = 2000
	maxModalTitle  = 24
	maxInitial     = 3000
	maxElements    = 25
	maxOptions     = 100
	maxChecks      = 10
	maxAddress     = 3000
	maxConfirm     = 100
	maxConfirmText = 300
	maxYes         = 30
	// maxFallback keeps chat.update happy, which refuses text over 4,000.
	maxFallback = 3900
)

func plain(text string, limit int) *slack.TextBlockObject {
	text = Clip(text, limit)
	if text == "" {
		// Slack refuses empty text objects.
		text = " "
	}
	return slack.NewTextBlockObject(slack.PlainTextType, text, true, false)
}

func mrkdwn(text Markup, limit int) *slack.TextBlockObject {
	text = clipMarkup(text, limit)
	if text == "" {
		text = " "
	}
	// Verbatim keeps "@here" and "#general" in typed text from coming alive.
	return slack.NewTextBlockObject(slack.MarkdownType, string(text), false, true)
}

// Fallback cuts the text that notifications and screen readers show.
func Fallback(text Markup) string { return string(clipMarkup(text, maxFallback)) }

// Header is a big plain line; typed text is fine.
func Header(text string) slack.Block { return slack.NewHeaderBlock(plain(text, maxHeader)) }

// Headed is a header of a mark, such as a sign and a number, and a typed title.
// A title that does not fit there stands whole below.
func Headed(mark Markup, title string) []slack.Block {
	whole := string(mark) + "  " + title
	if units(whole) <= maxHeader {
		return []slack.Block{Header(whole)}
	}
	return []slack.Block{Header(string(mark)), Section(Textf("*%s*", title))}
}

// Plain is a paragraph of typed text, shown as typed: Slack formats nothing in it.
func Plain(text string) slack.Block {
	return slack.NewSectionBlock(plain(text, maxSection), nil, nil)
}

// Section is a paragraph.
func Section(text Markup) slack.Block {
	return slack.NewSectionBlock(mrkdwn(text, maxSection), nil, nil)
}

// Fields are short pieces in two columns, ten at most.
func Fields(fields ...Markup) slack.Block {
	objects := make([]*slack.TextBlockObject, 0, len(fields))
	for _, f := range fields[:min(len(fields), maxFields)] {
		objects = append(objects, mrkdwn(f, maxField))
	}
	return slack.NewSectionBlock(nil, objects, nil)
}

// Row is a paragraph with a button at its side.
func Row(text Markup, button *slack.ButtonBlockElement) slack.Block {
	return slack.NewSectionBlock(mrkdwn(text, maxSection), nil, slack.NewAccessory(button))
}

// Entry is one line of a menu: it does an action with a value.
type Entry struct {
	Label  string
	Action Action
	Value  string
}

// RowMenu is a paragraph with a menu at its side, of two to five entries. Each
// click is ActMenu, whose value ParseMenu reads.
func RowMenu(text Markup, entries ...Entry) slack.Block {
	options := make([]*slack.OptionBlockObject, 0, maxMenu)
	for _, e := range entries[:min(len(entries), maxMenu)] {
		options = append(options, slack.NewOptionBlockObject(Clip(string(e.Action)+" "+e.Value, maxMenuValue), plain(e.Label, maxOption), nil))
	}
	return slack.NewSectionBlock(mrkdwn(text, maxSection), nil, slack.NewAccessory(slack.NewOverflowBlockElement(string(ActMenu), options...)))
}

// ParseMenu reads what an entry of a menu carries.
func ParseMenu(value string) (Action, string) {
	action, rest, _ := strings.Cut(value, " ")
	return Action(action), rest
}

// Context is a small grey line.
func Context(text Markup) slack.Block {
	return slack.NewContextBlock("", mrkdwn(text, maxContext))
}

// Actions is a row of buttons, 25 at most. Slack refuses two with one action id,
// so a further button of an action gets a number, which ParseAction takes off.
func Actions(buttons ...*slack.ButtonBlockElement) slack.Block {
	var elements []slack.BlockElement
	same := map[string]int{}
	for _, b := range buttons[:min(len(buttons), maxElements)] {
		if same[b.ActionID]++; same[b.ActionID] > 1 {
			further := *b
			further.ActionID += nth + strconv.Itoa(same[b.ActionID])
			b = &further
		}
		elements = append(elements, b)
	}
	return slack.NewActionBlock("", elements...)
}

// Button does an action with a value when it is clicked.
func Button(label string, action Action, value string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(string(action), Clip(value, maxValue), plain(label, maxButton))
}

// Sure lets a button ask before it acts.
func Sure(button *slack.ButtonBlockElement, title, text, yes string) *slack.ButtonBlockElement {
	return button.WithConfirm(slack.NewConfirmationBlockObject(plain(title, maxConfirm), plain(text, maxConfirmText), plain(yes, maxYes), plain("Cancel", maxYes)))
}

// Primary is the one button that most people will want.
func Primary(label string, action Action, value string) *slack.ButtonBlockElement {
	return Button(label, action, value).WithStyle(slack.StylePrimary)
}

// LinkButton opens an address. Slack tells the bot of the click, too. An address
// that Slack would refuse makes a button that opens nothing.
func LinkButton(label string, action Action, address string) *slack.ButtonBlockElement {
	button := Button(label, action, "")
	u, err := url.Parse(address)
	if err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && units(u.String()) <= maxAddress {
		button.URL = strings.NewReplacer("|", "%7C", ">", "%3E", "<", "%3C", " ", "%20").Replace(u.String())
	}
	return button
}

// Lines are sections of lines, as many as are needed so that none is cut.
func Lines(lines []Markup) []slack.Block {
	var blocks []slack.Block
	part, used := Markup(""), 0
	for _, line := range lines {
		size := units(string(line)) + 1
		if part != "" && used+size > maxSection {
			blocks, part, used = append(blocks, Section(part)), "", 0
		}
		if part != "" {
			part += "\n"
		}
		part, used = part+line, used+size
	}
	if part != "" {
		blocks = append(blocks, Section(part))
	}
	return blocks
}
