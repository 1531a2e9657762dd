package bot

import (
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"
	"pgregory.net/rapid"

	"muster/block"
	"muster/incident"
	"muster/incident/incidenttest"
	"muster/sandbox/blockkit/blockkittest"
)

// anyListed draws a page of a list of any incidents.
func anyListed(t *rapid.T, limit int) incident.Page {
	page := incident.Page{Offset: rapid.IntRange(0, 5).Draw(t, "page") * limit}
	for range rapid.IntRange(0, limit).Draw(t, "listed") {
		i := incident.Listed{
			Number: rapid.Int64Range(1, 1<<62).Draw(t, "number"), Title: "x" + incidenttest.Text(incident.MaxTitle-1).Draw(t, "title"),
			Severity:   rapid.SampledFrom(incident.Severities()).Draw(t, "severity"),
			Status:     rapid.SampledFrom(incident.Statuses()).Draw(t, "status"),
			DeclaredAt: noon, ResolvedAt: noon,
			Room:      rapid.SampledFrom([]string{"", "C0123456789"}).Draw(t, "room"),
			Commander: rapid.SampledFrom([]string{"", "U0123456789", "root"}).Draw(t, "commander"),
			Mine:      rapid.SampledFrom([][]string{nil, {"role0"}, {"gone", "role1"}}).Draw(t, "mine"),
		}
		page.List = append(page.List, i)
	}
	page.Total = rapid.IntRange(len(page.List), 2000).Draw(t, "total")
	return page
}

func TestAnyListIsSendable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := listing{
			Scope: rapid.SampledFrom([]incident.Scope{"open", "all", "mine", "resolved", "else"}).Draw(t, "scope"),
			Words: strings.Join(incident.FindWords(incidenttest.Text(2000).Draw(t, "words")), " "),
		}
		page := anyListed(t, perPage)
		blocks := append(list.blocks(page, perPage), pageButtons(page.Offset, perPage, page.Total, "Previous", "Next", list.at)...)
		drawAnswer(t, only(list.title(), blocks...))
		if back, ok := parseListing(list.at(page.Offset)); !ok || back.Words != list.Words || back.Scope != list.Scope {
			t.Fatalf("%+v came back as %+v", list, back)
		}
	})
}

func TestAnyHomeTabIsSendable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := incidenttest.Any().Draw(t, "case")
		l := homeLists{
			open: anyListed(t, homePage), held: anyListed(t, homeLines), resolved: anyListed(t, homeLines/2), definitions: c.Definitions,
		}
		drawn := blockkittest.View(t, home(l))
		for _, i := range l.open.List {
			if !strings.Contains(drawn, "*"+incident.Ref(i.Number)+"*") {
				t.Fatalf("%s is not there", incident.Ref(i.Number))
			}
		}
	})
}

func TestAnyFormIsSendable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := incidenttest.Any().Draw(t, "case")
		i, d, text := &c.Incident, c.Definitions, incidenttest.Text(4000).Draw(t, "text")
		s := standing{incident: i, definitions: d, room: c.Room(incident.RoomMain).ID}
		for range rapid.IntRange(0, 3).Draw(t, "stuck") {
			s.trouble = append(s.trouble, incident.StepState{Step: "room", Error: incidenttest.Text(4000).Draw(t, "error"), Since: noon})
		}
		private := declareOrigin{Kind: incident.OriginShortcut, Channel: "C1", ResponseURL: "https://hooks.slack.com/actions/T1/2/x"}
		draft := incident.Declaration{Title: text, Summary: text}.Fit()
		from := &stand{Home: true, HomeOffset: 40, Panel: "V0123456789", Number: i.Number}
		forms := map[string]slack.ModalViewRequest{
			"declare":  declareForm(d, draft, private),
			"severity": severityForm(i, d),
			"status":   statusForm(i),
			"roles":    roleForm(i, d, "role0", text),
			"resolve":  resolveForm(i, d, text),
			"note":     noteForm(i),
			"edit":     editForm(i),
			"cancel":   cancelForm(text)(i),
			"same":     duplicateForm(i),
			"panel":    panel(s, "UANA", from),
			"timeline": timelineView(i.Number, timelinePage(i, d, incident.TimelinePage{Entries: c.News, Total: 100})),
			"update":   updateForm(updateDraft{i: i, definitions: d, text: text, next: text}),
			"pick":     updateForm(updateDraft{asks: true, i: i, definitions: d}),
			"unpicked": updateForm(updateDraft{asks: true}),
		}
		book := &incident.Book{Definitions: d}
		for n := range rapid.IntRange(0, 20).Draw(t, "changes") {
			book.Recent = append(book.Recent, incident.SettingChange{Setting: incident.SettingGuide, From: text, To: text, By: "UANA", At: noon.Add(time.Duration(n))})
		}
		sections := book.Sections(incident.Rules{}, incident.Defaults{})
		forms["settings"] = settingsView(sections, book, rapid.Bool().Draw(t, "admin"), from)
		forms["setting"] = settingForm(rapid.SampledFrom(sections).Draw(t, "section"))
		forms["role"] = addRoleForm()
		for name, form := range forms {
			form.ExternalID = from.externalID(strings.Repeat("1.2.3", 100))
			drawn := blockkittest.View(t, form)
			if strings.TrimSpace(drawn) == "" {
				t.Fatalf("%s is empty", name)
			}
		}
		drawAnswer(t, only(block.Markup(block.Headline(i, d)), showBlocks(i, d, s.room, s.trouble)...))
	})
}

// What a form keeps of where it was opened from comes back.
func TestAStandTravelsInAForm(t *testing.T) {
	t.Parallel()
	for _, want := range []stand{
		{}, {Home: true}, {Home: true, HomeOffset: 80}, {Panel: "V01", Number: 42}, {Home: true, HomeOffset: 40, Panel: "V01", Number: 1 << 62},
	} {
		var in slack.InteractionCallback
		in.View.ExternalID = want.externalID("12.34.ab")
		if got := cameFrom(in); *got != want {
			t.Errorf("%+v came back as %+v by %q", want, *got, in.View.ExternalID)
		}
	}
	for _, id := range []string{"", "from", "from x 1 V. t", "elsewhere"} {
		var in slack.InteractionCallback
		in.View.ExternalID = id
		if got := cameFrom(in); *got != (stand{}) {
			t.Errorf("%q reads %+v", id, *got)
		}
	}
}
