package room

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/slack-go/slack"

	"muster/incident"
	"muster/reconcile"
)

// maxInvite is how many people one call may invite.
const maxInvite = 100

// deedGroup notes that the configured user group was invited.
const deedGroup = "group"

// people invites whoever belongs in the room and was not invited yet, and once
// the configured user group. Who leaves afterwards is left alone.
func (r *Room) people(ctx context.Context, p *reconcile.Pass) error {
	var missing []string
	for _, user := range belong(&p.Incident) {
		if p.Deed("invite:" + user).DoneAt.IsZero() {
			missing = append(missing, user)
		}
	}
	group, err := r.group(ctx, p)
	if err != nil {
		return err
	}
	everybody := append(slices.Clone(missing), slices.DeleteFunc(group, func(user string) bool {
		return user == p.Installation.BotUser || slices.Contains(missing, user)
	})...)
	reasons := map[string]string{}
	for chunk := range slices.Chunk(everybody, maxInvite) {
		if err := r.invite(ctx, p, chunk, reasons); err != nil {
			return err
		}
	}
	for _, user := range missing {
		if err := r.done(ctx, p, incident.Deed{Key: "invite:" + user, Value: user, Error: reasons[user]}); err != nil {
			return err
		}
	}
	if group == nil {
		return nil
	}
	return r.done(ctx, p, incident.Deed{Key: deedGroup, Value: r.Group})
}

// group lists the configured user group, if there is one that was not invited.
func (r *Room) group(ctx context.Context, p *reconcile.Pass) ([]string, error) {
	if r.Group == "" || !p.Deed(deedGroup).DoneAt.IsZero() {
		return nil, nil
	}
	members, err := r.Slack.GetUserGroupMembersContext(ctx, r.Group)
	if err != nil {
		return nil, fmt.Errorf("list the user group: %w", reconcile.Held(err, p.Now()))
	}
	return append([]string{}, members...), nil
}

// belong lists who must be in the room: the declarer, unless they sit at a
// terminal, and who has a role.
func belong(i *incident.Incident) []string {
	var list []string
	if !incident.AtTerminal(i.Declarer) {
		list = append(list, i.Declarer)
	}
	for _, a := range i.Roles {
		if !slices.Contains(list, a.User) {
			list = append(list, a.User)
		}
	}
	return list
}

// invite invites people in one call. One who can't be invited fails the whole
// call, so that the call is repeated without them; reasons says why.
func (r *Room) invite(ctx context.Context, p *reconcile.Pass, users []string, reasons map[string]string) error {
	room := p.Room(incident.RoomMain)
	for len(users) > 0 {
		_, err := r.Slack.InviteUsersToConversationContext(ctx, room.ID, users...)
		if err == nil {
			return nil
		}
		refused := refusals(err, users)
		if len(refused) == 0 {
			return fmt.Errorf("invite: %w", reconcile.Held(err, p.Now()))
		}
		maps.Copy(reasons, refused)
		users = slices.DeleteFunc(users, func(user string) bool { _, out := refused[user]; return out })
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
