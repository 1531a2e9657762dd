package main

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestMessagesBecomeLegible(t *testing.T) {
	t.Parallel()
	p := &painter{zone: time.FixedZone("", 2*3600)}
	shown := "# :red_circle: INC-1  db down\n*Severity*\nSEV1 · all\n*Commander*\n_unclaimed_\n*alone*\nnot a field's\nsince 2026-11-24 14:02 UTC\n[ Resolve ] (primary) [ Cancel ] (danger)\nWhat? : :tada:"
	want := []string{
		"# 🔴 INC-1  db down", "Severity        SEV1 · all", "Commander       _unclaimed_", "alone           not a field's",
		"since 16:02", "[ Resolve ] [ Cancel ]", "What? : :tada:",
	}
	if got := p.legible(shown); !slices.Equal(got, want) {
		t.Errorf("got\n%s", strings.Join(got, "\n"))
	}
	if got := p.legible("*a title*\nand its text"); !slices.Equal(got, []string{"*a title*", "and its text"}) {
		t.Errorf("one pair is no table: %q", got)
	}
}

func TestMarksBecomeInk(t *testing.T) {
	t.Parallel()
	plain, coloured := &painter{}, &painter{colour: true}
	for line, want := range map[string][2]string{
		"a *b c* d":             {"a b c d", "a \x1b[1mb c\x1b[0m d"},
		"2*3*4 and snake_case_": {"2*3*4 and snake_case_", "2*3*4 and snake_case_"},
		"  # head":              {"  head", "  \x1b[1mhead\x1b[0m"},
		"_nobody_ [ Claim ]":    {"nobody [ Claim ]", "\x1b[3mnobody\x1b[0m \x1b[36m[ Claim ]\x1b[0m"},
		"== Form ==":            {"Form", "\x1b[1mForm\x1b[0m"},
	} {
		if got := plain.inked(line); got != want[0] {
			t.Errorf("%q without colour: %q", line, got)
		}
		if got := coloured.inked(line); got != want[1] {
			t.Errorf("%q with colour: %q", line, got)
		}
	}
}

func TestLinesWrapBetweenWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		line string
		want []string
	}{
		{"short", []string{"short"}},
		{"", []string{""}},
		{"one two three four five", []string{"one two three ", "four five"}},
		{"  • one two three four", []string{"  • one two ", "    three four"}},
		{"one · two · three", []string{"one · two · ", "three"}},
		{"averyveryverylongword fits", []string{"averyveryverylongword ", "fits"}},
		{"one [ Two three ] four", []string{"one ", "[ Two three ] ", "four"}},
		{"🔴🔴🔴🔴🔴🔴🔴 b", []string{"🔴🔴🔴🔴🔴🔴🔴 ", "b"}},
	} {
		if got := wrap(c.line, 15, ""); !slices.Equal(got, c.want) {
			t.Errorf("%q: %q", c.line, got)
		}
	}
}

func TestAnEditShowsWhatChanged(t *testing.T) {
	t.Parallel()
	before := []string{"muster", "  head", "  a", "  b", "  c"}
	for _, c := range []struct {
		now, want []string
		reactions int
	}{
		{[]string{"muster", "  head", "  a", "  B", "  c"}, []string{"muster (edited)", "  head", "  …", "  B", "  …"}, 0},
		{[]string{"muster", "  HEAD", "  x"}, []string{"muster (edited)", "  HEAD", "  x"}, 0},
		{[]string{"muster: gone"}, []string{"muster: gone"}, 0},
		{[]string{"muster", "  head", "  a", "  b", "  c", "  👀 Bo"}, []string{"muster", "  head", "  …", "  👀 Bo"}, 1},
	} {
		if got := edited(before, c.now, c.reactions); !slices.Equal(got, c.want) {
			t.Errorf("%q becomes %q", c.now, got)
		}
	}
}

func TestTheDemoIsPlainOffTheTerminal(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	newPainter(&out).act("14:02", "Something is wrong")
	if strings.Contains(out.String(), "\x1b") || !strings.Contains(out.String(), "── 14:02  Something is wrong ──") {
		t.Errorf("it writes %q", out.String())
	}
}
