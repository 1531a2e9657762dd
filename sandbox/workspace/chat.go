package workspace

import (
	"encoding/json"
	"strings"
)

// metadataLimit stands for a limit that Slack has and does not publish, in bytes.
const metadataLimit = 8 * 1024

// said reads a message out of a call's arguments.
func said(c *call) (content, error) {
	post := content{
		Text: c.get("text"), Blocks: json.RawMessage(c.get("blocks")),
		Attachments: json.RawMessage(c.get("attachments")), Metadata: json.RawMessage(c.get("metadata")),
		ThreadTS: c.get("thread_ts"),
	}
	if len(post.Blocks) > 0 && !json.Valid(post.Blocks) {
		return post, refuse("invalid_blocks_format")
	}
	if text := c.get("markdown_text"); text != "" {
		if post.Text != "" || !blank(post.Blocks) {
			return post, refuse("markdown_text_conflict")
		}
		post.Text = text
	}
	return post, checkMetadata(post.Metadata)
}

func checkMetadata(raw json.RawMessage) error {
	if len(raw) == 0 {
		return nil
	}
	var m struct {
		Type    string         `json:"event_type"`
		Payload map[string]any `json:"event_payload"`
	}
	switch {
	case json.Unmarshal(raw, &m) != nil:
		return refuse("invalid_metadata_format")
	case len(raw) > metadataLimit:
		return refuse("metadata_too_large")
	case strings.TrimSpace(string(raw)) != "{}" && (m.Type == "" || m.Payload == nil):
		return refuse("invalid_metadata_schema")
	}
	return nil
}

// audience finds where a message goes: a channel by id or name, or a person's
// direct messages by user id.
func (w *Workspace) audience(ref string) (*channel, error) {
	if u := w.userByID(ref); u != nil {
		if u.Deleted || u.Bot {
			return nil, refuse("channel_not_found")
		}
		if err := w.scoped([]string{"im:write", "chat:write"}); err != nil {
			return nil, err
		}
		return w.openIM(u.ID), nil
	}
	c := w.channelByID(ref)
	if c == nil && ref != "" {
		c = w.channelByName(strings.TrimPrefix(ref, "#"))
	}
	if c == nil || c.private && !c.has(w.botUserID) {
		return nil, refuse("channel_not_found")
	}
	return c, nil
}

// speakable refuses where the bot may not post.
func (w *Workspace) speakable(c *channel) error {
	switch {
	case c.archived:
		return refuse("is_archived")
	case c.im && !w.manifest.Messages:
		return refuse("messages_tab_disabled")
	case !c.has(w.botUserID) && !w.manifest.grants("chat:write.public"):
		return refuse("not_in_channel")
	}
	return nil
}

// speech is what a call says, and where, unless it may not be said there.
func (w *Workspace) speech(c *call, find func(ref string) (*channel, error)) (content, *channel, error) {
	post, err := said(c)
	if err != nil {
		return post, nil, err
	}
	ch, err := find(c.get("channel"))
	if err == nil {
		err = w.speakable(ch)
	}
	if err == nil {
		err = post.refusal()
	}
	return post, ch, err
}

func (w *Workspace) chatPostMessage(c *call) (reply, error) {
	post, ch, err := w.speech(c, w.audience)
	if err != nil {
		return nil, err
	}
	if err := threadable(ch, &post); err != nil {
		return nil, err
	}
	m := w.ownMessage(post)
	if m.broadcast = post.ThreadTS != "" && c.flag("reply_broadcast"); m.broadcast {
		m.subtype = "thread_broadcast"
	}
	if strings.TrimSpace(string(m.metadata)) == "{}" {
		m.metadata = nil
	}
	w.customize(c, m)
	w.append(ch, m)
	return reply{"channel": ch.id, "ts": m.ts, "message": w.messageJSON(ch, m, true)}, nil
}

// customize gives the message another author's name, where the scope allows it.
func (w *Workspace) customize(c *call, m *message) {
	if name := c.get("username"); name != "" && w.manifest.grants("chat:write.customize") {
		m.username, m.subtype = name, "bot_message"
	}
}

// threadable refuses a thread that does not exist. A reply to a reply belongs to
// the thread's parent.
func threadable(c *channel, post *content) error {
	if post.ThreadTS == "" {
		return nil
	}
	parent := c.message(post.ThreadTS)
	switch {
	case parent == nil:
		return refuse("thread_not_found")
	case strings.HasSuffix(parent.subtype, "_join") || strings.HasSuffix(parent.subtype, "_topic"):
		return refuse("cannot_reply_to_message")
	case parent.threadTS != "":
		post.ThreadTS = parent.threadTS
	}
	return nil
}

func (w *Workspace) chatPostEphemeral(c *call) (reply, error) {
	post, ch, err := w.speech(c, w.channelFor)
	if err != nil {
		return nil, err
	}
	if !ch.has(c.get("user")) {
		return nil, refuse("user_not_in_channel")
	}
	s := w.whisper(ch, c.get("user"), "ephemeral", w.ownMessage(post))
	return reply{"message_ts": s.ts}, nil
}

func (w *Workspace) chatGetPermalink(c *call) (reply, error) {
	ch, err := w.channelFor(c.get("channel"))
	if err != nil {
		return nil, err
	}
	m := ch.message(c.get("message_ts"))
	if m == nil {
		return nil, refuse("message_not_found")
	}
	return reply{"channel": ch.id, "permalink": w.permalink(ch, m)}, nil
}

func (w *Workspace) permalink(c *channel, m *message) string {
	link := w.URL() + "archives/" + c.id + "/p" + strings.ReplaceAll(m.ts, ".", "")
	if m.threadTS != "" && m.threadTS != m.ts {
		link += "?thread_ts=" + m.threadTS + "&cid=" + c.id
	}
	return link
}
