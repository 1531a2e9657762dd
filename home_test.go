package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"muster/sandbox/golden"
	"muster/sandbox/workspace"
)

// moments are dates as people see them, which no two runs have alike.
var moments = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d UTC`)

func TestStoryOfTheHomeTab(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.do(w.ana.OpensHome(w.ctx))
	w.do(w.ana.AwaitHome(w.ctx, "No incident is open."))
	w.do(w.ana.ClickHome(w.ctx, "Declare an incident"))
	w.submit(w.ana, "What is wrong?", "db down")
	w.do(w.ana.AwaitHome(w.ctx, "db down"))
	form, err := w.ana.AwaitForm(w.ctx, "declared: #"+roleRoom)
	w.do(err)
	w.do(form.Close(w.ctx))
	w.says(w.bo, "general", "/incident new disk full")
	w.do(w.bo.Hears(w.ctx, "declared: #inc-2-disk-full"))
	w.do(w.ana.ChooseHome(w.ctx, "…", "Severity"))
	w.submit(w.ana, "Severity", "SEV2")
	w.do(w.ana.AwaitHome(w.ctx, "SEV2 · Investigating"))

	w.do(w.ana.ChooseHome(w.ctx, "…", "Show"))
	w.do(w.ana.ClickInForm(w.ctx, "Claim"))
	w.do(w.ana.AwaitHome(w.ctx, "Incident commander of *INC-1* db down"))
	_, err = w.ana.AwaitForm(w.ctx, "Incident commander: @Ana Lima [ Leave ]")
	w.do(err)
	w.do(w.ana.ClickInForm(w.ctx, "Status"))
	_, err = w.ana.AwaitForm(w.ctx, "INC-1 status")
	w.do(err)
	w.submit(w.ana, "Status", "Monitoring")
	form, err = w.ana.AwaitForm(w.ctx, "Monitoring")
	w.do(err)
	w.do(w.ana.AwaitHome(w.ctx, "SEV2 · Monitoring"))
	golden.Check(t, "panel", moments.ReplaceAllString(w.ana.SeesForm(), "<time>"))
	w.do(form.Close(w.ctx))
	w.says(w.bo, "general", "/incident 2 resolve made space")
	w.do(w.ana.OpensHome(w.ctx))
	w.do(w.ana.AwaitHome(w.ctx, "Recently resolved"))
	golden.Check(t, "home", moments.ReplaceAllString(w.ana.SeesHome(), "<time>"))

	w.do(w.ana.ChooseHome(w.ctx, "…", "Resolve"))
	w.submit(w.ana, "What fixed it?", "failed over")
	w.do(w.ana.AwaitHome(w.ctx, "No incident is open."))
}

// A panel and a Home tab that show what is no more say so, and then show what is.
func TestAClickOnAnOldViewIsAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+roleRoom))
	w.says(w.ana, roleRoom, "/incident")
	_, err := w.ana.AwaitForm(w.ctx, "Incident commander: _unclaimed_")
	w.do(err)
	w.says(w.bo, "general", "/incident 1 claim commander")
	w.do(w.ana.ClickInForm(w.ctx, "Claim"))
	form, err := w.ana.AwaitForm(w.ctx, "@Bo Berg is already Incident commander")
	w.do(err)
	w.do(form.Close(w.ctx))
	_, err = w.ana.AwaitForm(w.ctx, "Incident commander: @Bo Berg")
	w.do(err)

	w.do(w.lee.OpensHome(w.ctx))
	w.do(w.lee.AwaitHome(w.ctx, "INC-1"))
	w.says(w.bo, "general", "/incident 1 resolve failed over")
	w.do(w.lee.ChooseHome(w.ctx, "…", "Resolve"))
	_, err = w.lee.AwaitForm(w.ctx, "INC-1 is already resolved")
	w.do(err)
	w.do(w.lee.AwaitHome(w.ctx, "No incident is open."))
}

func TestTheHomeTabOfManyIncidentsHasPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.declares(500)
	w.start(quick())
	w.do(w.ana.OpensHome(w.ctx))
	w.do(w.ana.AwaitHome(w.ctx, "1–40 of 500"))
	w.do(w.ana.ClickHome(w.ctx, "Next"))
	w.do(w.ana.AwaitHome(w.ctx, "41–80 of 500"))
	w.do(w.ana.ChooseHome(w.ctx, "…", "Severity"))
	w.submit(w.ana, "Severity", "SEV1")
	w.do(w.ana.AwaitHome(w.ctx, "*INC-40*")) // INC-41 is the first of all now
	w.do(w.ana.ChooseHome(w.ctx, "Number or words", "INC-432 db 431 down"))
	_, err := w.ana.AwaitForm(w.ctx, "*INC-432* db 431 down")
	w.do(err)
	if home := w.ana.SeesHome(); !strings.Contains(home, "41–80 of 500") || strings.Contains(home, "*INC-41*") {
		t.Errorf("the page is not the one that was looked at:\n%s", fmt.Sprintf("%.3000s", home))
	}
}

func TestThePanelLeadsThroughTheTimeline(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+roleRoom))
	for n := range 20 {
		w.says(w.ana, "general", fmt.Sprintf("/incident 1 note step %d", n))
	}
	w.says(w.ana, roleRoom, "/incident")
	w.do(w.ana.ClickInForm(w.ctx, "Timeline"))
	_, err := w.ana.AwaitForm(w.ctx, "7–21 of 21")
	w.do(err)
	w.do(w.ana.ClickInForm(w.ctx, "Older"))
	form, err := w.ana.AwaitForm(w.ctx, "1–6 of 21")
	w.do(err)
	w.contains(form.Text(), "Declared", "step 4")
	w.do(form.Close(w.ctx))
	_, err = w.ana.AwaitForm(w.ctx, "Incident commander: _unclaimed_")
	w.do(err)
}
