package main

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"muster/block"
	"muster/sandbox/workspace"
)

// level is a severity by another name than the one that it was given here.
var level = regexp.MustCompile(`SEV-?[1-4]|SEV%|Severity\(`)

// Where administrators call severities otherwise, nobody reads SEV2 anywhere.
func TestOwnNamesOfSeveritiesAreEverywhere(t *testing.T) {
	t.Parallel()
	w := newWiki(t, 4711)
	w.console = "127.0.0.1:0"
	w.start(w.clock.ticking())
	w.set(w.desk(), "severity.1.name", "Blazing", "severity.2.name", "Burning", "severity.3.name", "Smoking", "severity.4.name", "Warm")
	own := func(what, text string) {
		t.Helper()
		if at := level.FindStringIndex(text); at != nil {
			t.Errorf("%s says %q:\n%s", what, text[at[0]:at[1]], text[max(0, at[0]-200):min(len(text), at[1]+200)])
		}
	}
	asks := func(channel, line string) string {
		t.Helper()
		answer := w.says(w.ana, channel, line)
		own(line, answer)
		return answer
	}
	form := func(what, words string) {
		t.Helper()
		open, err := w.ana.AwaitForm(w.ctx, words)
		w.do(err)
		own(what, open.Text())
		w.do(open.Close(w.ctx))
	}

	asks("general", "/incident new checkout returns 500")
	w.do(w.ana.Hears(w.ctx, "declared: #"+firstRoom))
	asks("general", "/incident new checkout returns 500 again")
	w.do(w.ana.Hears(w.ctx, "sounds alike"))
	w.contains(asks("general", "/incident 1 severity burning"), "is now Burning")
	w.contains(asks("general", "/incident 1 severity burning"), "INC-1 is already Burning.")
	w.contains(asks("general", "/incident 1 severity hot"), "one of Blazing, Burning, Smoking, Warm")
	w.contains(asks("general", "/incident list"), "Burning", "Warm")
	w.contains(asks("general", "/incident find checkout"), "Burning")
	w.contains(asks("general", "/incident 1 show"), "Burning · Investigating")
	asks("general", "/incident 1 claim commander")
	w.do(w.Join("bo", firstRoom))
	w.do(w.bo.Hears(w.ctx, "You have come to"))
	asks(firstRoom, "/incident subscribe")
	w.says(w.ana, firstRoom, "/incident")
	form("the panel", "Burning")
	w.says(w.ana, "general", "/incident 1 status identified")
	w.says(w.ana, firstRoom, "/incident update")
	form("the form of an update", "Burning")
	w.says(w.ana, "general", "/incident update")
	_, err := w.ana.AwaitForm(w.ctx, "Incident")
	w.do(err)
	_, view, _ := w.ana.TopForm()
	offered, err := w.ana.Suggest(workspace.Action{View: view.ID, BlockID: block.FieldIncident, ActionID: string(block.ActUpdateOf)}, "")
	w.do(err)
	if len(offered) != 2 {
		t.Errorf("%d incidents are offered", len(offered))
	}
	for _, choice := range offered {
		own("a choice", string(choice.JSON))
	}
	form("the form of an update elsewhere", "Incident")
	w.says(w.ana, firstRoom, "/incident severity")
	form("the form of the severity", "Burning")
	w.says(w.bo, firstRoom, "/incident severity")
	burning, err := w.bo.AwaitForm(w.ctx, "Burning")
	w.do(err)
	asks("general", "/incident 1 severity smoking")
	w.do(burning.Fill("Severity", "Blazing"))
	refused, err := burning.Submit(w.ctx)
	w.do(err)
	w.contains(refused.Errors["Severity"], "Ana Lima set it to Smoking meanwhile.")
	w.do(burning.Close(w.ctx))
	asks("general", "/incident 1 severity burning")
	w.clock.passes(time.Hour)
	w.shows(firstRoom, "due for an update")
	w.clock.passes(8 * 24 * time.Hour)
	w.shows("incidents", "Open for too long")
	w.do(w.ana.OpensHome(w.ctx))
	w.eventually("the Home tab", func() bool { return strings.Contains(w.ana.SeesHome(), "Burning") })
	own("the Home tab", w.ana.SeesHome())
	asks("general", "/incident stats")
	w.do(w.ana.Hears(w.ctx, "Blazing"))
	asks("general", "/incident 1 timeline")

	browser, read, base := w.browser()
	for _, page := range []string{"/", "/incidents/1", "/statistics", "/health", "/follow-ups", "/declare", "/?show=all&severity=SEV2"} {
		visible := regexp.MustCompile(`value="SEV\d"`).ReplaceAllString(read(browser.Get(base+page)), "")
		own("the console's "+page, strings.ReplaceAll(visible, "severity=SEV2", ""))
	}

	asks("general", "/incident 1 resolve rolled back")
	w.shows(firstReview, "Root-cause analysis of INC-1")
	own("the page", w.page().Body)
	asks("general", "/incident 1 export")
	own("the document", w.written("-format", "md"))
	w.do(w.wiki.Edit("INC-1 checkout returns 500", "ours"))
	asks("general", "/incident 1 note a word more")
	w.shows(firstReview, "comments below")
	w.rest()
	own("the page with comments", strings.Join(w.page().Comments, "\n"))
	own("Slack", w.Dump())
	for _, where := range []string{"general", "incidents", firstRoom, firstReview, "@ana"} {
		for _, m := range w.Messages(where) {
			own("a notification", m.Text)
		}
	}
}
