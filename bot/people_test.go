package bot

import (
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/incident"
)

// TestWhoMayDoWhat tries every kind of account: who may act, and who may hold a role.
func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	alone := incident.Installation{Team: "T1"}
	grid := incident.Installation{Team: "T1", Enterprise: "E1"}
	for name, c := range map[string]struct {
		user      slack.User
		place     incident.Installation
		act, hold bool
	}{
		"colleague":    {slack.User{ID: "U1", TeamID: "T1"}, alone, true, true},
		"bot":          {slack.User{ID: "U1", TeamID: "T1", IsBot: true}, alone, true, false},
		"Slackbot":     {slack.User{ID: "USLACKBOT", TeamID: "T1"}, alone, true, false},
		"deactivated":  {slack.User{ID: "U1", TeamID: "T1", Deleted: true}, alone, true, false},
		"guest":        {slack.User{ID: "U1", TeamID: "T1", IsRestricted: true}, alone, false, false},
		"bound guest":  {slack.User{ID: "U1", TeamID: "T1", IsUltraRestricted: true}, alone, false, false},
		"stranger":     {slack.User{ID: "U1", TeamID: "T1", IsStranger: true}, alone, false, false},
		"other team":   {slack.User{ID: "U1", TeamID: "T2"}, alone, false, false},
		"other grid":   {slack.User{ID: "U1", TeamID: "T2", Enterprise: slack.EnterpriseUser{EnterpriseID: "E2"}}, grid, false, false},
		"grid outside": {slack.User{ID: "U1", TeamID: "T2", Enterprise: slack.EnterpriseUser{EnterpriseID: "E2"}}, alone, false, false},
		"no grid":      {slack.User{ID: "U1", TeamID: "T2"}, grid, false, false},
		"sister team":  {slack.User{ID: "U1", TeamID: "T2", Enterprise: slack.EnterpriseUser{EnterpriseID: "E1"}}, grid, true, true},
		"no team said": {slack.User{ID: "U1"}, alone, true, true},
	} {
		b := &Bot{}
		who := accountOf(&c.user, c.place)
		b.accounts.keep(who, time.Now().Add(time.Hour))
		if err := b.may(t.Context(), who.id); (err == nil) != c.act || err != nil && !incident.IsKind(err, incident.Forbidden) {
			t.Errorf("%s acts: %v", name, err)
		}
		if err := who.mayHold(); (err == nil) != c.hold || err != nil && !incident.IsKind(err, incident.Invalid) {
			t.Errorf("%s holds a role: %v", name, err)
		}
	}
}
