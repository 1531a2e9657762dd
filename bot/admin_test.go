package bot

import (
	"context"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// colleague is a Slack that knows everybody as a member of the workspace.
type colleague struct{ Slack }

func (colleague) GetUserInfoContext(_ context.Context, id string, _ ...slack.GetUserInfoOption) (*slack.User, error) {
	return &slack.User{ID: id, TeamID: "T1"}, nil
}

// Payloads that a person's client was never offered change nothing: the Desk of
// this bot would panic.
func TestForgedPayloadsChangeNoSettings(t *testing.T) {
	t.Parallel()
	b := &Bot{Slack: colleague{}, Place: incident.Installation{Team: "T1"}}
	var in slack.InteractionCallback
	in.User.ID = "UEVE"
	for _, act := range []block.Action{block.ActSetting, block.ActStock, block.ActAddRole, block.ActRetire} {
		err := b.click(t.Context(), in, &slack.BlockAction{ActionID: string(act), Value: "role.lead"}, func(any) {})
		if !incident.IsKind(err, incident.Forbidden) {
			t.Errorf("%s: %v", act, err)
		}
	}
	in.View.PrivateMetadata = `{"section":"general","shown":{}}`
	in.View.State = &slack.ViewState{Values: map[string]map[string]slack.BlockAction{"guests": {"guests": {Value: "yes"}}}}
	for name, send := range map[string]func(context.Context, slack.InteractionCallback) *slack.ViewSubmissionResponse{
		"setting": b.settingSaved, "role": b.roleAdded,
	} {
		if response := send(t.Context(), in); response == nil || len(response.Errors) != 1 {
			t.Errorf("%s: %+v", name, response)
		}
	}
}

func TestWhoAdministers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		user slack.User
		may  bool
	}{
		"member": {slack.User{ID: "U1"}, false}, "admin": {slack.User{ID: "U1", IsAdmin: true}, true},
		"owner": {slack.User{ID: "U1", IsOwner: true}, true}, "first owner": {slack.User{ID: "U1", IsPrimaryOwner: true}, true},
		"gone": {slack.User{ID: "U1", IsAdmin: true, Deleted: true}, false}, "named": {slack.User{ID: "UNAMED"}, true},
		"named guest":     {slack.User{ID: "UNAMED", IsRestricted: true}, false},
		"another's admin": {slack.User{ID: "U1", IsAdmin: true, TeamID: "T2"}, false},
	} {
		b := &Bot{Slack: someone{user: c.user}, Admins: []string{"UNAMED"}, Place: incident.Installation{Team: "T1"}}
		if err := b.Administers(t.Context(), c.user.ID); (err == nil) != c.may {
			t.Errorf("%s: %v", name, err)
		}
	}
	b := &Bot{Slack: silent{}}
	b.accounts.keep(account{id: "U1", admin: true}, time.Now().Add(time.Hour))
	if err := b.Administers(t.Context(), "U1"); !incident.IsKind(err, incident.Forbidden) {
		t.Errorf("Slack is silent: %v", err)
	}
}

type someone struct {
	Slack
	user slack.User
}

func (s someone) GetUserInfoContext(context.Context, string, ...slack.GetUserInfoOption) (*slack.User, error) {
	return &s.user, nil
}

type silent struct{ Slack }

func (silent) GetUserInfoContext(ctx context.Context, _ string, _ ...slack.GetUserInfoOption) (*slack.User, error) {
	return nil, context.DeadlineExceeded
}
