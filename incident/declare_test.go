package incident_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"muster/incident"
)

func TestDeclarationCheck(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		d     incident.Declaration
		field string // at fault; empty if it is fine
	}{
		"plain":             {incident.Declaration{Title: "db down"}, ""},
		"empty":             {incident.Declaration{}, "title"},
		"blank":             {incident.Declaration{Title: " \t\n"}, "title"},
		"no width":          {incident.Declaration{Title: "\u200b\u200d\ufe0f\u202e"}, "title"},
		"a bare accent":     {incident.Declaration{Title: "\u0301"}, "title"},
		"emoji only":        {incident.Declaration{Title: "🔥"}, ""},
		"right to left":     {incident.Declaration{Title: "מסד הנתונים נפל"}, ""},
		"CJK":               {incident.Declaration{Title: "数据库宕机"}, ""},
		"150":               {incident.Declaration{Title: strings.Repeat("é", 150)}, ""},
		"151":               {incident.Declaration{Title: strings.Repeat("é", 151)}, "title"},
		"spaces around":     {incident.Declaration{Title: "  " + strings.Repeat("x", 150) + "\n"}, ""},
		"two lines":         {incident.Declaration{Title: "db\ndown"}, "title"},
		"a bell":            {incident.Declaration{Title: "db\adown"}, "title"},
		"a zero byte":       {incident.Declaration{Title: "db\x00down"}, "title"},
		"summary 2000":      {incident.Declaration{Title: "x", Summary: strings.Repeat("é", 2000)}, ""},
		"summary 2001":      {incident.Declaration{Title: "x", Summary: strings.Repeat("é", 2001)}, "summary"},
		"summary of lines":  {incident.Declaration{Title: "x", Summary: "a\nb\n\tc"}, ""},
		"SEV1":              {incident.Declaration{Title: "x", Severity: incident.SEV1}, ""},
		"SEV5":              {incident.Declaration{Title: "x", Severity: 5}, "severity"},
		"negative severity": {incident.Declaration{Title: "x", Severity: -1}, "severity"},
		"markup":            {incident.Declaration{Title: "<!channel> & `x` ]]>"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			err := c.d.Check()
			refusal, _ := errors.AsType[*incident.Error](err)
			switch {
			case c.field == "" && err != nil:
				t.Errorf("refused: %v", err)
			case c.field != "" && (refusal == nil || refusal.Field != c.field || refusal.Kind != incident.Invalid):
				t.Errorf("error %+v, want one of field %s", err, c.field)
			}
		})
	}
}

func TestCheckSaysHowLongTheTitleIs(t *testing.T) {
	t.Parallel()
	err := incident.Declaration{Title: strings.Repeat("é", 163)}.Check()
	if err == nil || !strings.Contains(err.Error(), "163 characters; 150 fit") {
		t.Errorf("error %v", err)
	}
}

func TestFit(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("checkout fails ", 20) + "now"
	for name, c := range map[string]struct{ in, want incident.Declaration }{
		"short":             {incident.Declaration{Title: " db  down\n"}, incident.Declaration{Title: "db down"}},
		"two lines":         {incident.Declaration{Title: "db\n down "}, incident.Declaration{Title: "db", Summary: "db\n down"}},
		"nothing first":     {incident.Declaration{Title: "\u200b\ndb down"}, incident.Declaration{Title: "db down", Summary: "\u200b\ndb down"}},
		"nothing at all":    {incident.Declaration{Title: " \u200b\n"}, incident.Declaration{Title: "\u200b"}},
		"long":              {incident.Declaration{Title: long}, incident.Declaration{Title: incident.Shorten(long, 150), Summary: long}},
		"long, lines":       {incident.Declaration{Title: "a\n" + long}, incident.Declaration{Title: "a", Summary: "a\n" + long}},
		"long with summary": {incident.Declaration{Title: long, Summary: "mine"}, incident.Declaration{Title: incident.Shorten(long, 150), Summary: "mine"}},
		"long summary": {
			incident.Declaration{Title: "x", Summary: strings.Repeat("y", 2500)},
			incident.Declaration{Title: "x", Summary: strings.Repeat("y", 1999) + "…"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(c.want, c.in.Fit()); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// Whatever is typed or quoted, Fit makes a declaration that can be declared,
// and New keeps it as it is.
func TestFitAlwaysFits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		typed := incident.Declaration{
			Title:   wild().Draw(t, "title"),
			Summary: rapid.OneOf(rapid.Just(""), wild()).Draw(t, "summary"),
		}
		d := typed.Fit()
		if err := d.Check(); err != nil {
			if refusal, ok := err.(*incident.Error); ok && refusal.Field == "title" && shows(typed.Title) == "" {
				return
			}
			t.Fatalf("%+v: %v", d, err)
		}
		if i := incident.New(1, d, declaredAt); i.Title != d.Title || i.Summary != d.Summary {
			t.Fatalf("New made %q, %q of %q, %q", i.Title, i.Summary, d.Title, d.Summary)
		}
		if d != d.Fit() {
			t.Fatalf("fitting twice changes %+v to %+v", d, d.Fit())
		}
	})
}

func TestNewStandsInTheTimeline(t *testing.T) {
	t.Parallel()
	now := time.Date(2025, 1, 2, 3, 4, 5, 0, time.UTC)
	declared := incident.Entry{Kind: incident.EntryDeclared, At: now, By: "ULEE", To: "SEV4", Text: "db down", Quiet: true}
	for _, severity := range []incident.Severity{0, 4, 3, 2, 1} {
		i := incident.New(9, incident.Declaration{Title: " db\tdown ", Severity: severity, By: "ULEE"}, now)
		want := []incident.Entry{declared}
		level := incident.SEV4
		if severity != 0 && severity != incident.SEV4 {
			level = severity
			want = append(want, incident.Entry{Kind: incident.EntrySeverity, At: now, By: "ULEE", From: "SEV4", To: severity.String(), Quiet: true})
		}
		if d := cmp.Diff(want, i.News()); d != "" {
			t.Errorf("declared %d (-want +got):\n%s", severity, d)
		}
		if i.Severity != level || i.Status != incident.Investigating || i.Ref() != "INC-9" || i.Declarer != "ULEE" || !i.DeclaredAt.Equal(now) {
			t.Errorf("declared %d: %+v", severity, i)
		}
	}
}

// wild draws what people and machines paste: all scripts, controls, broken
// bytes, and long texts.
func wild() *rapid.Generator[string] {
	pieces := rapid.OneOf(
		rapid.String(),
		rapid.StringN(0, 3, -1),
		rapid.SampledFrom([]string{
			"<!channel>", "&<>", "`", "]]>", "*", "\u202eabc", "👩\u200d👩\u200d👧", "🏳️\u200d🌈", "e\u0301", "\x00", "\a", "\r\n", "\n", "\t",
			"\u2028", "\xff\xfe", "\xed\xa0\x80", "שלום", "数据库", "نص", "\u200b", " ", strings.Repeat("long ", 500), strings.Repeat("🔥", 160),
		}),
	)
	return rapid.Map(rapid.SliceOfN(pieces, 0, 6), func(parts []string) string { return strings.Join(parts, "") })
}

// shows is what of a text leaves ink, in a rough way of its own: letters,
// digits, signs.
func shows(text string) string {
	return strings.Map(func(r rune) rune {
		if r == utf8.RuneError || r > ' ' && isInk(r) {
			return r
		}
		return -1
	}, text)
}

func TestATitleMayBeginWithASeverity(t *testing.T) {
	t.Parallel()
	for title, want := range map[string]incident.Declaration{
		"sev2 checkout is down":   {Title: "checkout is down", Severity: incident.SEV2},
		"SEV-1: checkout":         {Title: "checkout", Severity: incident.SEV1},
		"Sev4\ncheckout\nis down": {Title: "checkout\nis down", Severity: incident.SEV4},
		"sev2":                    {Title: "sev2"},
		"sev2 \u200b":             {Title: "sev2 \u200b"},
		"sev5 checkout":           {Title: "sev5 checkout"},
		"sev 2 checkout":          {Title: "sev 2 checkout"},
		"p1 printer":              {Title: "p1 printer"},
		"severe weather":          {Title: "severe weather"},
		"":                        {},
	} {
		if got := (incident.Declaration{Title: title}).Named(); got != want {
			t.Errorf("%q is %+v, want %+v", title, got, want)
		}
	}
}
