package block

import (
	"strconv"
	"strings"
	"time"
)

var unescapes = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

// Typed turns text that came from Slack back into what the person typed:
// mentions, also of groups and of all, and links become their names or ids, moments what
// an app wrote for those who see none, entities their characters, and emoji what they
// show. Tokens that no composer makes stay as they are, and are escaped when shown.
func Typed(text string) string {
	var out strings.Builder
	for text != "" {
		start := strings.IndexByte(text, '<')
		if start < 0 {
			break
		}
		end := strings.IndexByte(text[start:], '>')
		if end < 0 {
			break
		}
		out.WriteString(text[:start])
		out.WriteString(token(text[start+1 : start+end]))
		text = text[start+end+1:]
	}
	out.WriteString(text)
	return Pictured(unescapes.Replace(out.String()))
}

func token(inner string) string {
	target, label, labelled := strings.Cut(inner, "|")
	sign, name := "", target
	switch {
	case strings.HasPrefix(target, "@"), strings.HasPrefix(target, "#"):
		sign, name = target[:1], target[1:]
	case target == "!here", target == "!channel", target == "!everyone":
		return "@" + target[1:]
	case strings.HasPrefix(target, "!date^") && label != "":
		return label
	case strings.HasPrefix(target, "!date^"):
		return moment(target, inner)
	case strings.HasPrefix(target, "!subteam^") && strings.Trim(label, "@") != "":
		return "@" + strings.TrimPrefix(label, "@")
	case strings.HasPrefix(target, "!subteam^"):
		return "@" + strings.TrimPrefix(target, "!subteam^")
	case strings.HasPrefix(target, "http://"), strings.HasPrefix(target, "https://"), strings.HasPrefix(target, "mailto:"):
	default:
		return "<" + inner + ">"
	}
	if labelled && label != "" {
		name = label
	}
	return sign + name
}

// moment is the time of a date token that says nothing for who sees no dates.
func moment(target, inner string) string {
	seconds, _, _ := strings.Cut(strings.TrimPrefix(target, "!date^"), "^")
	at, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return "<" + inner + ">"
	}
	return Moment(time.Unix(at, 0))
}

// Moment is a moment for text that can't show each reader their own zone.
func Moment(at time.Time) string { return at.UTC().Format("2006-01-02 15:04 UTC") }

// Escaped is plain text from a payload's rich text in the form in which Slack
// writes text, so that Typed reads both alike.
func Escaped(text string) string { return entities.Replace(text) }
