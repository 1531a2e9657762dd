package blockkit

import (
	"regexp"
	"strconv"
	"strings"
)

// token is one piece of mrkdwn source: a stretch of literal text (still escaped)
// or the inside of one <…>.
type token struct {
	kind  tokenKind
	raw   string // literal text, or what stands between < and >
	head  string // the reference before |, without its sigil
	label string // what stands after |
}

type tokenKind int

const (
	literal tokenKind = iota
	userToken
	channelToken
	groupToken
	broadcastToken
	dateToken
	linkToken
)

// tokens splits mrkdwn source. Only a real < opens a token: one that a person
// typed was escaped to &lt; and stays literal.
func tokens(s string) []token {
	var out []token
	for s != "" {
		open := strings.IndexByte(s, '<')
		if open < 0 {
			return append(out, token{raw: s})
		}
		length := strings.IndexAny(s[open+1:], "<>")
		if length < 0 || s[open+1+length] == '<' || length == 0 {
			out = append(out, token{raw: s[:open+1]})
			s = s[open+1:]
			continue
		}
		if open > 0 {
			out = append(out, token{raw: s[:open]})
		}
		out = append(out, parse(s[open+1:open+1+length]))
		s = s[open+length+2:]
	}
	return out
}

func parse(inside string) token {
	head, label, _ := strings.Cut(inside, "|")
	t := token{raw: inside, head: head, label: label}
	switch {
	case strings.HasPrefix(head, "@"):
		t.kind, t.head = userToken, head[1:]
	case strings.HasPrefix(head, "#"):
		t.kind, t.head = channelToken, head[1:]
	case strings.HasPrefix(head, "!subteam^"):
		t.kind, t.head = groupToken, strings.TrimPrefix(head, "!subteam^")
	case strings.HasPrefix(head, "!date"):
		t.kind = dateToken
	case strings.HasPrefix(head, "!"):
		t.kind, t.head = broadcastToken, head[1:]
	default:
		t.kind = linkToken
	}
	return t
}

// date takes <!date^unix^tokens^url|fallback> apart.
func (t token) date() (unix int64, format, link string, ok bool) {
	parts := strings.Split(t.head, "^")
	if len(parts) < 3 || len(parts) > 4 || parts[0] != "!date" {
		return 0, "", "", false
	}
	unix, err := strconv.ParseInt(parts[1], 10, 64)
	if len(parts) == 4 {
		link = parts[3]
	}
	return unix, parts[2], link, err == nil
}

// datePlaceholder matches the words in braces of a date token's format.
var datePlaceholder = regexp.MustCompile(`\{[^{}]*\}`)

// wellFormed says whether Slack would show a date token as a date: a whole
// number of seconds, only known placeholders and at least one, and a fallback.
func (t token) wellFormed() bool {
	_, format, _, ok := t.date()
	words := datePlaceholder.FindAllString(format, -1)
	if !ok || len(words) == 0 || t.label == "" {
		return false
	}
	for _, w := range words {
		switch w {
		case "{date_num}", "{date}", "{date_short}", "{date_long}", "{date_pretty}", "{date_short_pretty}",
			"{date_long_pretty}", "{time}", "{time_secs}", "{ago}":
		default:
			return false
		}
	}
	return true
}

// unescape decodes the three entities that Slack knows, in one pass, so that
// &amp;lt; becomes &lt; and not <. Word joiners have no width: nobody sees them.
func unescape(s string) string {
	return strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "\u2060", "").Replace(s)
}

// Escape makes text that a person typed safe to stand in mrkdwn.
func Escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}
