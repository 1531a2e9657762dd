package incident_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"muster/incident"
)

func isInk(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.IsPunct(r) || unicode.IsSymbol(r)
}

func textSeeds(f *testing.F) {
	for _, s := range []string{
		"", " ", "db down", "a\r\nb\rc", "tab\there", "\x00", "\xff\xfe", "\u2028\u2029\u0085", "e\u0301", "👩\u200d👩\u200d👧\u200d👦",
		"\u202eevil", "❤️", "x\u200b", strings.Repeat("long ", 100), "\u200d\u200d\u200d", "…",
	} {
		f.Add(s, 5)
	}
}

func FuzzCleanLine(f *testing.F) {
	textSeeds(f)
	f.Fuzz(func(t *testing.T, text string, _ int) {
		line := incident.CleanLine(text)
		if !utf8.ValidString(line) || strings.ContainsFunc(line, unicode.IsControl) || strings.Contains(line, "  ") {
			t.Errorf("%q became %q", text, line)
		}
		if strings.TrimSpace(line) != line || strings.ContainsAny(line, "\u2028\u2029") {
			t.Errorf("%q became %q, which is not one trimmed line", text, line)
		}
		if again := incident.CleanLine(line); again != line {
			t.Errorf("%q is cleaned to %q and then to %q", text, line, again)
		}
		if got, want := inkOf(line), inkOf(strings.ToValidUTF8(text, "\uFFFD")); got != want {
			t.Errorf("%q lost what was typed: %q", text, got)
		}
	})
}

func FuzzCleanText(f *testing.F) {
	textSeeds(f)
	f.Fuzz(func(t *testing.T, text string, _ int) {
		clean := incident.CleanText(text)
		bad := func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }
		if !utf8.ValidString(clean) || strings.ContainsFunc(clean, bad) || strings.TrimSpace(clean) != clean {
			t.Errorf("%q became %q", text, clean)
		}
		if again := incident.CleanText(clean); again != clean {
			t.Errorf("%q is cleaned to %q and then to %q", text, clean, again)
		}
		if got, want := inkOf(clean), inkOf(strings.ToValidUTF8(text, "\uFFFD")); got != want {
			t.Errorf("%q lost what was typed: %q", text, got)
		}
	})
}

func FuzzShorten(f *testing.F) {
	textSeeds(f)
	f.Add("👩\u200d👩", 2)
	f.Add("abc", -1)
	f.Fuzz(func(t *testing.T, text string, n int) {
		short := incident.Shorten(text, n)
		if got := utf8.RuneCountInString(short); got > max(n, 0) {
			t.Errorf("%q has %d characters, %d were asked for", short, got, n)
		}
		if utf8.RuneCountInString(text) <= n && short != text {
			t.Errorf("%q fits in %d and became %q", text, n, short)
		}
		kept, cut := strings.CutSuffix(short, "…")
		if cut && utf8.ValidString(text) && !strings.HasPrefix(text, kept) {
			t.Errorf("%q is no beginning of %q", kept, text)
		}
		if utf8.ValidString(text) != utf8.ValidString(short) && !utf8.ValidString(short) {
			t.Errorf("%q was cut within a character: %q", text, short)
		}
	})
}

func TestShorten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text string
		n    int
		want string
	}{
		{"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"ab cd", 4, "ab…"}, {"abcd", 1, "…"}, {"abcd", 0, ""},
		{"x👩\u200d👩\u200d👧 down", 4, "x👩…"},
		{"❤️ down", 2, "❤…"},
	} {
		if got := incident.Shorten(c.text, c.n); got != c.want {
			t.Errorf("Shorten(%q, %d) = %q, want %q", c.text, c.n, got, c.want)
		}
	}
}

// inkOf keeps what must survive any cleaning.
func inkOf(text string) string {
	return strings.Map(func(r rune) rune {
		if isInk(r) {
			return r
		}
		return -1
	}, text)
}
