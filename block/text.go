// Package block builds Slack messages and views that Slack accepts, whatever
// people type: every piece is cut to the limit of its place, and text that
// people wrote is escaped, so that it can't mention, link or format anything.
//
// Texts come in two kinds. A plain string is what somebody typed; it goes into
// plain_text, or through Escape. Markup is Slack's mrkdwn that is ready to be
// sent, put together with Textf, User, Channel, Link and Date.
package block

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"muster/incident"
)

// Markup is mrkdwn that is safe to send.
type Markup string

// Escape makes typed text show as it was typed.
func Escape(typed string) Markup { return Markup(entities.Replace(unformatted(typed))) }

// Textf formats markup: Markup arguments and numbers go in as they are; strings
// of any other type, Stringers and errors are escaped. The format itself is markup.
func Textf(format string, args ...any) Markup {
	safe := make([]any, len(args))
	for n, arg := range args {
		switch v := arg.(type) {
		case Markup:
			safe[n] = string(v)
		case string:
			safe[n] = string(Escape(v))
		case error:
			safe[n] = string(Escape(v.Error()))
		case fmt.Stringer:
			safe[n] = string(Escape(v.String()))
		default:
			safe[n] = v
			if value := reflect.ValueOf(arg); value.Kind() == reflect.String {
				safe[n] = string(Escape(value.String()))
			}
		}
	}
	return Markup(fmt.Sprintf(format, safe...))
}

// Join puts pieces of markup together.
func Join(parts []Markup, separator string) Markup {
	words := make([]string, len(parts))
	for n, part := range parts {
		words[n] = string(part)
	}
	return Markup(strings.Join(words, separator))
}

// User mentions a person by id. Nobody is muster itself; what is no id of
// Slack's, such as the account of a terminal, is shown as it is.
func User(id string) Markup {
	switch {
	case id == "":
		return "muster"
	case !isID(id):
		return Escape(id)
	}
	return Markup("<@" + id + ">")
}

// Channel names and links a channel by id; what is no id is shown as it is.
func Channel(id string) Markup {
	if !isID(id) {
		return Escape(id)
	}
	return Markup("<#" + id + ">")
}

// isID reports whether Slack could have made the id: capitals and digits.
func isID(id string) bool {
	for n := range len(id) {
		if c := id[n]; (c < 'A' || c > 'Z') && (c < '0' || c > '9') {
			return false
		}
	}
	return id != ""
}

// Link shows label for an address of ours. An address that can't be one shows
// the label alone, and without a label the address is its own.
func Link(address, label string) Markup {
	label = strings.Join(strings.Fields(label), " ")
	if label == "" {
		label = address
	}
	if u, err := url.Parse(address); err != nil || u.Scheme == "" {
		return Escape(label)
	}
	address = strings.NewReplacer("&", "&amp;", "|", "%7C", ">", "%3E", "<", "%3C", " ", "%20").Replace(address)
	return Markup("<"+address+"|") + Escape(strings.ReplaceAll(label, "|", "/")) + ">"
}

// Date shows a moment in each reader's own zone. tokens are Slack's, such as
// "{time}" or "{date_short_pretty} {time}"; what can't show them shows UTC.
func Date(at time.Time, tokens string) Markup {
	return Markup(fmt.Sprintf("<!date^%d^%s|%s>", at.Unix(), tokens, Moment(at)))
}

// Time is the moment as people say it the same day: "14:02".
func Time(at time.Time) Markup { return Date(at, "{time}") }

// Day is the moment with its day: "Today at 14:02".
func Day(at time.Time) Markup { return Date(at, "{date_short_pretty} {time}") }

// Duration says how long something took, as a person would: "48 min". It reads
// well after "after".
func Duration(d time.Duration) string { return incident.Lasting(d) }

// Slack doesn't say whether it counts characters as code points or as UTF-16
// units, so we count what is more.
func units(text string) int {
	n := 0
	for _, r := range text {
		n += utf16.RuneLen(r)
	}
	return n
}

// Clip cuts typed text to n units.
func Clip(text string, n int) string {
	if units(text) <= n {
		return text
	}
	return string(clipPieces(text, n, nextRune))
}

// clipMarkup cuts markup to n units between pieces: never within an entity or
// a <…> token.
func clipMarkup(text Markup, n int) Markup {
	if units(string(text)) <= n {
		return text
	}
	return clipPieces(string(text), n, nextPiece)
}

func clipPieces(text string, n int, next func(string) int) Markup {
	end, used := 0, 0
	for end < len(text) {
		size := next(text[end:])
		used += units(text[end : end+size])
		if used > n-1 {
			break
		}
		end += size
	}
	return Markup(strings.TrimRight(text[:end], " \n\u200d") + "…")
}

func nextRune(text string) int {
	_, size := utf8.DecodeRuneInString(text)
	return size
}

func nextPiece(text string) int {
	closing := byte(0)
	switch text[0] {
	case '<':
		closing = '>'
	case '&':
		closing = ';'
	default:
		return nextRune(text)
	}
	if end := strings.IndexByte(text, closing); end > 0 {
		return end + 1
	}
	return 1
}

// Quote shows a text as a quotation, each line of it.
func Quote(text string) Markup {
	return "> " + Markup(strings.ReplaceAll(string(Escape(text)), "\n", "\n> "))
}
