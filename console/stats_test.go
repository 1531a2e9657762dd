package console_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"muster/incident"
)

func TestStatisticsAsTablesAndPlots(t *testing.T) {
	t.Parallel()
	h := build(t)
	for _, title := range []string{"one", "two", "three"} {
		h.declares("UANA", title)
	}
	act := incident.Act{By: "UBO", Key: "k"}
	for _, err := range []error{
		second(h.desk.SetSeverity(t.Context(), 1, 1, 0, act)),
		second(h.desk.Resolve(t.Context(), 1, "x", incident.Act{By: "UBO", Key: "k2"})),
		second(h.desk.Cancel(t.Context(), 3, "a drill", act)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	i, _, err := h.desk.Declare(t.Context(), incident.Declaration{
		Title: "payroll leaked", Private: true, Severity: 2, By: "ULEE", Origin: incident.Origin{Kind: incident.OriginForm, Key: "k"},
	}, false)
	if err != nil || !i.Private {
		t.Fatal(i, err)
	}
	ana := h.browser().signIn("UANA").get("/statistics?months=3")
	ana.is(http.StatusOK)
	ana.shows("Mar 2025", "Jan 2025", "Time until resolved", `<th scope="row">SEV1</th><td>1</td><td>1</td>`, `<th scope="row">All</th><td>2</td><td>1</td>`)
	ana.hides("Dec 2024", "style=")
	h.browser().signIn("ULEE").get("/statistics?months=3").shows(`<th scope="row">All</th><td>3</td><td>1</td>`)
	images := regexp.MustCompile(`(?:src|srcset)="(/statistics[^"]+)"`).FindAllStringSubmatch(ana.page, -1)
	if len(images) != 12 {
		t.Fatalf("%d images", len(images))
	}
	seen := map[string]bool{}
	for _, image := range images {
		ana.get(strings.ReplaceAll(image[1], "&amp;", "&")).is(http.StatusOK)
		if kind := ana.header.Get("Content-Type"); kind != "image/svg+xml" || !strings.HasPrefix(ana.page, "<?xml") {
			t.Errorf("%s is %s", image[1], kind)
		}
		if policy := ana.header.Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") || strings.Contains(policy, "script-src") {
			t.Errorf("%s has the policy %s", image[1], policy)
		}
		seen[ana.page] = true
	}
	if len(seen) != 12 {
		t.Errorf("%d different images", len(seen))
	}
	ana.get("/statistics/nothing.svg").is(http.StatusNotFound)
	ana.get("/statistics?months=x").shows("12 months")
	h.browser().get("/statistics/declared.svg").is(http.StatusUnauthorized)
	h.mu.Lock()
	h.now = h.now.Add(3 * 365 * 24 * time.Hour)
	h.mu.Unlock()
	h.browser().signIn("UBO").get("/statistics").shows("No incident was declared in these months.")
}
