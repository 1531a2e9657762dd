package workspace

import (
	"slices"
	"strings"
)

// join makes a person a member; inviter is "" for those who come by themselves.
// mu is held.
func (w *Workspace) join(c *channel, userID, inviter string) {
	if c.has(userID) {
		return
	}
	c.members = append(c.members, userID)
	extra := map[string]any{}
	e := event{"type": "member_joined_channel", "user": userID, "channel": c.id, "channel_type": letter(c), "team": w.teamID}
	if inviter != "" {
		extra["inviter"], e["inviter"] = inviter, inviter
	}
	w.system(c, subtypeOf(c, "join"), userID, "<@"+userID+"> has joined the channel", extra)
	w.tell(c, e)
	w.touch()
}

func letter(c *channel) string {
	if c.private {
		return "G"
	}
	return "C"
}

// leave ends a membership. The bot hears of its own end too. mu is held.
func (w *Workspace) leave(c *channel, userID string) {
	if !c.has(userID) {
		return
	}
	e := event{"type": "member_left_channel", "user": userID, "channel": c.id, "channel_type": letter(c), "team": w.teamID}
	w.system(c, subtypeOf(c, "leave"), userID, "<@"+userID+"> has left the channel", nil)
	w.tell(c, e)
	if userID == w.botUserID {
		w.tell(c, event{"type": c.kind() + "_left", "channel": c.id, "actor_id": userID})
	}
	c.remove(userID)
	w.touch()
}

func (w *Workspace) conversationsJoin(c *call) (reply, error) {
	ch, err := w.channelFor(c.get("channel"))
	switch {
	case err != nil:
		return nil, err
	case ch.private:
		return nil, refuse("method_not_supported_for_channel_type")
	case ch.archived:
		return nil, refuse("is_archived")
	}
	r := reply{}
	if ch.has(w.botUserID) {
		r["warning"] = "already_in_channel"
		r["response_metadata"] = map[string]any{"warnings": []string{"already_in_channel"}}
	}
	w.join(ch, w.botUserID, "")
	r["channel"] = w.channelJSON(ch)
	return r, nil
}

func (w *Workspace) conversationsLeave(c *call) (reply, error) {
	ch, err := w.channelProper(c)
	switch {
	case err != nil:
		return nil, err
	case ch.archived:
		return nil, refuse("is_archived")
	case !ch.has(w.botUserID):
		return reply{"not_in_channel": true}, nil
	case ch.name == "general":
		return nil, refuse("cant_leave_general")
	case ch.private && len(ch.members) == 1:
		return nil, refuse("last_member")
	}
	if err := w.may(ch, "write"); err != nil {
		return nil, err
	}
	w.leave(ch, w.botUserID)
	return nil, nil
}

func (w *Workspace) conversationsInvite(c *call) (reply, error) {
	ch, err := w.channelToChange(c, "write.invites")
	if err != nil {
		return nil, err
	}
	ids := strings.FieldsFunc(c.get("users"), func(r rune) bool { return r == ',' || r == ' ' })
	if len(ids) == 0 {
		return nil, refuse("no_user")
	}
	if len(ids) > 100 {
		return nil, refuse("invalid_arguments", "[ERROR] too many users")
	}
	var good []string
	var bad []map[string]any
	for _, id := range ids {
		if code := w.uninvitable(ch, id); code != "" {
			bad = append(bad, map[string]any{"user": id, "ok": false, "error": code})
		} else if !slices.Contains(good, id) {
			good = append(good, id)
		}
	}
	// One bad id fails the whole call, unless force takes the good ones.
	if len(bad) > 0 && !(c.flag("force") && len(good) > 0) {
		return nil, &slackError{code: bad[0]["error"].(string), extra: map[string]any{"errors": bad}}
	}
	for _, id := range good {
		w.join(ch, id, w.botUserID)
	}
	r := reply{"channel": w.channelJSON(ch)}
	if len(bad) > 0 {
		r["errors"] = bad
	}
	return r, nil
}

// uninvitable is why a person cannot be invited, as Slack's code, or "".
func (w *Workspace) uninvitable(ch *channel, id string) string {
	u := w.userByID(id)
	switch {
	case u == nil:
		return "user_not_found"
	case id == w.botUserID:
		return "cant_invite_self"
	case ch.has(id):
		return "already_in_channel"
	case u.Deleted:
		return "cant_invite"
	case u.TeamID != w.teamID:
		return "org_user_not_in_team"
	case u.UltraRestricted && w.memberOfAny(id):
		return "ura_max_channels"
	}
	return ""
}

func (w *Workspace) memberOfAny(id string) bool {
	for _, c := range w.channels {
		if !c.im && !c.deleted && c.has(id) {
			return true
		}
	}
	return false
}

func (w *Workspace) conversationsKick(c *call) (reply, error) {
	ch, err := w.channelToChange(c)
	if err != nil {
		return nil, err
	}
	id := c.get("user")
	switch {
	case id == w.botUserID:
		return nil, refuse("cant_kick_self")
	case w.userByID(id) == nil:
		return nil, refuse("user_not_found")
	case !ch.has(id):
		return nil, refuse("not_in_channel")
	case ch.name == "general":
		return nil, refuse("cant_kick_from_general")
	}
	w.leave(ch, id)
	return reply{"errors": map[string]any{}}, nil
}

func (w *Workspace) conversationsMembers(c *call) (reply, error) {
	ch, err := w.channelFor(c.get("channel"))
	if err != nil {
		return nil, err
	}
	if err := w.may(ch, "read"); err != nil {
		return nil, err
	}
	members, next, err := paged(w, c, ch.members)
	if err != nil {
		return nil, err
	}
	return reply{
		"members":           append([]string{}, members...),
		"response_metadata": map[string]any{"next_cursor": next},
	}, nil
}
