package workspace

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"muster/sandbox/blockkit"
)

// textLimit is where Slack cuts the text of a message, in characters.
const textLimit = 40000

// content is what a message says, as apps send it.
type content struct {
	Text        string          `json:"text"`
	Blocks      json.RawMessage `json:"blocks"`
	Attachments json.RawMessage `json:"attachments"`
	Metadata    json.RawMessage `json:"metadata"`
	ThreadTS    string          `json:"thread_ts"`
}

func (c content) empty() bool {
	return strings.TrimSpace(c.Text) == "" && blank(c.Blocks) && blank(c.Attachments)
}

func blank(raw json.RawMessage) bool {
	s := strings.TrimSpace(string(raw))
	return s == "" || s == "null" || s == "[]"
}

// problems are Slack's objections to the message.
func (c content) problems() []blockkit.Problem {
	return blockkit.CheckMessage(c.Text, c.Blocks, c.Attachments)
}

// refusal turns the first objection into Slack's error.
func (c content) refusal() error {
	if c.empty() {
		return refuse("no_text")
	}
	return refusal(c.problems())
}

func refusal(problems []blockkit.Problem) error {
	if len(problems) == 0 {
		return nil
	}
	var messages []string
	for _, p := range problems {
		messages = append(messages, p.Message)
	}
	return refuse(problems[0].Code, messages...)
}

// ownMessage is a message of the app's bot. mu is held.
func (w *Workspace) ownMessage(c content) *message {
	m := &message{user: w.botUserID, botID: w.botID, appID: w.appID, metadata: c.Metadata, threadTS: c.ThreadTS}
	w.fill(m, c)
	return m
}

// fill puts content into a message.
func (w *Workspace) fill(m *message, c content) {
	m.text = c.Text
	if utf8.RuneCountInString(m.text) > textLimit {
		m.text = string([]rune(m.text)[:textLimit])
	}
	m.blocks, m.attachments = nil, nil
	if !blank(c.Blocks) {
		m.blocks = w.fillIDs(c.Blocks)
	}
	if !blank(c.Attachments) {
		m.attachments = c.Attachments
	}
}

// append puts a new message into a channel and tells the app. mu is held.
func (w *Workspace) append(c *channel, m *message) {
	m.ts = w.ts()
	m.visibleAt = time.Now().Add(w.cfg.HistoryLag)
	c.messages = append(c.messages, m)
	w.messageEvent(c, m)
	w.touch()
}

// system posts what Slack itself says in a channel: joins, topics, names. mu is held.
func (w *Workspace) system(c *channel, subtype, userID, text string, extra map[string]any) {
	if !c.im {
		w.append(c, &message{subtype: subtype, user: userID, text: text, extra: extra})
	}
}

// whisper shows a message in a channel to one person alone. mu is held.
func (w *Workspace) whisper(c *channel, userID, via string, m *message) *whisper {
	m.ts = w.ts()
	s := &whisper{message: *m, channel: c.id, to: userID, via: via}
	w.whispers = append(w.whispers, s)
	w.touch()
	return s
}

func (w *Workspace) whisperTo(userID, channelID, ts string) *whisper {
	for _, s := range w.whispers {
		if s.to == userID && s.channel == channelID && s.ts == ts {
			return s
		}
	}
	return nil
}

// messageJSON is the message as the Web API and events give it. Without
// withMetadata only the type of its metadata is given. mu is held.
func (w *Workspace) messageJSON(c *channel, m *message, withMetadata bool) map[string]any {
	j := map[string]any{"type": "message", "ts": m.ts, "text": m.text, "team": w.teamID}
	for name, value := range map[string]string{
		"user": m.user, "bot_id": m.botID, "app_id": m.appID, "username": m.username,
		"subtype": m.subtype, "thread_ts": m.threadTS,
	} {
		if value != "" {
			j[name] = value
		}
	}
	for name, value := range m.extra {
		j[name] = value
	}
	for name, raw := range map[string]json.RawMessage{"blocks": m.blocks, "attachments": m.attachments} {
		if !blank(raw) {
			j[name] = raw
		}
	}
	if m.editedAt != "" {
		j["edited"] = map[string]any{"user": m.editedBy, "ts": m.editedAt}
	}
	if len(m.metadata) > 0 {
		j["metadata"] = shownMetadata(m.metadata, withMetadata)
	}
	if m.pinnedAt != 0 {
		j["pinned_to"] = []string{c.id}
		j["pinned_info"] = map[string]any{"channel": c.id, "pinned_by": m.pinnedBy, "pinned_ts": m.pinnedAt}
	}
	if m.botID == w.botID && m.botID != "" {
		j["bot_profile"] = map[string]any{
			"id": w.botID, "app_id": w.appID, "name": w.manifest.BotName, "team_id": w.teamID, "deleted": false,
		}
	}
	w.addLists(j, c, m)
	return j
}

// addLists adds reactions, files, and what a thread's parent knows about its replies.
func (w *Workspace) addLists(j map[string]any, c *channel, m *message) {
	if len(m.reactions) > 0 {
		list := []any{}
		for _, r := range m.reactions {
			list = append(list, map[string]any{"name": r.name, "users": slices.Clone(r.users), "count": len(r.users)})
		}
		j["reactions"] = list
	}
	if len(m.files) > 0 {
		list := []any{}
		for _, id := range m.files {
			list = append(list, w.fileJSON(w.files[id]))
		}
		j["files"] = list
	}
	if m.threadTS != "" && m.threadTS != m.ts {
		if parent := c.message(m.threadTS); parent != nil {
			j["parent_user_id"] = parent.user
		}
		return
	}
	replies := c.replies(m.ts)
	if len(replies) == 0 {
		return
	}
	var people []string
	for _, r := range replies {
		if !slices.Contains(people, r.user) {
			people = append(people, r.user)
		}
	}
	j["thread_ts"], j["reply_count"], j["reply_users"] = m.ts, len(replies), people
	j["reply_users_count"], j["latest_reply"] = len(people), replies[len(replies)-1].ts
}

func (c *channel) replies(ts string) []*message {
	var found []*message
	for _, m := range c.messages {
		if m.threadTS == ts && m.ts != ts {
			found = append(found, m)
		}
	}
	return found
}

// shownMetadata leaves out the payload unless all of it was asked for.
func shownMetadata(raw json.RawMessage, all bool) any {
	var m struct {
		Type string `json:"event_type"`
	}
	if all || json.Unmarshal(raw, &m) != nil {
		return raw
	}
	return map[string]any{"event_type": m.Type}
}
