package main

import (
	"fmt"
	"strings"
	"testing"

	"github.com/rs/zerolog"

	"muster/sandbox/wiki"
	"muster/sandbox/workspace"
)

// Whatever goes wrong, the log holds nothing that people typed about an incident, which
// may be private.
func TestTheLogHoldsNothingThatPeopleTyped(t *testing.T) {
	t.Parallel()
	w, log := newWiki(t, 75), &scribe{}
	w.wiki.AddSpace("SEC")
	w.privateSpace = "SEC"
	w.log = zerolog.New(log)
	w.start(quick())
	for _, method := range []string{
		"conversations.create", "chat.postMessage", "chat.update", "conversations.setTopic", "conversations.invite", "bookmarks.add", "pins.add", "conversations.open",
	} {
		for _, kind := range []workspace.Kind{workspace.ServerError, workspace.Refuse, workspace.HTML} {
			w.Fault(workspace.Fault{Method: method, Kind: kind, Code: "restricted_action"})
		}
	}
	for n := range 30 {
		title := "INC-1 payroll leaked"
		if n > 0 {
			title += fmt.Sprintf(" (%d)", n+1)
		}
		w.wiki.AddPage("SEC", title, "<p>a stranger's</p>")
	}
	w.says(w.ana, "general", "/incident")
	w.submit(w.ana, "What is wrong?", "payroll leaked", "Severity", "SEV1", "What kind is it?", "Private")
	w.eventually("the room", func() bool { return strings.Contains(w.ana.Sees(secretRoom), "PRIVATE") })
	w.says(w.ana, secretRoom, "/incident note payroll of the board")
	w.says(w.ana, secretRoom, "/incident todo change the payroll")
	w.says(w.ana, secretRoom, "/incident status resolved new keys for the payroll")
	w.eventually("the page can't be made", func() bool { return strings.Contains(w.ana.Sees(secretRoom+"-rca"), "can't be written yet") })
	w.wiki.Fault(wiki.Fault{Status: 403})
	for _, line := range strings.Split(log.String(), "\n") {
		if strings.Contains(strings.ToLower(line), "payroll") {
			t.Errorf("logged: %s", line)
		}
	}
}
