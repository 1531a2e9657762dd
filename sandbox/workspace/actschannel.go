package workspace

import (
	"fmt"
	"slices"
)

// ChannelOption changes a channel that AddChannel makes.
type ChannelOption func(*channel)

// Private makes the channel private.
func Private(c *channel) { c.private = true }

// AddChannel makes a channel with these members and returns its id. The first
// member is its creator. Nothing is told: the channel was always there.
func (w *Workspace) AddChannel(name string, members []string, options ...ChannelOption) (string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := checkName(name); err != nil {
		return "", fmt.Errorf("add channel %q: %w", name, err)
	}
	if w.channelByName(name) != nil {
		return "", fmt.Errorf("add channel %q: the name is taken", name)
	}
	var ids []string
	for _, ref := range members {
		u, err := w.findUser(ref)
		if err != nil {
			return "", fmt.Errorf("add channel %q: %w", name, err)
		}
		ids = append(ids, u.ID)
	}
	creator := ""
	if len(ids) > 0 {
		creator = ids[0]
	}
	c := w.addChannel(name, creator)
	c.members = ids
	for _, o := range options {
		o(c)
	}
	return c.id, nil
}

// ChannelID is the id of the channel with this name, or "".
func (w *Workspace) ChannelID(ref string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.findChannel(ref)
	if err != nil {
		return ""
	}
	return c.id
}

// Archive archives a channel.
func (w *Workspace) Archive(who, where string) error {
	return w.act("archive", who, where, func(u *member, c *channel) error {
		if !c.archived {
			w.archive(c, u.ID)
		}
		return nil
	})
}

// Unarchive brings an archived channel back.
func (w *Workspace) Unarchive(who, where string) error {
	return w.act("unarchive", who, where, func(u *member, c *channel) error {
		if c.archived {
			w.unarchive(c, u.ID)
		}
		return nil
	})
}

// Rename gives a channel another name.
func (w *Workspace) Rename(who, where, name string) error {
	return w.act("rename", who, where, func(u *member, c *channel) error {
		if err := checkName(name); err != nil {
			return err
		}
		if other := w.channelByName(name); other != nil && other != c {
			return refuse("name_taken")
		}
		w.rename(c, name, u.ID)
		return nil
	})
}

// DeleteChannel deletes a channel with all that is in it.
func (w *Workspace) DeleteChannel(who, where string) error {
	return w.act("delete a channel", who, where, func(_ *member, c *channel) error {
		w.tell(c, event{"type": c.kind() + "_deleted", "channel": c.id})
		c.deleted = true
		return nil
	})
}

// SetTopic sets the channel's topic.
func (w *Workspace) SetTopic(who, where, topic string) error {
	return w.act("set a topic", who, where, func(u *member, c *channel) error {
		c.topic = note{text: topic, by: u.ID, at: w.now()}
		w.system(c, subtypeOf(c, "topic"), u.ID, "set the channel topic: "+topic, map[string]any{"topic": topic})
		return nil
	})
}

// Join makes a person a member of a channel by their own act.
func (w *Workspace) Join(who, where string) error {
	return w.act("join", who, where, func(u *member, c *channel) error {
		w.join(c, u.ID, "")
		return nil
	})
}

// Invite brings others into a channel; the bot is invited by its @name.
func (w *Workspace) Invite(by, where string, invited ...string) error {
	return w.act("invite", by, where, func(u *member, c *channel) error {
		for _, ref := range invited {
			guest, err := w.findUser(ref)
			if err != nil {
				return err
			}
			w.join(c, guest.ID, u.ID)
		}
		return nil
	})
}

// Leave ends one's own membership.
func (w *Workspace) Leave(who, where string) error {
	return w.act("leave", who, where, func(u *member, c *channel) error {
		w.leave(c, u.ID)
		return nil
	})
}

// Kick removes somebody, perhaps the bot, from a channel.
func (w *Workspace) Kick(by, where, kicked string) error {
	return w.act("kick", by, where, func(_ *member, c *channel) error {
		who, err := w.findUser(kicked)
		if err != nil {
			return err
		}
		w.leave(c, who.ID)
		return nil
	})
}

// Convert makes a channel private, or public again; afterwards the other family
// of events (group_… or channel_…) tells about it. A message in it says so.
func (w *Workspace) Convert(who, where string, private bool) error {
	return w.act("convert a channel", who, where, func(u *member, c *channel) error {
		c.private = private
		if private {
			w.system(c, "channel_convert_to_private", u.ID, "made this channel *private*. Now, it can only be viewed or joined by invitation.", nil)
		} else {
			w.system(c, "channel_convert_to_public", u.ID, "made this channel *public*. Any member in this workspace can see and join it.", nil)
		}
		return nil
	})
}

// MoveChannel gives a channel another id, as moves between organisations do, and
// returns it.
func (w *Workspace) MoveChannel(where string) (id string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.findChannel(where)
	if err != nil {
		return "", fmt.Errorf("move a channel: %w", err)
	}
	old := c.id
	c.id = w.id("C")
	w.tell(c, event{"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": c.id})
	w.touch()
	return c.id, nil
}

// RemoveBookmark takes a bookmark away by its title.
func (w *Workspace) RemoveBookmark(who, where, title string) error {
	return w.act("remove a bookmark", who, where, func(_ *member, c *channel) error {
		at := slices.IndexFunc(c.bookmarks, func(b *bookmark) bool { return b.title == title })
		if at < 0 {
			return fmt.Errorf("no bookmark %q in %s", title, w.title(c))
		}
		c.bookmarks = slices.Delete(c.bookmarks, at, at+1)
		return nil
	})
}
