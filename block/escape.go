package block

import (
	"strings"
	"unicode"
)

// entities are the three that Slack decodes.
var entities = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// joiner has no width. Slack formats only where a sign stands at the edge of a
// word, and a joiner beside it belongs to the word.
const joiner = "\u2060"

// unformatted puts joiners around the signs of typed text that Slack would take
// for its *bold*, _italic_, ~struck~, `code` or > quotation: it has no escape for
// them. Signs that can't format stay alone, so that names such as db_primary and
// a schedule such as "0 * * * *" can be copied as they were typed.
func unformatted(typed string) string {
	if !strings.ContainsAny(typed, "*_~`>") {
		return typed
	}
	runes := []rune(typed)
	at := func(n int) rune {
		if n < 0 || n >= len(runes) {
			return 0
		}
		return runes[n]
	}
	var out strings.Builder
	joined, lineStart := false, true
	for n, r := range runes {
		switch {
		case formats(at(n-1), r, at(n+1)):
			if !joined {
				out.WriteString(joiner)
			}
			out.WriteRune(r)
			out.WriteString(joiner)
			joined = true
		case r == '>' && lineStart && !joined:
			out.WriteString(joiner)
			fallthrough
		default:
			out.WriteRune(r)
			joined = false
		}
		lineStart = r == '\n' || lineStart && unicode.IsSpace(r)
	}
	return out.String()
}

// formats reports whether Slack may take sign between before and after, which
// are 0 at an end, for the beginning or the end of something formatted.
func formats(before, sign, after rune) bool {
	switch sign {
	case '`':
		return true
	case '*', '_', '~':
		inWord := inWord(before) && inWord(after)
		alone := unicode.IsSpace(before) && unicode.IsSpace(after)
		return !inWord && !alone
	}
	return false
}

func inWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
