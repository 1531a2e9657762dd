package blockkit

import (
	"regexp"
	"strings"
)

// Names resolves references to what a person sees, without sigil: "ana" for a
// user, "inc-7-db-down" for a channel, "oncall" for a group. An empty answer
// leaves the id in place.
type Names interface {
	User(id string) string
	Channel(id string) string
	Group(id string) string
}

// nobody knows no names, so every id stays as it is.
type nobody struct{}

func (nobody) User(string) string    { return "" }
func (nobody) Channel(string) string { return "" }
func (nobody) Group(string) string   { return "" }

// Option changes how Text draws.
type Option func(*pen)

// Dates lets the caller draw date tokens, for instance in one fixed time zone or
// as a placeholder that keeps golden files stable. Without it the fallback that
// the app wrote is drawn.
func Dates(draw func(unix int64, tokens, fallback string) string) Option {
	return func(p *pen) { p.date = draw }
}

// pen draws blocks as text.
type pen struct {
	names Names
	date  func(unix int64, tokens, fallback string) string
	lines []string
}

func newPen(names Names, opts []Option) *pen {
	if names == nil {
		names = nobody{}
	}
	p := &pen{names: names, date: func(_ int64, _, fallback string) string { return fallback }}
	for _, o := range opts {
		o(p)
	}
	return p
}

// Mrkdwn draws one mrkdwn source, such as the text of a message without blocks.
// References become names and entities are decoded last, once. A token that
// calls people (<!channel>) is drawn with two exclamation marks, so that it
// cannot be taken for the same words typed by a person and escaped.
func Mrkdwn(source string, names Names, opts ...Option) string {
	return newPen(names, opts).mrkdwn(source)
}

func (p *pen) mrkdwn(source string) string {
	var b strings.Builder
	for _, t := range tokens(source) {
		b.WriteString(p.token(t))
	}
	return b.String()
}

func (p *pen) token(t token) string {
	switch t.kind {
	case literal:
		return unescape(t.raw)
	case userToken:
		return "@" + first(p.names.User(t.head), unescape(t.label), t.head)
	case channelToken:
		return "#" + first(p.names.Channel(t.head), unescape(t.label), t.head)
	case groupToken:
		return "@" + strings.TrimPrefix(first(p.names.Group(t.head), unescape(t.label), t.head), "@")
	case broadcastToken:
		return "@" + unescape(t.head) + "!!"
	case dateToken:
		return p.dateToken(t)
	}
	return link(t)
}

func (p *pen) dateToken(t token) string {
	unix, format, _, _ := t.date()
	if !t.wellFormed() {
		return "<" + t.raw + ">"
	}
	return p.date(unix, format, unescape(t.label))
}

// link draws a label with its address behind it. The address of a Slack message
// says nothing to a reader and differs per run, so there only the label is left.
func link(t token) string {
	address, label := unescape(t.head), unescape(t.label)
	bare := strings.TrimPrefix(address, "mailto:")
	switch {
	case label == "" || label == address || label == bare:
		return bare
	case strings.Contains(address, "/archives/"):
		return label
	}
	return label + " (" + address + ")"
}

// bareBroadcast finds calls that Slack makes live although they are no tokens.
var bareBroadcast = regexp.MustCompile(`(^|[^\w@<&/])@(here|channel|everyone)\b`)

// object draws a text object. In a mrkdwn object without verbatim, Slack also
// turns a bare @here into a call, so it gets the same marks.
func (p *pen) object(v any) string {
	o, _ := v.(map[string]any)
	source, _ := o["text"].(string)
	if o["type"] != "mrkdwn" {
		return source
	}
	var b strings.Builder
	for _, t := range tokens(source) {
		if t.kind == literal && o["verbatim"] != true {
			t.raw = bareBroadcast.ReplaceAllString(t.raw, "$1@$2!!")
		}
		b.WriteString(p.token(t))
	}
	return b.String()
}

func first(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}
