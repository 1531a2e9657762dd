package workspace

import "slices"

// pinLimit is how many messages a channel may pin; Slack's number is not published.
const pinLimit = 100

// item finds the message that pins and reactions methods mean.
func (w *Workspace) item(c *call) (*channel, *message, error) {
	ch, err := w.channelFor(c.get("channel"))
	if err != nil {
		return nil, nil, err
	}
	ts := c.get("timestamp")
	if ts == "" {
		return nil, nil, refuse("no_item_specified")
	}
	if !timestamp.MatchString(ts) {
		return nil, nil, refuse("bad_timestamp")
	}
	m := ch.message(ts)
	if m == nil {
		return nil, nil, refuse("message_not_found")
	}
	return ch, m, nil
}

func (w *Workspace) pinsAdd(c *call) (reply, error) {
	ch, m, err := w.item(c)
	switch {
	case err != nil:
		return nil, err
	case !ch.has(w.botUserID):
		return nil, refuse("not_in_channel")
	case ch.archived:
		return nil, refuse("restricted_action")
	case m.pinnedAt != 0:
		return nil, refuse("already_pinned")
	case ch.pins() >= pinLimit:
		return nil, refuse("too_many_pins")
	case slices.Contains([]string{"pinned_item", "channel_join", "group_join"}, m.subtype):
		return nil, refuse("not_pinnable")
	}
	w.pin(ch, m, w.botUserID)
	return nil, nil
}

// pin pins a message; Slack says so in the channel. mu is held.
func (w *Workspace) pin(c *channel, m *message, by string) {
	m.pinnedBy, m.pinnedAt = by, w.now()
	item := w.pinJSON(c, m)
	w.system(c, "pinned_item", by, "pinned a message to this channel.", map[string]any{"item_type": "C", "item": item})
	w.tell(c, event{
		"type": "pin_added", "user": by, "channel_id": c.id, "item": item, "item_user": m.user, "pin_count": c.pins(),
		"pinned_info": map[string]any{"channel": c.id, "pinned_by": by, "pinned_ts": m.pinnedAt},
	})
	w.touch()
}

// unpin takes a pin away. mu is held.
func (w *Workspace) unpin(c *channel, m *message, by string) {
	item := w.pinJSON(c, m)
	m.pinnedBy, m.pinnedAt = "", 0
	w.tell(c, event{
		"type": "pin_removed", "user": by, "channel_id": c.id, "item": item, "item_user": m.user,
		"pin_count": c.pins(), "has_pins": c.pins() > 0,
	})
	w.touch()
}

func (w *Workspace) pinJSON(c *channel, m *message) map[string]any {
	j := w.messageJSON(c, m, false)
	j["permalink"] = w.permalink(c, m)
	return map[string]any{
		"type": "message", "channel": c.id, "created": m.pinnedAt, "created_by": m.pinnedBy, "message": j,
	}
}

func (w *Workspace) pinsRemove(c *call) (reply, error) {
	ch, m, err := w.item(c)
	switch {
	case err != nil:
		return nil, err
	case m.pinnedAt == 0:
		return nil, refuse("no_pin")
	}
	w.unpin(ch, m, w.botUserID)
	return nil, nil
}

func (w *Workspace) pinsList(c *call) (reply, error) {
	ch, err := w.channelFor(c.get("channel"))
	if err != nil {
		return nil, err
	}
	items := []any{}
	for _, m := range ch.messages {
		if m.pinnedAt != 0 {
			items = append(items, w.pinJSON(ch, m))
		}
	}
	return reply{"items": items}, nil
}
