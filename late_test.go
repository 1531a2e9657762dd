package main

import (
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

// overForm is a form that somebody has open while an incident ends.
type overForm struct {
	opens  func(w *world, p *workspace.Person)
	fields []string
	// told is what stands beside a field then; "" if the form still does what it says.
	told string
}

const overRoom = "inc-1-db-down"

func clicks(label string) func(*world, *workspace.Person) {
	return func(w *world, p *workspace.Person) { w.do(p.Click(w.ctx, overRoom, label)) }
}

func typing(command string) func(*world, *workspace.Person) {
	return func(w *world, p *workspace.Person) { w.says(p, overRoom, command) }
}

var overForms = map[string]overForm{
	"severity":  {clicks("Severity"), []string{"Severity", "SEV1"}, "INC-1 is resolved; reopen it"},
	"status":    {clicks("Status"), []string{"Status", "Monitoring"}, "Bo Berg set it to Resolved meanwhile"},
	"update":    {clicks("Post update"), []string{"What changed?", "half of it works"}, "INC-1 is resolved; reopen it"},
	"roles":     {clicks("Roles"), []string{"Person", "bo"}, "INC-1 is resolved; reopen it"},
	"cancel":    {typing("/incident cancel"), []string{"Why is it no incident?", "false alarm"}, "INC-1 is resolved; reopen it"},
	"duplicate": {typing("/incident duplicate"), []string{"Which incident is it the same as?", "INC-2 mail is slow"}, "INC-1 is resolved; reopen it"},
	"resolve":   {clicks("Resolve"), []string{"What fixed it?", "rolled back twice"}, "Bo Berg was first: INC-1 is resolved, “rolled back”. Yours is not kept"},
	"same fix":  {clicks("Resolve"), []string{"What fixed it?", "Rolled back"}, ""},
	"edit":      {typing("/incident title"), []string{"What is wrong?", "db was down"}, ""},
	"follow-up": {typing("/incident todo"), nil, ""},
}

// A form that is sent after the incident ended keeps what was typed and says why,
// or does what is still right to do. It takes nothing up again.
func TestFormsOutliveTheirIncident(t *testing.T) {
	t.Parallel()
	for name, f := range overForms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, workspace.Config{})
			w.start(quick())
			w.says(w.ana, "general", "/incident new db down")
			w.do(w.ana.Hears(w.ctx, "declared: #"+overRoom))
			w.says(w.bo, "general", "/incident new mail is slow")
			w.do(w.bo.Hears(w.ctx, "declared: #inc-2"))
			w.rest()
			f.opens(w, w.ana)
			if name == "follow-up" {
				w.do(w.ana.ClickInForm(w.ctx, "Add follow-up"))
				f.fields = []string{"What is to be done?", "alert on it"}
				_, err := w.ana.AwaitForm(w.ctx, "What is to be done?")
				w.do(err)
			}
			_, err := w.form(w.ana)
			w.do(err)
			w.says(w.bo, "general", "/incident 1 title db is away")
			w.says(w.bo, "general", "/incident 1 resolve rolled back")
			w.rest()
			outcome := w.submit(w.ana, f.fields...)
			if f.told == "" {
				if len(outcome.Errors) > 0 {
					// Only the title that moved is worth a word.
					w.contains(outcome.Errors["What is wrong?"], "Bo Berg", "db is away")
				}
				w.contains(w.says(w.ana, overRoom, "/incident show"), "Resolved")
				return
			}
			var said []string
			for _, text := range outcome.Errors {
				said = append(said, text)
			}
			w.contains(strings.Join(said, "\n"), f.told)
			w.contains(w.ana.SeesForm(), f.fields[1])
			w.rest()
			if got := w.query(`SELECT status || severity || resolution FROM incidents WHERE number = 1`); got != "resolved4rolled back" {
				t.Errorf("it is %s now", got)
			}
		})
	}
}

// Two people click the same button in the same moment, on two programs.
func TestTwoPeopleClickAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+overRoom))
	w.do(w.Join("bo", overRoom))
	w.do(w.Join("lee", overRoom))
	w.rest()
	pair := []*workspace.Person{w.bo, w.lee}
	atOnce := func(act func(p *workspace.Person) error) {
		t.Helper()
		done := make(chan error, len(pair))
		for _, p := range pair {
			go func() { done <- act(p) }()
		}
		for range pair {
			w.do(<-done)
		}
		w.rest()
	}
	atOnce(func(p *workspace.Person) error { return p.Click(w.ctx, overRoom, "Claim") })
	if n := strings.Count(w.ana.Sees(overRoom), "is now Incident commander"); n != 1 {
		t.Errorf("%d commanders:\n%s", n, w.ana.Sees(overRoom))
	}
	w.eventually("the other is told", func() bool {
		return strings.Contains(w.bo.Sees(overRoom)+w.lee.Sees(overRoom), "is already Incident commander")
	})
	// Both resolve, each with words of their own: one counts, the other is told.
	for _, p := range pair {
		w.do(p.Click(w.ctx, overRoom, "Resolve"))
		form, err := w.form(p)
		w.do(err)
		w.do(form.Fill("What fixed it?", "fixed by "+p.Name()))
	}
	atOnce(func(p *workspace.Person) error {
		form, err := p.Form(w.ctx)
		if err == nil {
			_, err = form.Submit(w.ctx)
		}
		return err
	})
	if n := w.query(`SELECT count(*)::text FROM entries WHERE kind = 'resolved'`); n != "1" {
		t.Errorf("resolved %s times:\n%s", n, w.ana.Sees(overRoom))
	}
	w.contains(w.bo.SeesForm()+w.lee.SeesForm(), "was first: INC-1 is resolved, “fixed by")
	for _, p := range pair {
		w.closeForms(p)
	}
	atOnce(func(p *workspace.Person) error { return p.Click(w.ctx, overRoom, "Reopen") })
	if n := w.query(`SELECT count(*)::text FROM entries WHERE kind = 'reopened'`); n != "1" {
		t.Errorf("reopened %s times", n)
	}
}
