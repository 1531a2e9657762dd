package channel

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/slack-go/slack"

	"muster/reconcile"
)

// maxInvite is how many people one call may invite.
const maxInvite = 100

// Refused notes that Slack will not invite a person, and why; the reason is empty
// if the person is in the channel already.
type Refused func(user, reason string) error

// Invite invites people. Who can't be invited is left out and noted at once: the
// call without them may have to wait for Slack's limit, and the next pass must not
// spend its turn on the same refusal.
func (m *Maker) Invite(ctx context.Context, p *reconcile.Pass, channel string, users []string, note Refused) error {
	for chunk := range slices.Chunk(users, maxInvite) {
		if err := m.invite(ctx, p, channel, chunk, note); err != nil {
			return err
		}
	}
	return nil
}

// invite invites people in one call. One who can't be invited fails the whole
// call, so that the call is repeated without them. Where Slack does not say who it
// is, the halves are tried.
func (m *Maker) invite(ctx context.Context, p *reconcile.Pass, channel string, users []string, note Refused) error {
	for len(users) > 0 {
		_, err := m.Slack.InviteUsersToConversationContext(ctx, channel, users...)
		if err == nil {
			return nil
		}
		refused := refusals(err, users)
		if _, somebody := uninvitable[reconcile.Code(err)]; somebody && len(refused) == 0 && len(users) > 1 {
			half := len(users) / 2
			if err := m.invite(ctx, p, channel, slices.Clone(users[:half]), note); err != nil {
				return err
			}
			users = users[half:]
			continue
		}
		if len(refused) == 0 {
			return fmt.Errorf("invite: %w", reconcile.Held(err, p.Now()))
		}
		for user, reason := range refused {
			if err := note(user, reason); err != nil {
				return err
			}
		}
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
			reason, known := uninvitable[each.Error]
			if !known {
				reason = "Slack says " + each.Error
			}
			reasons[each.User] = reason
		}
	}
	if reason, known := uninvitable[refusal.Err]; known && len(reasons) == 0 && len(users) == 1 {
		reasons[users[0]] = reason
	}
	return reasons
}
