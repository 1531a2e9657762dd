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

func TestRoleOf(t *testing.T) {
	t.Parallel()
	for rest, want := range map[string]string{
		"technical lead @ana knows the database": "technical lead", "commander @bo": "commander", "commander": "commander", "@bo": "", "": "",
	} {
		if got := roleOf(rest); got != want {
			t.Errorf("%q: %q", rest, got)
		}
	}
}

func TestGivenTo(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"assign lead <@U012AB3CD|ana>":               {"U012AB3CD", ""},
		"42 assign lead <@W012>":                     {"W012", ""},
		"handover lead <@U1|Ana Lima> knows a & b":   {"U1", "knows a & b"},
		"handover lead <@U1>: ask <@U2|bo> &amp; co": {"U1", "ask @bo & co"},
		"assign lead @ana":                           {},
		"assign lead @zoe ask <@U2|bo>":              {},
		"assign lead <!here> <@U2>":                  {},
		"assign lead <!subteam^S1|@db> <@U2>":        {},
		"<!channel>":                                 {},
		"assign lead":                                {},
	} {
		if id, note := givenTo(text); id != want[0] || note != want[1] {
			t.Errorf("%q: %q, %q", text, id, note)
		}
	}
}
