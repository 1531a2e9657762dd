package main

import (
	"bytes"
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

// Who declares what is open already is told so, and one click takes them there.
func TestStoryOfTheSameTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new checkout returns 500")
	w.do(w.ana.Hears(w.ctx, "declared: #"+firstRoom))
	if strings.Contains(w.ana.Sees("general"), "sounds alike") {
		t.Errorf("the first of all is like another:\n%s", w.ana.Sees("general"))
	}

	// From a command: the answer is a message.
	w.says(w.bo, "general", "/incident new checkout answers 500")
	w.do(w.bo.Hears(w.ctx, "declared: #inc-2-checkout-answers-500"))
	w.do(w.bo.AwaitSees(w.ctx, "general", "*INC-1* SEV4 · checkout returns 500 · #"+firstRoom))
	w.do(w.bo.Click(w.ctx, "general", "It is the same: join INC-1"))
	w.do(w.bo.AwaitSees(w.ctx, "general", "*INC-2* is closed as a duplicate of *INC-1* checkout returns 500. You are being added to #"+firstRoom))
	w.shows(firstRoom, "Bo Berg has joined")
	w.shows("inc-2-checkout-answers-500", "Duplicate of INC-1")

	// From a form: the form itself.
	w.says(w.lee, "general", "/incident")
	w.submit(w.lee, "What is wrong?", "Checkout returns 503")
	_, err := w.lee.AwaitForm(w.ctx, "It is the same: join INC-1")
	w.do(err)
	w.do(w.lee.ClickInForm(w.ctx, "It is the same: join INC-1"))
	form, err := w.lee.AwaitForm(w.ctx, "INC-3* is closed as a duplicate")
	w.do(err)
	w.do(form.Close(w.ctx))
	w.shows(firstRoom, "Lee Wong has joined")
	w.rest()
	if got := w.query(`SELECT string_agg(number || ' ' || status || ' ' || duplicate_of, ', ' ORDER BY number) FROM incidents`); got != "1 investigating 0, 2 duplicate 1, 3 duplicate 1" {
		t.Errorf("incidents: %s", got)
	}

	// What is private, closed, or a test, is not named.
	w.says(w.ana, "general", "/incident")
	w.submit(w.ana, "What is wrong?", "payroll leaked", "What kind is it?", "Private")
	form, err = w.ana.AwaitForm(w.ctx, "declared: #inc-4")
	w.do(err)
	w.do(form.Close(w.ctx))
	w.says(w.lee, "general", "/incident new payroll leaked too")
	w.do(w.lee.Hears(w.ctx, "declared: #inc-5"))
	w.says(w.ana, firstRoom, "/incident status resolved rolled back")
	w.says(w.bo, "general", "/incident new checkout returns 500 anew")
	w.do(w.bo.Hears(w.ctx, "declared: #inc-6"))
	w.rest()
	for _, sees := range []string{w.lee.Sees("general"), w.bo.Sees("general")} {
		if strings.Contains(sees, "join INC-4") || strings.Contains(sees, "join INC-1 ") {
			t.Errorf("named in:\n%s", sees)
		}
	}
}

// Whoever declares without a form or a command is told as well: beside the post, at
// the mention, and in the terminal.
func TestStoryOfTheSameByOtherWays(t *testing.T) {
	t.Parallel()
	w := alertWorld(t)
	w.do(w.Invite("lee", "general", "muster"))
	w.says(w.ana, "general", "/incident new FIRING HighErrorRate")
	w.do(w.ana.Hears(w.ctx, "declared: #inc-1"))

	w.do(w.bo.React(w.ctx, "alerts", "HighErrorRate", "rotating_light"))
	w.do(w.bo.AwaitSees(w.ctx, "alerts", "It is the same: join INC-1"))
	w.rest()
	if strings.Contains(w.lee.Sees("alerts"), "sounds alike") {
		t.Errorf("others see it, too:\n%s", w.lee.Sees("alerts"))
	}
	w.do(w.bo.Click(w.ctx, "alerts", "It is the same: join INC-1"))
	w.do(w.bo.AwaitSees(w.ctx, "alerts", "*INC-2* is closed as a duplicate of *INC-1*"))
	w.rest()

	w.do(w.lee.Mentions(w.ctx, "general", "@muster new HighErrorRate fires"))
	w.do(w.lee.AwaitSees(w.ctx, "general", "It is the same: join INC-1"))

	d, err := parseDeclare([]string{"HighErrorRate is firing"})
	w.do(err)
	var out, errs bytes.Buffer
	w.do(declare(w.ctx, w.config(), d, &out, &errs))
	w.contains(out.String(), "INC-4\n")
	w.contains(errs.String(), "sounds alike", "FIRING HighErrorRate", "duplicate of 1")
}
