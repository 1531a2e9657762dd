package browser

import (
	"html/template"
	"regexp"
	"strconv"
	"strings"
	"time"

	"muster/sandbox/blockkit"
)

// reader is whose eyes a page is drawn for.
type reader struct {
	names blockkit.Names
	zone  *time.Location
	now   time.Time
	// me is the reader's own user id.
	me string
	// people and channels are what menus of them offer; Send is an id.
	people, channels []choice
	// where tells elements of one message or view from those of another.
	where string
	// link turns an address into one that the page can follow, and says whether
	// it leads away from the page.
	link func(address string) (href string, away bool)
}

// Formatting is worked out on text in which each reference is one rune of the
// private use area, so that no sign inside a reference formats anything.
const firstReference = 0xE000

// mrkdwn draws Slack's markup as HTML.
func (r *reader) mrkdwn(source string) template.HTML {
	var text strings.Builder
	var references []string
	for _, piece := range blockkit.Pieces(source) {
		if piece.Kind == blockkit.Words {
			text.WriteString(strings.Map(typable, piece.Text))
			continue
		}
		text.WriteRune(rune(firstReference + len(references)))
		references = append(references, r.reference(piece))
	}
	drawn := lines(text.String())
	var out strings.Builder
	for _, sign := range drawn {
		if n := int(sign) - firstReference; n >= 0 && n < len(references) {
			out.WriteString(references[n])
			continue
		}
		out.WriteRune(sign)
	}
	return template.HTML(out.String()) //nolint:gosec // every part of it was escaped
}

// typable keeps typed runes of the private use area from being taken for references.
func typable(sign rune) rune {
	if sign >= firstReference && sign <= 0xF8FF {
		return '\uFFFD'
	}
	return sign
}

func (r *reader) reference(p blockkit.Piece) string {
	switch p.Kind {
	case blockkit.ToUser:
		return r.mention(p.Ref)
	case blockkit.ToChannel:
		return r.anchor(r.channelAddress(p.Ref), "#"+r.names.Channel(p.Ref), "mention")
	case blockkit.ToGroup:
		return span("mention", "@"+strings.TrimPrefix(r.names.Group(p.Ref), "@"))
	case blockkit.ToAll:
		return span("mention all", "@"+p.Ref)
	case blockkit.Date:
		return r.date(p.Unix, p.Format, p.Text)
	}
	return r.anchor(p.Ref, p.Text, "")
}

func (r *reader) mention(id string) string {
	class := "mention"
	if id == r.me {
		class = "mention me"
	}
	return span(class, "@"+r.names.User(id))
}

func (r *reader) channelAddress(id string) string { return "/archives/" + id }

func (r *reader) anchor(address, label, class string) string {
	href, away := r.link(address)
	attributes := ` class="` + escape(class) + `"`
	if away {
		attributes += ` target="_blank" rel="noopener noreferrer"`
	}
	return `<a href="` + escape(href) + `"` + attributes + `>` + escape(label) + `</a>`
}

// date draws a date token in the reader's zone.
func (r *reader) date(unix int64, format, fallback string) string {
	at := time.Unix(unix, 0)
	return `<time datetime="` + at.UTC().Format(time.RFC3339) + `" title="` + escape(at.In(r.zone).Format("Monday, 2 January 2006 15:04:05 MST")) +
		`">` + escape(r.dateWords(at, format)) + `</time>`
}

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

func (r *reader) dateWords(at time.Time, format string) string {
	at = at.In(r.zone)
	return placeholder.ReplaceAllStringFunc(format, func(word string) string {
		pretty := strings.HasSuffix(word, "_pretty}")
		if day := r.nearDay(at); pretty && day != "" {
			return day
		}
		switch strings.TrimSuffix(strings.Trim(word, "{}"), "_pretty") {
		case "date_num":
			return at.Format("2006-01-02")
		case "date_short":
			return at.Format("Jan 2, 2006")
		case "date_long":
			return at.Format("Monday, January 2, 2006")
		case "date":
			return at.Format("January 2, 2006")
		case "time":
			return at.Format("15:04")
		case "time_secs":
			return at.Format("15:04:05")
		case "ago":
			return ago(r.now.Sub(at))
		}
		return word
	})
}

// nearDay is "today", "yesterday" or "tomorrow", or nothing.
func (r *reader) nearDay(at time.Time) string {
	day := func(t time.Time) string { return t.In(r.zone).Format("2006-01-02") }
	switch day(at) {
	case day(r.now):
		return "today"
	case day(r.now.AddDate(0, 0, -1)):
		return "yesterday"
	case day(r.now.AddDate(0, 0, 1)):
		return "tomorrow"
	}
	return ""
}

func ago(d time.Duration) string {
	word, after := " ago", ""
	if d < 0 {
		d, word, after = -d, "", "in "
	}
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "day"}, {time.Hour, "hour"}, {time.Minute, "minute"}} {
		if n := int(d / unit.length); n > 0 {
			plural := "s"
			if n == 1 {
				plural = ""
			}
			return after + strconv.Itoa(n) + " " + unit.name + plural + word
		}
	}
	if after != "" {
		return "in less than a minute"
	}
	return "just now"
}

func span(class, words string) string {
	return `<span class="` + escape(class) + `">` + escape(words) + `</span>`
}

func escape(s string) string { return template.HTMLEscapeString(s) }
