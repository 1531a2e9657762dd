package workspace

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// updateLimit is the longest text that chat.update takes, in characters.
const updateLimit = 4000

func (w *Workspace) chatUpdate(c *call) (reply, error) {
	post, err := said(c)
	if err != nil {
		return nil, err
	}
	ch, m, err := w.ownedBy(c, "cant_update_message")
	if err != nil {
		return nil, err
	}
	switch {
	case ch.archived:
		return nil, refuse("is_inactive")
	case utf8.RuneCountInString(post.Text) > updateLimit:
		return nil, refuse("msg_too_long")
	}
	if err := post.refusal(); err != nil {
		return nil, err
	}
	if c.flag("reply_broadcast") && m.threadTS == "" {
		return nil, refuse("cant_broadcast_message")
	}
	w.edit(ch, m, w.botUserID, func() {
		w.fillChanged(c, m, post)
		if c.flag("reply_broadcast") {
			m.broadcast, m.subtype = true, "thread_broadcast"
		}
	})
	return reply{"channel": ch.id, "ts": m.ts, "text": m.text, "message": w.messageJSON(ch, m, true)}, nil
}

// fillChanged replaces the content. Metadata stays when it is omitted and goes
// when it is {}; attachments stay when omitted.
func (w *Workspace) fillChanged(c *call, m *message, post content) {
	attachments := m.attachments
	w.fill(m, post)
	if !c.form.Has("attachments") {
		m.attachments = attachments
	}
	switch strings.TrimSpace(string(post.Metadata)) {
	case "":
	case "{}":
		m.metadata = nil
	default:
		m.metadata = post.Metadata
	}
}

// ownedBy finds the message of a call, which must be the bot's own.
func (w *Workspace) ownedBy(c *call, code string) (*channel, *message, error) {
	ch, err := w.channelFor(c.get("channel"))
	if err != nil {
		return nil, nil, err
	}
	if c.get("ts") == "" {
		return nil, nil, missing("ts")
	}
	m := ch.message(c.get("ts"))
	switch {
	case m == nil:
		return nil, nil, refuse("message_not_found")
	case m.botID != w.botID:
		return nil, nil, refuse(code)
	}
	return ch, m, nil
}

// edit changes a message and tells the app. mu is held.
func (w *Workspace) edit(c *channel, m *message, by string, change func()) {
	previous := w.messageJSON(c, m, true)
	change()
	m.editedBy, m.editedAt = by, w.ts()
	w.tell(c, event{
		"type": "message", "subtype": "message_changed", "hidden": true, "channel": c.id, "channel_type": c.kind(),
		"message": w.messageJSON(c, m, true), "previous_message": previous, "ts": m.editedAt, "event_ts": m.editedAt,
	})
	w.touch()
}

// erase deletes a message and tells the app. mu is held.
func (w *Workspace) erase(c *channel, m *message) {
	previous := w.messageJSON(c, m, true)
	c.messages = slices.DeleteFunc(slices.Clone(c.messages), func(o *message) bool { return o == m })
	at := w.ts()
	w.tell(c, event{
		"type": "message", "subtype": "message_deleted", "hidden": true, "channel": c.id, "channel_type": c.kind(),
		"previous_message": previous, "deleted_ts": m.ts, "ts": at, "event_ts": at,
	})
	w.touch()
}

// bury deletes a message that has replies: a stone stays in its place, under which they
// can be read. mu is held.
func (w *Workspace) bury(c *channel, m *message) {
	w.edit(c, m, "USLACKBOT", func() {
		*m = message{
			ts: m.ts, threadTS: m.threadTS, visibleAt: m.visibleAt,
			user: "USLACKBOT", subtype: "tombstone", text: "This message was deleted.",
		}
	})
}

func (w *Workspace) chatDelete(c *call) (reply, error) {
	ch, m, err := w.ownedBy(c, "cant_delete_message")
	if err != nil {
		return nil, err
	}
	w.erase(ch, m)
	return reply{"channel": ch.id, "ts": m.ts}, nil
}
