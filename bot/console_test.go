package bot

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/slack-go/slack"

	"muster/incident"
)

// directory is a Slack that knows people, or is silent.
type directory struct {
	Slack
	user   slack.User
	silent bool
}

func (d *directory) GetUserInfoContext(context.Context, string, ...slack.GetUserInfoOption) (*slack.User, error) {
	if d.silent {
		return nil, errors.New("no route to host")
	}
	return &d.user, nil
}

func TestTheConsoleIsForColleaguesAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		user   slack.User
		inside bool
	}{
		"colleague":   {slack.User{ID: "U1", TeamID: "T1"}, true},
		"bot":         {slack.User{ID: "U1", TeamID: "T1", IsBot: true}, false},
		"deactivated": {slack.User{ID: "U1", TeamID: "T1", Deleted: true}, false},
		"guest":       {slack.User{ID: "U1", TeamID: "T1", IsRestricted: true}, false},
		"stranger":    {slack.User{ID: "U1", TeamID: "T2"}, false},
	} {
		d := &directory{user: c.user}
		b := &Bot{Slack: d, Place: incident.Installation{Team: "T1"}, Log: zerolog.Nop()}
		for _, d.silent = range []bool{false, true} {
			// What was known is too old to be used without asking.
			b.accounts.keep(b.askAccount(t.Context(), "U1"), time.Now().Add(-time.Hour))
			if err := b.Inside(t.Context(), "U1"); (err == nil) != c.inside || err != nil && !incident.IsKind(err, incident.Forbidden) {
				t.Errorf("%s, Slack silent %v: %v", name, d.silent, err)
			}
		}
	}
}

func TestNobodyAdministersWhileSlackIsSilent(t *testing.T) {
	t.Parallel()
	d := &directory{user: slack.User{ID: "U1", TeamID: "T1", IsAdmin: true, Name: "ana"}}
	b := &Bot{Slack: d, Place: incident.Installation{Team: "T1"}, Log: zerolog.Nop()}
	if err := b.Administers(t.Context(), "U1"); err != nil {
		t.Fatal(err)
	}
	d.silent = true
	if err := b.Administers(t.Context(), "U1"); !incident.IsKind(err, incident.Forbidden) {
		t.Errorf("%v", err)
	}
}
