package incident

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// wordJoiner has no width. Slack gets it around signs that it would take for
// formatting, and who copies a title from there copies it, too.
const wordJoiner = "\u2060"

// CleanLine makes one line of a text: control characters and line breaks
// become spaces, runs of space become one, word joiners vanish.
func CleanLine(text string) string {
	return strings.Join(strings.FieldsFunc(valid(text), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r)
	}), " ")
}

// CleanText keeps line breaks and tabs but no other control characters and no
// word joiners.
func CleanText(text string) string {
	text = strings.ReplaceAll(valid(text), "\r\n", "\n")
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(text)
}

// keyword is a word of the grammar as it was meant: keyboards and programs that
// text is copied from put wide letters and digits, spaces that don't break or have
// no width, long dashes and quotation marks into it.
func keyword(word string) string {
	return strings.ToLower(strings.Trim(strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r >= '\uff01' && r <= '\uff5e': // wide forms of ASCII
			return r - 0xfee0
		case unicode.IsSpace(r):
			return ' '
		case r == '\u200b' || r == '\ufeff' || r == '\u2060':
			return -1
		case r >= '\u2010' && r <= '\u2015':
			return '-'
		}
		return r
	}, word)), `"'“”„‘’«»`))
}

// valid drops word joiners and what is no text at all. PostgreSQL refuses bytes that are no
// UTF-8, and the zero byte.
func valid(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\uFFFD"), wordJoiner, "")
}

// visible reports whether there is anything to see in a line: space of no width
// and marks that change their neighbours show nothing alone.
func visible(line string) bool {
	return strings.ContainsFunc(line, func(r rune) bool {
		return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !unicode.Is(unicode.M, r)
	})
}

// Shorten cuts a text to at most n characters, the last of them an ellipsis
// where something was lost. It doesn't leave half a joined emoji if it can.
func Shorten(text string, n int) string {
	if n <= 0 {
		return ""
	}
	if utf8.RuneCountInString(text) <= n {
		return text
	}
	runes := []rune(text)[:n-1]
	for len(runes) > 1 && joins(runes[len(runes)-1]) {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRightFunc(string(runes), unicode.IsSpace) + "…"
}

// joins reports whether r ties its neighbours into one visible sign.
func joins(r rune) bool { return r == '\u200d' || r == '\ufe0f' || unicode.Is(unicode.Mn, r) }

// Lasting says how long something took, as a person would: "48 min". It reads
// well after "after".
func Lasting(d time.Duration) string {
	switch minutes := int(d.Round(time.Minute).Minutes()); {
	case d < time.Minute:
		return "less than a minute"
	case minutes < 60:
		return fmt.Sprintf("%d min", minutes)
	case minutes < 24*60:
		return fmt.Sprintf("%d h %d min", minutes/60, minutes%60)
	default:
		return fmt.Sprintf("%d d %d h", minutes/(24*60), minutes/60%24)
	}
}
