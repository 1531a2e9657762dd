package workspace

import (
	"regexp"
	"slices"
)

// reactionLimit is how many different emoji a message may bear.
const reactionLimit = 50

var emojiName = regexp.MustCompile(`^[a-z0-9_'+-]+(::skin-tone-[2-6])?$`)

func (m *message) reaction(name string) *reaction {
	for _, r := range m.reactions {
		if r.name == name {
			return r
		}
	}
	return nil
}

func (w *Workspace) reactionsAdd(c *call) (reply, error) {
	ch, m, err := w.item(c)
	name := c.get("name")
	switch {
	case err != nil:
		return nil, err
	case !emojiName.MatchString(name):
		return nil, refuse("invalid_name")
	case ch.archived:
		return nil, refuse("is_archived")
	case !ch.has(w.botUserID):
		return nil, refuse("not_in_channel")
	case m.reaction(name) != nil && slices.Contains(m.reaction(name).users, w.botUserID):
		return nil, refuse("already_reacted")
	case m.reaction(name) == nil && len(m.reactions) >= reactionLimit:
		return nil, refuse("too_many_emoji")
	}
	w.react(ch, m, w.botUserID, name)
	return nil, nil
}

// react adds a reaction and tells the app. mu is held.
func (w *Workspace) react(c *channel, m *message, userID, name string) {
	r := m.reaction(name)
	if r == nil {
		r = &reaction{name: name}
		m.reactions = append(m.reactions, r)
	}
	r.users = append(r.users, userID)
	w.tell(c, w.reactionEvent("reaction_added", c, m, userID, name))
	w.touch()
}

// unreact takes a reaction away. mu is held.
func (w *Workspace) unreact(c *channel, m *message, userID, name string) {
	r := m.reaction(name)
	r.users = slices.DeleteFunc(slices.Clone(r.users), func(id string) bool { return id == userID })
	if len(r.users) == 0 {
		m.reactions = slices.DeleteFunc(slices.Clone(m.reactions), func(o *reaction) bool { return o == r })
	}
	w.tell(c, w.reactionEvent("reaction_removed", c, m, userID, name))
	w.touch()
}

func (w *Workspace) reactionEvent(kind string, c *channel, m *message, userID, name string) event {
	e := event{
		"type": kind, "user": userID, "reaction": name,
		"item": map[string]any{"type": "message", "channel": c.id, "ts": m.ts},
	}
	if m.user != "" {
		e["item_user"] = m.user // messages of webhooks have none
	}
	return e
}

func (w *Workspace) reactionsRemove(c *call) (reply, error) {
	ch, m, err := w.item(c)
	if err != nil {
		return nil, err
	}
	r := m.reaction(c.get("name"))
	if r == nil || !slices.Contains(r.users, w.botUserID) {
		return nil, refuse("no_reaction")
	}
	w.unreact(ch, m, w.botUserID, r.name)
	return nil, nil
}

func (w *Workspace) reactionsGet(c *call) (reply, error) {
	ch, m, err := w.item(c)
	if err != nil {
		return nil, err
	}
	j := w.messageJSON(ch, m, false)
	j["permalink"] = w.permalink(ch, m)
	return reply{"type": "message", "channel": ch.id, "message": j}, nil
}
