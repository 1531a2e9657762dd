package templates

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzText takes any file for a role's or a severity's text: it is refused with a
// line that it has, or gives a name and a text that fit.
func FuzzText(f *testing.F) {
	for _, content := range []string{
		"", "# Name\n\nWhat it is", "\ufeffName\r\nText\r\n", "Name", "\n\nText", "Name\na\nb", "\xff", "Name\n\xff", "#\n#", "Name\n \t\n",
		strings.Repeat("n", 100) + "\nx", "Name\n" + strings.Repeat("t\n", 700), "Name\n\x00", "a\rb", "Name\n<!channel>",
	} {
		f.Add(content, true)
	}
	f.Fuzz(func(t *testing.T, content string, long bool) {
		limit, allowed := maxSeverityText, oneLine
		if long {
			limit, allowed = maxRoleText, manyLines
		}
		name, text, err := parse(content, limit, allowed)
		if err != nil {
			found, ok := errors.AsType[*fault](err)
			if lines := 2 + strings.Count(content, "\n"); !ok || found.line < 1 || found.line > lines || found.what == "" {
				t.Errorf("%q is refused by %v", content, err)
			}
			return
		}
		if name == "" || text == "" || !utf8.ValidString(name+text) || utf8.RuneCountInString(name) > maxName || utf8.RuneCountInString(text) > limit ||
			strings.Contains(name, "\n") || !long && strings.Contains(text, "\n") {
			t.Errorf("%q makes %q, %q", content, name, text)
		}
	})
}
