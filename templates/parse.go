package templates

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// lines is how many lines a text may have.
type lines bool

const (
	oneLine   lines = false
	manyLines lines = true
)

// fault is a mistake in a line, counted from 1. It reads as the end of "file:line: what".
type fault struct {
	line int
	what string
}

func (f *fault) Error() string { return fmt.Sprintf("%d: %s", f.line, f.what) }

// parse takes a file apart: the first line is the name, the rest without blank lines around it
// the text. A leading "#" of the name and the marks that Windows editors leave are dropped.
func parse(content string, limit int, allowed lines) (name, text string, err error) {
	content = strings.TrimPrefix(strings.ReplaceAll(content, "\r\n", "\n"), "\ufeff")
	first, rest, _ := strings.Cut(content, "\n")
	name = strings.TrimSpace(strings.TrimLeft(first, "#"))
	text = strings.TrimSpace(rest)
	// The line where the text begins, and the one where it ends.
	begins := 2 + strings.Count(rest[:max(strings.Index(rest, text), 0)], "\n")
	ends := begins + strings.Count(text, "\n")
	switch {
	case !utf8.ValidString(content):
		return "", "", &fault{1 + strings.Count(content[:invalidAt(content)], "\n"), "this is not UTF-8 text"}
	case name == "":
		return "", "", &fault{1, "the first line must be the name"}
	case utf8.RuneCountInString(name) > maxName:
		return "", "", &fault{1, fmt.Sprintf("the name has %d characters, at most %d fit", utf8.RuneCountInString(name), maxName)}
	case text == "":
		return "", "", &fault{2, "below the name there must be a text"}
	case allowed == oneLine && ends > begins:
		return "", "", &fault{begins + 1, "the text must be one line"}
	case utf8.RuneCountInString(text) > limit:
		return "", "", &fault{ends, fmt.Sprintf("the text has %d characters, at most %d fit", utf8.RuneCountInString(text), limit)}
	}
	return name, text, nil
}

// invalidAt is the index of the first byte that is not UTF-8.
func invalidAt(s string) int {
	for i, r := range s {
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], "\ufffd") {
			return i
		}
	}
	return len(s)
}
