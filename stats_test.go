package main

import (
	"strings"
	"testing"

	"muster/sandbox/workspace"
)

func TestStoryStatistics(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 94})
	w.start(quick())
	w.says(w.bo, "general", "/incident stats")
	w.do(w.bo.Hears(w.ctx, "There were none"))
	w.says(w.lee, "general", "/incident new checkout returns 500")
	w.do(w.lee.Hears(w.ctx, "declared: #"+firstRoom))
	w.says(w.lee, "general", "/incident 1 severity sev2")
	w.says(w.ana, "general", "/incident 1 resolve rolled back")
	w.says(w.lee, "general", "/incident new nothing at all")
	w.do(w.lee.Hears(w.ctx, "declared: #inc-2"))
	w.says(w.lee, "general", "/incident 2 cancel false alarm")
	w.do(w.ana.Shortcut(w.ctx, "Declare an incident"))
	w.submit(w.ana, "What is wrong?", "payroll leaked", "What kind is it?", "Private")
	w.rest()
	w.says(w.bo, "general", "/incident stats 3")
	w.do(w.bo.Hears(w.ctx, "Incidents of the last 3 months"))
	w.do(w.bo.Hears(w.ctx, "all             1        1      <1m      <1m      <1m"))
	w.do(w.bo.Hears(w.ctx, "SEV2            1        1"))
	w.do(w.bo.Hears(w.ctx, "private ones that you may not see"))
	w.do(w.bo.AwaitDM(w.ctx, "incidents.png"))
	if drawn := w.FileContent("incidents.png"); !strings.HasPrefix(string(drawn), "\x89PNG") {
		t.Errorf("%d bytes of a picture", len(drawn))
	}
	w.says(w.ana, "general", "/incident stats")
	w.do(w.ana.Hears(w.ctx, "all             2        1"))
	w.contains(w.says(w.bo, "general", "/incident 1 show"), "checkout")
}
