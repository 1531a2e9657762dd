package rca

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"muster/incident"
	"muster/incident/incidenttest"
	"muster/sandbox/wiki"
)

// hard are texts that break what is careless.
var hard = []string{
	"a & b", "&amp; &#60;", "<b>bold</b>", "]]>", "<![CDATA[", `"'`, "\x00\x01\x0b\x1f\x7f\u0085\ufffe\uffff", "😀👩‍🚒 🇩🇪", "\xff\xfe",
	"</td></tr>", "<!-- -->", "<?x?>", "&nbsp;", "{{.Title}}", "مرحبا \u202eabc\u202c", "שלום", "a\u2060b", "\r\n", "\t", "<!channel> <@U1|x>", "`code`", "\u2028",
}

func typed(label string) *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		pieces := rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.SampledFrom(hard)), 0, 5).Draw(t, label)
		return strings.Join(pieces, "")
	})
}

// readable is what a person can read of a text in XML.
func readable(text string) string {
	return strings.Join(strings.Fields(strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n', r >= 0x20 && r < 0x7F, r >= 0xA0 && r <= 0xD7FF, r >= 0xE000 && r <= 0xFFFD, r >= 0x10000 && r <= utf8.MaxRune:
			return r
		}
		return -1
	}, strings.ToValidUTF8(text, "\uFFFD"))), " ")
}

// TestAnyIncidentReadsBack fills the stock page from any incident: Confluence
// takes it, and shows every text as it was typed.
func TestAnyIncidentReadsBack(t *testing.T) {
	t.Parallel()
	page := stock(t)
	rapid.Check(t, func(t *rapid.T) {
		c := incidenttest.Any().Draw(t, "case")
		c.Title = incident.CleanLine(typed("title").Draw(t, "title"))
		c.Summary = incident.CleanText(typed("summary").Draw(t, "summary"))
		c.Status, c.Resolution = incident.Resolved, incident.CleanLine(typed("resolution").Draw(t, "resolution"))
		text, aside := incident.CleanText(typed("text").Draw(t, "text")), incident.CleanText(typed("aside").Draw(t, "aside"))
		person := incident.CleanLine(typed("person").Draw(t, "person"))
		timeline := append([]incident.Entry{
			{ID: 1, Kind: incident.EntryNote, By: "U1", Text: text},
			{ID: 2, Kind: incident.EntryUpdate, By: "U1", Text: "x", Detail: &incident.Detail{Impact: aside, Next: text}},
			{ID: 3, Kind: incident.EntryRole, By: "U1", To: "U2", Role: incident.Commander, Text: incident.CleanLine(aside)},
		}, c.News...)
		body, err := page.Body(Describe(c, timeline, func(string) string { return person }, nil))
		if err == nil {
			err = wiki.WellFormed(body)
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, body)
		}
		shown := wiki.Text(body)
		for _, long := range []string{c.Title, c.Resolution, person, c.Summary, text, aside} {
			for line := range strings.SplitSeq(long, "\n") {
				if long != c.Summary {
					line = incident.CleanLine(line)
				}
				if want := readable(line); !strings.Contains(shown, want) {
					t.Fatalf("%q is not shown as %q in\n%s", line, want, shown)
				}
			}
		}
	})
}

// TestANewFactReadsBack does the same for a comment.
func TestANewFactReadsBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := incidenttest.Any().Draw(t, "case")
		text := incident.CleanText(typed("text").Draw(t, "text"))
		facts := []incident.Entry{{Kind: incident.EntryNote, By: "U1", Text: text}}
		body := commentBody(c, facts, content{hash: "abc", name: func(user string) string { return user }})
		if err := wiki.WellFormed(body); err != nil {
			t.Fatalf("%v\n%s", err, body)
		}
		for line := range strings.SplitSeq(text, "\n") {
			if want := readable(incident.CleanLine(line)); !strings.Contains(wiki.Text(body), want) {
				t.Fatalf("%q is not shown in\n%s", line, wiki.Text(body))
			}
		}
	})
}
