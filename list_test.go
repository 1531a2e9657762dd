package main

import (
	"fmt"
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

func TestStoryOfListsAndFinds(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.declares(32)
	w.start(quick())
	w.contains(w.says(w.ana, "general", "/incident list"), "Open incidents", "INC-1*", "INC-15*", "1–15 of 32", "[ Next ]")
	w.do(w.ana.Click(w.ctx, "general", "Next"))
	w.do(w.ana.Hears(w.ctx, "16–30 of 32"))
	w.do(w.ana.Click(w.ctx, "general", "Next"))
	w.do(w.ana.Hears(w.ctx, "31–32 of 32"))
	w.do(w.ana.Click(w.ctx, "general", "Previous"))
	w.do(w.ana.Hears(w.ctx, "16–30 of 32"))
	if n := strings.Count(w.ana.Sees("general"), "Open incidents"); n != 1 {
		t.Errorf("the list is there %d times, and not turned in its place:\n%s", n, w.ana.Sees("general"))
	}
	w.contains(w.says(w.ana, "general", "/incident list all 3"), "31–32 of 32", "INC-1*")
	w.contains(w.says(w.bo, "general", "/incident list mine"), "You have declared no incident")
	w.says(w.bo, "general", "/incident 7 claim commander")
	w.contains(w.says(w.bo, "general", "/incident list mine"), "INC-7*", "Bo Berg")
	w.contains(w.says(w.bo, "general", "/incident find db 19"), "INC-20*", "with “db 19”")
	w.contains(w.says(w.bo, "general", "/incident find inc-19"), "INC-19*")
	w.contains(w.says(w.bo, "general", "/incident find <!channel>"), "No incident has “<!channel>”")
	w.contains(w.says(w.bo, "general", "/incident find"), "Say what to look for")
	w.contains(w.says(w.bo, "general", "/incident status monitoring"), "belongs to no incident", "10 of 32")
	w.do(w.bo.Choose(w.ctx, "general", "Number or words", "INC-31 db 30 down"))
	form, err := w.bo.AwaitForm(w.ctx, "*INC-31* db 30 down")
	w.do(err)
	w.do(form.Close(w.ctx))
	w.contains(w.says(w.bo, "general", "/incident serch"), "Did you mean `/incident find`")
	w.says(w.ana, "general", "/incident 7 resolve rolled back")
	w.contains(w.says(w.ana, "general", "/incident list resolved"), "INC-7*", "Resolved")
	if list := w.says(w.ana, "general", "/incident list"); strings.Contains(list, "INC-7*") {
		t.Errorf("what is resolved is open:\n%s", list)
	}
	w.do(w.Invite("lee", "general", "muster"))
	w.do(w.lee.Mentions(w.ctx, "general", "@muster find db 3"))
	w.do(w.lee.Hears(w.ctx, "with “db 3”"))
	w.do(w.lee.Mentions(w.ctx, "general", fmt.Sprintf("@muster list %d", 2)))
	w.do(w.lee.Hears(w.ctx, "16–30 of 31"))
}

func TestStoryOfNotesAndTheTimeline(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(quick())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+roleRoom))
	w.SendTwice(1)
	w.says(w.ana, roleRoom, "/incident note restarted *db* <!channel>")
	w.shows(roleRoom, "*Note* by @Ana Lima")
	w.contains(w.says(w.bo, "general", "/incident 1 note it is back"), "Your note is in the timeline of *INC-1*")
	w.contains(w.says(w.bo, "general", "/incident note"), "belongs to no incident")
	w.contains(w.says(w.ana, roleRoom, "/incident note"), "Say what happened")
	w.contains(w.says(w.bo, "general", "/incident note service is down"), "Declare “note service is down” instead")
	for n := range 15 {
		w.says(w.ana, roleRoom, fmt.Sprintf("/incident note step %d", n))
	}
	w.says(w.ana, "general", "/incident 1 resolve failed over")
	w.contains(w.says(w.bo, "general", "/incident 1 timeline"), "@Ana Lima: Note: step 14", "Resolved: failed over", "5–19 of 19", "[ Older ]")
	w.do(w.bo.Click(w.ctx, "general", "Older"))
	w.do(w.bo.Hears(w.ctx, "restarted *db* <!channel>"))
	w.do(w.bo.Click(w.ctx, "general", "Newer"))
	w.do(w.bo.Hears(w.ctx, "5–19 of 19"))
	w.rest()
	if n := strings.Count(w.ana.Sees(roleRoom), "restarted *db*"); n != 1 {
		t.Errorf("a note that came twice is told %d times", n)
	}
}
