package workspace

// names resolves ids to what people see; it implements blockkit.Names. mu is
// held while it is used.
type names struct{ w *Workspace }

// User is the shown name of a user id, or the id.
func (n names) User(id string) string {
	if u := n.w.userByID(id); u != nil {
		return u.shown()
	}
	return id
}

// Channel is the name of a channel id, or the id.
func (n names) Channel(id string) string {
	for _, c := range n.w.channels {
		if c.id == id {
			return c.name
		}
	}
	return id
}

// Group is the handle of a user group id, or the id.
func (n names) Group(id string) string {
	for _, g := range n.w.groups {
		if g.id == id {
			return g.handle
		}
	}
	return id
}

// title is how people call a conversation.
func (w *Workspace) title(c *channel) string {
	if c.im {
		return "DM with " + names{w}.User(c.members[0])
	}
	return "#" + c.name
}
