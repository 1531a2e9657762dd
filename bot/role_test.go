package bot

import (
	"testing"

	"github.com/slack-go/slack"

	"muster/incident"
)

func TestCannotHold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		user slack.User
		ok   bool
	}{
		"colleague":          {slack.User{ID: "U1", TeamID: "T1"}, true},
		"bot":                {slack.User{ID: "U1", TeamID: "T1", IsBot: true}, false},
		"Slackbot":           {slack.User{ID: "USLACKBOT", TeamID: "T1"}, false},
		"deactivated":        {slack.User{ID: "U1", TeamID: "T1", Deleted: true}, false},
		"other organisation": {slack.User{ID: "U1", TeamID: "T2"}, false},
		"stranger":           {slack.User{ID: "U1", TeamID: "T1", IsStranger: true}, false},
		"other team of the same organisation": {
			slack.User{ID: "U1", TeamID: "T2", Enterprise: slack.EnterpriseUser{ID: "U1"}}, true},
		"guest": {slack.User{ID: "U1", TeamID: "T1", IsRestricted: true}, false},
	} {
		if err := cannotHold(&c.user, "T1"); (err == nil) != c.ok || err != nil && !incident.IsKind(err, incident.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCutPerson(t *testing.T) {
	t.Parallel()
	for rest, want := range map[string][2]string{
		"technical lead @ana knows the database": {"technical lead", "knows the database"},
		"commander @bo":                          {"commander", ""},
		"commander":                              {"commander", ""},
		"@bo":                                    {"", ""},
	} {
		if role, note := cutPerson(rest); role != want[0] || note != want[1] {
			t.Errorf("%q: %q, %q", rest, role, note)
		}
	}
}

func TestMentioned(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"assign lead <@U012AB3CD|ana>": "U012AB3CD", "assign lead <@W012>": "W012", "assign lead @ana": "", "<!channel>": "",
	} {
		if got := mentioned(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
