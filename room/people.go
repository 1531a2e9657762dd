package room

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"muster/incident"
	"muster/reconcile"
)

// deedGroup notes that the configured user group was invited.
const deedGroup = "group"

// people invites whoever belongs in the room and was not invited yet, and once
// the configured user group. Who leaves afterwards is left alone, until they get
// another role.
func (r *Room) people(ctx context.Context, p *reconcile.Pass) error {
	var missing []string
	for _, user := range belong(p.Case) {
		if awaited(p, user) {
			missing = append(missing, user)
		}
	}
	// A group that can't be had keeps nobody else out.
	group, noGroup := r.group(ctx, p)
	absent := slices.DeleteFunc(slices.Clone(missing), func(user string) bool { return typedThere(p, user) })
	everybody := append(absent, slices.DeleteFunc(group, func(user string) bool {
		return user == p.Installation.BotUser || slices.Contains(missing, user) || !p.Deed(invited(user)).DoneAt.IsZero()
	})...)
	note := func(user, reason string) error {
		return p.EndDeed(ctx, r.Store, incident.Deed{Key: invited(user), Value: strconv.FormatInt(lastAsked(p.Case, user), 10), Error: reason})
	}
	if err := r.Channels.Invite(ctx, p, p.Room(incident.RoomMain).ID, everybody, note); err != nil {
		return err
	}
	for _, user := range missing {
		if !awaited(p, user) {
			continue
		}
		if err := note(user, ""); err != nil {
			return err
		}
	}
	if group == nil || noGroup != nil {
		return noGroup
	}
	return p.EndDeed(ctx, r.Store, incident.Deed{Key: deedGroup, Value: r.Group})
}

// invited is the key of the deed that a person was invited, or can't be. Its value
// is lastAsked at that time.
func invited(user string) string { return "invite:" + user }

// awaited reports whether a person is to be invited: for the first time, or because
// they got a role or joined since, and may have left the room meanwhile.
func awaited(p *reconcile.Pass, user string) bool {
	deed := p.Deed(invited(user))
	before, _ := strconv.ParseInt(deed.Value, 10, 64)
	return deed.DoneAt.IsZero() || lastAsked(p.Case, user) > before
}

// typedThere reports whether a person was in the room when they were asked there last, since
// they typed in it. If they have left, they did so afterwards.
func typedThere(p *reconcile.Pass, user string) bool {
	room, asked := p.Room(incident.RoomMain).ID, lastAsked(p.Case, user)
	return room != "" && slices.ContainsFunc(p.Roles, func(a incident.Assignment) bool {
		return a.User == user && a.At.UnixMilli() == asked && a.TypedIn == room
	})
}

// lastAsked is when somebody got the newest of the roles that they hold, or
// joined, in Unix milliseconds; 0 if neither.
func lastAsked(c *incident.Case, user string) (ms int64) {
	for _, a := range c.Roles {
		if a.User == user {
			ms = max(ms, a.At.UnixMilli())
		}
	}
	for _, j := range c.Joins {
		if j.Person == user {
			ms = max(ms, j.At.UnixMilli())
		}
	}
	return ms
}

// group lists the configured user group, if there is one that was not invited. Who
// belongs in a private room is for its members to say.
func (r *Room) group(ctx context.Context, p *reconcile.Pass) ([]string, error) {
	if p.Private || !p.Deed(deedGroup).DoneAt.IsZero() {
		return nil, nil
	}
	id, err := r.groupID(ctx, p)
	if err != nil || id == "" {
		return nil, err
	}
	members, err := r.Slack.GetUserGroupMembersContext(ctx, id)
	if reconcile.Code(err) == "no_such_subteam" {
		return nil, r.noGroup(ctx, p, id, "the user group is gone")
	}
	if err != nil {
		return nil, fmt.Errorf("list the user group: %w", reconcile.Held(err, p.Now()))
	}
	return append([]string{}, members...), nil
}

// groupID finds the group that administrators set, else the environment's. One
// that is gone is noted, and nobody is invited for it.
func (r *Room) groupID(ctx context.Context, p *reconcile.Pass) (string, error) {
	handle := p.Definitions.Settings.Group
	switch handle {
	case "":
		return r.Group, nil
	case incident.NoGroup:
		return "", nil
	}
	groups, err := r.Slack.GetUserGroupsContext(ctx)
	if err != nil {
		return "", fmt.Errorf("list the user groups: %w", reconcile.Held(err, p.Now()))
	}
	for _, g := range groups {
		if strings.EqualFold(g.Handle, handle) {
			return g.ID, nil
		}
	}
	return "", r.noGroup(ctx, p, handle, "there is no user group @"+handle)
}

// noGroup notes why nobody is invited for the group.
func (r *Room) noGroup(ctx context.Context, p *reconcile.Pass, group, why string) error {
	return p.EndDeed(ctx, r.Store, incident.Deed{Key: deedGroup, Value: group, Error: why})
}

// belong lists who must be in the room: the declarer, unless they sit at a
// terminal, and who has a role or joined.
func belong(c *incident.Case) []string {
	var list []string
	if !incident.AtTerminal(c.Declarer) {
		list = append(list, c.Declarer)
	}
	for _, a := range c.Roles {
		list = append(list, a.User)
	}
	for _, j := range c.Joins {
		list = append(list, j.Person)
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(list, func(user string) bool {
		again := seen[user]
		seen[user] = true
		return again
	})
}
