package rca

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/incident"
	"muster/templates"
)

func stock(t *testing.T) *Template {
	t.Helper()
	content, err := templates.StockPage()
	if err != nil {
		t.Fatal(err)
	}
	page, err := ParseTemplate("rca.html", content)
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func TestWhateverPeopleTypeIsStorageFormat(t *testing.T) {
	t.Parallel()
	page := stock(t)
	nasty := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
		"a & b", "<b>", "]]>", `"'`, "\x00\x0b\ufffe\uffff", "😀 <!channel>", "\xff", "</td>", "&nbsp;", "{{.}}",
	}))
	rapid.Check(t, func(t *rapid.T) {
		c := &incident.Case{Incident: incident.Incident{
			Number: 42, Title: nasty.Draw(t, "title"), Summary: nasty.Draw(t, "summary"), Severity: 2, Declarer: "U1",
			Status: incident.Resolved, Resolution: nasty.Draw(t, "resolution"), ResolvedBy: "U2", ResolvedAt: time.Unix(60, 0),
		}}
		entries := []incident.Entry{
			{Kind: incident.EntryDeclared}, {Kind: "note", Text: nasty.Draw(t, "note")},
			{Kind: incident.EntryMessage, Text: nasty.Draw(t, "message"), Detail: &incident.Detail{
				Link: "https://a.slack.com/?a&b", Tool: nasty.Draw(t, "tool"), Files: []incident.File{{ID: "F1"}, {ID: "F2", Name: nasty.Draw(t, "file")}},
			}},
			{Kind: incident.EntryRole, Role: nasty.Draw(t, "role"), To: "U1"},
		}
		body, err := page.Body(Describe(c, entries, func(user string) string { return "<" + user + ">" }, map[string]Text{"F1": "F1.png"}))
		if err == nil {
			err = wellFormed(body)
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, body)
		}
	})
}

func TestTextsAreEscaped(t *testing.T) {
	t.Parallel()
	got := Text("a & <b> \"c\" 'd' ]]> \x01e\u0085f 😀").String()
	if want := "a &amp; &lt;b&gt; &quot;c&quot; &#39;d&#39; ]]&gt; ef 😀"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestABrokenTemplateIsReportedWithItsLine(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		"<p>\n{{.Title</p>":            "mine.html:2",
		"<p>\n\n{{.Nonsense}}</p>":     "mine.html:3",
		"<p>\n<b></p>":                 "line 2",
		"<p>{{range .Timeline}}</p>":   "mine.html",
		"<p>{{.Title}} & {{.Ref}}</p>": "storage format",
	} {
		_, err := ParseTemplate("mine.html", content)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v does not say %s", content, err, want)
		}
	}
}
