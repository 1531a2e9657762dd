package room

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"muster/incident"
	"muster/reconcile"
)

// maxInvite is how many people one call may invite.
const maxInvite = 100

// people invites whoever belongs in the room and was not invited yet. Who
// leaves afterwards is left alone.
func (r *Room) people(ctx context.Context, p *reconcile.Pass) error {
	var missing []string
	for _, user := range belong(&p.Incident) {
		if p.Deed("invite:" + user).DoneAt.IsZero() {
			missing = append(missing, user)
		}
	}
	for chunk := range slices.Chunk(missing, maxInvite) {
		if err := r.invite(ctx, p, chunk); err != nil {
			return err
		}
	}
	return nil
}

// belong lists who must be in the room: the declarer and who has a role.
func belong(i *incident.Incident) []string {
	list := []string{i.Declarer}
	for _, a := range i.Roles {
		if !slices.Contains(list, a.User) {
			list = append(list, a.User)
		}
	}
	return list
}

// invite invites people in one call. One who can't be invited fails the whole
// call, so that the call is repeated without them; why is kept on record.
func (r *Room) invite(ctx context.Context, p *reconcile.Pass, users []string) error {
	room := p.Room(incident.RoomMain)
	for len(users) > 0 {
		_, err := r.Slack.InviteUsersToConversationContext(ctx, room.ID, users...)
		if err == nil || reconcile.Code(err) == "already_in_channel" && len(users) == 1 {
			return r.invited(ctx, p, users, "")
		}
		reasons := refusals(err, users)
		if len(reasons) == 0 {
			return fmt.Errorf("invite: %w", reconcile.Held(err, p.Now()))
		}
		for user, reason := range reasons {
			if err := r.invited(ctx, p, []string{user}, reason); err != nil {
				return err
			}
		}
		users = slices.DeleteFunc(users, func(user string) bool { _, out := reasons[user]; return out })
	}
	return nil
}

func (r *Room) invited(ctx context.Context, p *reconcile.Pass, users []string, reason string) error {
	for _, user := range users {
		if err := r.done(ctx, p, incident.Deed{Key: "invite:" + user, Value: user, Error: reason}); err != nil {
			return err
		}
	}
	return nil
}

// uninvitable are the codes that say that a person can't be in the channel;
// docs.slack.dev, conversations.invite.
var uninvitable = map[string]string{
	"already_in_channel":       "",
	"cant_invite_self":         "",
	"user_not_found":           "Slack does not know this person",
	"user_disabled":            "this person's account is deactivated",
	"cant_invite":              "this person can't be invited",
	"user_is_restricted":       "guests can't be invited by the app",
	"ura_max_channels":         "this guest is in another channel already",
	"org_user_not_in_team":     "this person is not in the workspace",
	"invitee_cant_see_channel": "this person can't see the channel",
}

// refusals says of whom Slack said what, as far as it concerns single people.
func refusals(err error, users []string) map[string]string {
	refusal, ok := errors.AsType[slack.SlackErrorResponse](err)
	if !ok {
		return nil
	}
	reasons := map[string]string{}
	for _, detail := range refusal.Errors {
		if each := detail.ConversationsInviteResponseError; each != nil && slices.Contains(users, each.User) {
			if reason, known := uninvitable[each.Error]; known {
				reasons[each.User] = reason
			}
		}
	}
	if reason, known := uninvitable[refusal.Err]; known && len(reasons) == 0 && len(users) == 1 {
		reasons[users[0]] = reason
	}
	return reasons
}
