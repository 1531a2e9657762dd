package console_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"muster/incident"
)

func TestTheListIsFilteredAndPaged(t *testing.T) {
	t.Parallel()
	h := build(t)
	for n := range 120 {
		h.declares([]string{"UANA", "UBO"}[n%2], fmt.Sprintf("db %d down", n+1))
	}
	act := incident.Act{By: "UBO", Key: "k"}
	for _, err := range []error{
		second(h.desk.SetSeverity(t.Context(), 60, 1, 0, act)),
		second(h.desk.Resolve(t.Context(), 7, "x", act)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	ana := h.browser().signIn("UANA")
	rows := func() int { return strings.Count(ana.page, `class="what"`) }
	ana.get("/").shows("INC-60", "SEV1")
	if before, _, _ := strings.Cut(ana.page, "INC-1<"); !strings.Contains(before, "INC-60<") {
		t.Error("the worst does not come first")
	}
	seen := rows()
	for next := turn(ana.page, "next"); next != ""; next = turn(ana.page, "next") {
		ana.get(next)
		seen += rows()
	}
	if seen != 119 {
		t.Errorf("%d open incidents", seen)
	}
	ana.shows("First page")
	// Back to the first page, which is full and has nothing before it.
	first := ana.get("/").page
	ana.get(turn(first, "next")).get(turn(ana.page, "next"))
	for range 2 {
		if ana.get(turn(ana.page, "prev")); rows() != 50 {
			t.Errorf("back on a page of %d", rows())
		}
	}
	if !strings.Contains(ana.page, "INC-60<") || turn(ana.page, "prev") != "" || turn(ana.page, "next") != turn(first, "next") {
		t.Errorf("the pages do not lead back to the first one:\n%s", ana.page)
	}
	for query, want := range map[string]int{
		"show=all&words=db+7": 11, "show=resolved": 1, "show=all&mine=1&words=down": 50, "severity=SEV1": 1, "show=cancelled": 0,
		"show=all&from=2025-03-05": 0, "show=all&from=2025-03-04&until=2025-03-04": 50, "show=nonsense&severity=x&from=y&after=-1": 50,
		"show=all&from=2025-03-04&until=2025-03-04&zone=Pacific/Kiritimati": 0, "show=all&zone=../../etc/passwd": 50,
	} {
		if ana.get("/?" + query); rows() != want {
			t.Errorf("%s: %d rows, want %d", query, rows(), want)
		}
	}
	ana.get("/?show=cancelled").shows("No incident is like that.")
}

func second(_ *incident.Incident, err error) error { return err }

// turn is where the button of the next or the previous page leads, or empty.
func turn(page, rel string) string {
	before, _, found := strings.Cut(page, `" rel="`+rel+`"`)
	if !found {
		return ""
	}
	return strings.ReplaceAll(before[strings.LastIndex(before, `"`)+1:], "&amp;", "&")
}

func TestTheListAsCSV(t *testing.T) {
	t.Parallel()
	h := build(t)
	h.declares("UANA", `=cmd|"/c calc"!A1, and "more"`)
	h.declares("UBO", "db down")
	if _, err := h.desk.Resolve(t.Context(), 2, "x", incident.Act{By: "UBO"}); err != nil {
		t.Fatal(err)
	}
	ana := h.browser().signIn("UANA").get("/incidents.csv?show=all")
	if !strings.HasPrefix(ana.header.Get("Content-Disposition"), "attachment") {
		t.Error(ana.header)
	}
	rows, err := csv.NewReader(strings.NewReader(ana.page)).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatalf("%v, %v", rows, err)
	}
	if rows[1][0] != "INC-2" || rows[1][3] != "resolved" || rows[1][5] == "" {
		t.Errorf("%q", rows[1])
	}
	if rows[2][1] != `'=cmd|"/c calc"!A1, and "more"` {
		t.Errorf("%q", rows[2])
	}
	ana.get("/incidents.csv").hides("INC-2")
}

func TestHealthShowsWhatIsStuckWithRetry(t *testing.T) {
	t.Parallel()
	h := build(t)
	number := h.declares("UANA", "db down")
	ana := h.browser().signIn("UANA").get("/health")
	ana.shows("Nothing is stuck", "INC-1", "next in line")
	claim, err := h.db.Claim(t.Context(), noon, 1e9)
	if err != nil {
		t.Fatal(err)
	}
	later := noon.AddDate(1, 0, 0)
	err = h.db.Release(t.Context(), claim, incident.Outcome{Counted: true, RetryAt: later, Steps: []incident.StepState{{Step: "channel", Attempts: 3, Error: "Slack: <restricted_action>", NotBefore: later, Since: noon}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []string{"/health", path(number, "")} {
		ana.get(at).shows("<b>channel</b>: Slack: &lt;restricted_action&gt;", "Retry now")
	}
	key := keyField.FindStringSubmatch(ana.page)[1]
	ana.post(path(number, "retry"), map[string][]string{"key": {key}, "back": {"health"}}).is(http.StatusOK)
	ana.shows("<h1>Health</h1>")
	if again, err := h.db.Claim(t.Context(), noon, 1e9); again == nil || err != nil {
		t.Errorf("it is not tried again: %v, %v", again, err)
	}
}

func TestALongTimelineIsCutOnThePageAlone(t *testing.T) {
	t.Parallel()
	h := build(t)
	number := h.declares("UANA", "db down")
	for n := range 510 {
		if _, err := h.desk.Note(t.Context(), number, fmt.Sprintf("note %d.", n), incident.Act{By: "UANA", Key: fmt.Sprint(n)}); err != nil {
			t.Fatal(err)
		}
	}
	ana := h.browser().signIn("UANA").get(path(number, ""))
	ana.shows("There are older entries", "note 509.")
	if n := strings.Count(ana.page, "Note: note"); n != 500 {
		t.Errorf("%d notes", n)
	}
	ana.get(path(number, "export.md")).shows("note 0.", "note 509.")
}
