package browser

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lines draws formatted text: fenced code, quotes, and lines.
func lines(text string) string {
	var out strings.Builder
	for text != "" {
		before, rest, fenced := strings.Cut(text, "```")
		code, after, closed := strings.Cut(rest, "```")
		if !fenced || !closed || code == "" {
			out.WriteString(quotes(text))
			break
		}
		out.WriteString(quotes(strings.TrimSuffix(before, "\n")))
		out.WriteString("<pre>" + escape(strings.Trim(code, "\n")) + "</pre>")
		text = strings.TrimPrefix(after, "\n")
	}
	return out.String()
}

// quotes draws lines that begin with > as a quotation.
func quotes(text string) string {
	if text == "" {
		return ""
	}
	var out strings.Builder
	inside, written := false, false
	for _, line := range strings.Split(text, "\n") {
		words, quoted := strings.CutPrefix(line, ">")
		switch {
		case quoted && !inside:
			out.WriteString("<blockquote>")
			written = false
		case !quoted && inside:
			out.WriteString("</blockquote>")
			written = false
		}
		inside = quoted
		if written {
			out.WriteString("<br>")
		}
		out.WriteString(inline(strings.TrimPrefix(words, " ")))
		written = true
	}
	if inside {
		out.WriteString("</blockquote>")
	}
	return out.String()
}

// marks are the signs around formatted words, and the elements they become.
var marks = map[rune]string{'*': "b", '_': "i", '~': "s", '`': "code"}

// inline draws bold, italic, struck and fixed words and emoji of one line. As
// with Slack, a sign opens at the beginning of a word only, and closes at its end.
func inline(text string) string {
	var out strings.Builder
	plain := 0
	previous := ' '
	for i := 0; i < len(text); {
		sign, size := utf8.DecodeRuneInString(text[i:])
		if drawn, length := formatted(text[i:], sign, previous); length > 0 {
			out.WriteString(escape(text[plain:i]) + drawn)
			i += length
			plain = i
			previous = sign
			continue
		}
		previous = sign
		i += size
	}
	return out.String() + escape(text[plain:])
}

// formatted draws what the sign at the beginning of text opens, and says how
// long it is in bytes; 0 when it opens nothing.
func formatted(text string, sign, previous rune) (drawn string, length int) {
	if sign == ':' {
		return emojiAt(text)
	}
	tag, opens := marks[sign]
	if !opens || wordly(previous) {
		return "", 0
	}
	end := closing(text, sign)
	if end < 0 {
		return "", 0
	}
	inner := text[1:end]
	if sign == '`' {
		inner = escape(inner)
	} else {
		inner = inline(inner)
	}
	return "<" + tag + ">" + inner + "</" + tag + ">", end + 1
}

// closing finds the sign that ends what text begins, or -1.
func closing(text string, sign rune) int {
	for i, s := range text {
		if i < 2 || s != sign {
			continue
		}
		first, _ := utf8.DecodeRuneInString(text[1:])
		last, _ := utf8.DecodeLastRuneInString(text[:i])
		next, _ := utf8.DecodeRuneInString(text[i+1:])
		if sign == '`' || !unicode.IsSpace(first) && !unicode.IsSpace(last) && !wordly(next) {
			return i
		}
	}
	return -1
}

func wordly(sign rune) bool {
	return sign != utf8.RuneError && (unicode.IsLetter(sign) || unicode.IsDigit(sign))
}

// emojiAt draws the :name: at the beginning of text.
func emojiAt(text string) (drawn string, length int) {
	end := strings.IndexByte(text[1:], ':')
	if end < 1 {
		return "", 0
	}
	name := text[1 : end+1]
	picture := emoji(name)
	if picture == "" {
		return "", 0
	}
	return `<span class="emoji" title=":` + escape(name) + `:">` + picture + `</span>`, end + 2
}
