package workspace

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"muster/sandbox/blockkit"
)

// Message is a message as people see it.
type Message struct {
	TS, ThreadTS string // ThreadTS is the parent's ts, in replies only
	Channel      string // name, or "@name" for messages with the bot
	ChannelID    string
	User         string // author's id; "" for webhooks
	Author       string // author's shown name
	App          bool   // an app or a webhook wrote it
	Subtype      string
	Text         string // as it was sent
	Shown        string // what is read: the blocks, or else the text; then attachments
	Blocks       json.RawMessage
	Attachments  json.RawMessage
	Metadata     json.RawMessage
	// Reactions are shown names by emoji.
	Reactions map[string][]string
	Files     []string // file names
	FileIDs   []string // ids for Workspace.File, in the same order
	Pinned    bool
	Broadcast bool // a reply that is shown in the channel too
	Edited    bool
	// OnlyFor is the id of the one person who sees it, "" for messages to all.
	OnlyFor string
	// Via says how a message to one person came: "ephemeral", "command" (the ack
	// of a command) or "response_url".
	Via string
}

// Messages lists a channel's messages by time, thread replies among them.
func (w *Workspace) Messages(where string) []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.findChannel(where)
	if err != nil {
		return nil
	}
	var list []Message
	for _, m := range c.messages {
		list = append(list, w.seen(c, m))
	}
	return list
}

// VisibleTo lists what one person sees in a channel by time: the messages, and
// those for them alone. It is nil where they cannot look.
func (w *Workspace) VisibleTo(who, where string) []Message {
	list := w.Messages(where)
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.findUser(who)
	if err != nil {
		return nil
	}
	c, err := w.findChannel(where)
	if err != nil || c.private && !c.has(u.ID) {
		return nil
	}
	for _, s := range w.whispers {
		if s.to == u.ID && s.channel == c.id {
			list = append(list, w.heard(c, s))
		}
	}
	slices.SortStableFunc(list, func(a, b Message) int { return cmp.Compare(micros(a.TS), micros(b.TS)) })
	return list
}

// Whispers lists everything that one person alone was told, in any channel, by time.
func (w *Workspace) Whispers(who string) []Message {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.findUser(who)
	if err != nil {
		return nil
	}
	var list []Message
	for _, s := range w.whispers {
		if c := w.channelByID(s.channel); c != nil && s.to == u.ID {
			list = append(list, w.heard(c, s))
		}
	}
	return list
}

func (w *Workspace) heard(c *channel, s *whisper) Message {
	m := w.seen(c, &s.message)
	m.OnlyFor, m.Via = s.to, s.via
	return m
}

// seen is the message for people. mu is held.
func (w *Workspace) seen(c *channel, m *message, options ...blockkit.Option) Message {
	s := Message{
		TS: m.ts, ChannelID: c.id, Channel: c.name, User: m.user, Author: w.author(m), Subtype: m.subtype, App: m.botID != "",
		Text: m.text, Shown: w.shown(m, options...), Blocks: m.blocks, Attachments: m.attachments, Metadata: m.metadata,
		Pinned: m.pinnedAt != 0, Broadcast: m.broadcast, Edited: m.editedAt != "",
	}
	if c.im {
		s.Channel = "@" + w.userByID(c.members[0]).Name
	}
	if m.threadTS != m.ts {
		s.ThreadTS = m.threadTS
	}
	for _, id := range m.files {
		s.Files, s.FileIDs = append(s.Files, w.files[id].name), append(s.FileIDs, id)
	}
	for _, r := range m.reactions {
		if s.Reactions == nil {
			s.Reactions = map[string][]string{}
		}
		for _, id := range r.users {
			s.Reactions[r.name] = append(s.Reactions[r.name], names{w}.User(id))
		}
	}
	return s
}

func (w *Workspace) author(m *message) string {
	switch {
	case m.username != "":
		return m.username
	case m.user != "":
		return names{w}.User(m.user)
	}
	return m.botID
}

// shown draws what people read of a message.
func (w *Workspace) shown(m *message, options ...blockkit.Option) string {
	text := blockkit.Text(m.blocks, names{w}, options...)
	if text == "" || m.botID == "" {
		text = blockkit.Mrkdwn(m.text, names{w}, options...)
	}
	lines := []string{}
	if text != "" {
		lines = append(lines, text)
	}
	var attachments []struct {
		Pretext, Title, Text, Fallback string
		Fields                         []struct{ Title, Value string }
		Blocks                         json.RawMessage
	}
	_ = json.Unmarshal(m.attachments, &attachments)
	for _, a := range attachments {
		parts := []string{a.Pretext, a.Title, a.Text, blockkit.Text(a.Blocks, names{w}, options...)}
		for _, f := range a.Fields {
			parts = append(parts, f.Title+": "+f.Value)
		}
		inside := strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n")
		if inside == "" {
			inside = a.Fallback
		}
		lines = append(lines, "| "+strings.ReplaceAll(inside, "\n", "\n| "))
	}
	for _, id := range m.files {
		lines = append(lines, "[file "+w.files[id].name+"]")
	}
	return strings.Join(lines, "\n")
}
