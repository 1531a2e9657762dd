package main

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp/kb"

	"muster/sandbox/workspace"
)

// arrives waits until a page that is on its way shows the words.
func (b *tab) arrives(words string) {
	b.t.Helper()
	b.until(quoted(words), "document.body?.dataset.ready && document.body.innerText.replace(/\\s+/g, ' ').includes("+quoted(words)+")")
}

// An administrator works in a real browser, and what they do there is seen in
// Slack.
func TestStoryOfTheConsoleInABrowser(t *testing.T) {
	t.Parallel()
	chromium(t)
	w := newWorld(t, workspace.Config{})
	w.AddUser(workspace.User{Name: "max", RealName: "Max Admin", Admin: true})
	w.console = "127.0.0.1:0"
	w.start(quick())
	max := w.Person("max")
	w.do(w.Invite("lee", "general", "max"))
	w.says(w.ana, "general", "/incident new db <b>down</b>")
	w.do(w.ana.Hears(w.ctx, "declared: #"))
	link := signInLink.FindString(w.says(max, "general", "/incident console"))
	base, _, _ := strings.Cut(link, "/sign-in/")

	b := openTab(t, link, 1280, 800, false)
	b.arrives("Sign in as Max Admin")
	b.types(kb.Enter) // the button has the focus
	b.arrives("INC-1 db <b>down</b>")
	b.until("times are the reader's", `document.querySelector('time').title.endsWith('UTC')`)
	b.until("the page fits", `document.documentElement.scrollWidth <= innerWidth`)
	b.click("INC-1 db <b>down</b>")
	b.arrives("COURSE")
	b.until("the picture is drawn", `document.querySelector('svg.course path').getBoundingClientRect().width > 100`)

	b.click("Severity")
	b.picks("#severity select", "SEV2")
	b.click("Set severity")
	b.arrives("SEV4 → SEV2")
	w.shows("incidents", "SEV2")
	b.click("Resolve")
	b.types(kb.Tab + "rolled back" + kb.Enter)
	b.arrives("What fixed it rolled back")
	w.says(w.ana, "general", "/incident reopen 1")

	b.look(400, 800, true)
	for _, page := range []string{"/", "/incidents/1", "/health", "/follow-ups", "/settings"} {
		b.visit(base + page)
		b.until(page+" fits a phone", `document.documentElement.scrollWidth <= innerWidth`)
	}
	b.click("Technical lead")
	b.clickOn(`document.querySelector('[name="role.lead.text"]')`)
	b.types(" And reads the graphs.")
	b.click("Save")
	b.arrives("LATEST CHANGES")
	w.says(w.bo, "general", "/incident 1 claim lead")
	w.do(w.bo.AwaitDM(w.ctx, "reads the graphs"))

	b.click("Sign out")
	b.arrives("You are signed out.")
	b.visit(base + "/incidents/1")
	b.arrives("You are not signed in.")
	b.visit(link)
	b.arrives("does not sign in any more")
}
