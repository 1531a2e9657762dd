package workspace

import "strings"

func (w *Workspace) conversationsOpen(c *call) (reply, error) {
	if id := c.get("channel"); id != "" {
		ch, err := w.channelFor(id)
		if err != nil {
			return nil, err
		}
		return reply{"channel": w.channelJSON(ch), "no_op": true, "already_open": true}, nil
	}
	users := strings.FieldsFunc(c.get("users"), func(r rune) bool { return r == ',' || r == ' ' })
	switch {
	case len(users) == 0:
		return nil, refuse("users_list_not_supplied")
	case len(users) > 8:
		return nil, refuse("too_many_users")
	case len(users) > 1:
		// Messages among several people are not part of this workspace.
		return nil, refuse("invalid_user_combination")
	}
	if err := w.scoped([]string{"im:write"}); err != nil {
		return nil, err
	}
	u := w.userByID(users[0])
	switch {
	case u == nil || u.ID == w.botUserID:
		return nil, refuse("user_not_found")
	case u.Deleted:
		return nil, refuse("user_disabled")
	}
	r := reply{}
	if w.im(u.ID) != nil {
		r["no_op"], r["already_open"] = true, true
	}
	ch := w.openIM(u.ID)
	w.touch()
	r["channel"] = map[string]any{"id": ch.id}
	if c.flag("return_im") {
		r["channel"] = w.channelJSON(ch)
	}
	return r, nil
}
