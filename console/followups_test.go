package console_test

import (
	"strings"
	"testing"

	"muster/incident"
)

func TestFollowUpsOfAllIncidents(t *testing.T) {
	t.Parallel()
	h := build(t)
	ana := h.browser().signIn("UANA")
	ana.get("/follow-ups").shows("Nothing is to be done.")
	for n, todo := range []incident.ToDo{
		{Text: "alert on <disks>", Owner: "UBO", Due: "2030-01-02"}, {Text: "no day"}, {Text: "done already"}, {Text: "the soonest", Due: "2029-01-01"},
	} {
		number := h.declares("ULEE", todo.Text)
		_, err := h.desk.AddFollowUp(t.Context(), number, todo, incident.Act{By: "ULEE"})
		if err == nil && n == 2 {
			_, err = h.desk.EndFollowUp(t.Context(), number, 1, true, incident.Act{By: "ULEE"})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	secret, _, err := h.desk.Declare(t.Context(), incident.Declaration{Title: "secret", By: "ULEE", Private: true, Origin: incident.Origin{Key: "secret"}}, false)
	if err == nil {
		_, err = h.desk.AddFollowUp(t.Context(), secret.Number, incident.ToDo{Text: "hush"}, incident.Act{By: "ULEE"})
	}
	if err != nil {
		t.Fatal(err)
	}
	ana.get("/follow-ups").shows("alert on &lt;disks&gt;", "Bo Berg", "2030-01-02", "INC-1", "nobody", "no day")
	ana.hides("done already", "· late", "hush", "secret")
	if strings.Index(ana.page, "the soonest") > strings.Index(ana.page, "Bo Berg") {
		t.Error("the soonest does not come first")
	}
}
