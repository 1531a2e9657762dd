package workspace

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// state is all that the workspace remembers; Workspace.mu guards it.
type state struct {
	users     []*member
	channels  []*channel
	groups    []*group
	whispers  []*whisper
	views     map[string]*view
	stacks    map[string][]*view // open modals by user id, the top one last
	homes     map[string]*view   // published Home tabs by user id
	files     map[string]*file
	triggers  map[string]*trigger
	responses map[string]*responseURL
	// tokenState is the code that refuses every call: token_revoked,
	// account_inactive; "" while the app is installed.
	tokenState string
}

func newState() state {
	return state{
		views: map[string]*view{}, stacks: map[string][]*view{}, homes: map[string]*view{},
		files: map[string]*file{}, triggers: map[string]*trigger{}, responses: map[string]*responseURL{},
	}
}

type member struct {
	ID string
	User
	updated int64
}

type group struct {
	id, handle, name string
	members          []string
	created          int64
}

type channel struct {
	id, name       string
	previous       []string
	private, im    bool
	archived       bool
	deleted        bool
	creator        string
	created        int64
	members        []string
	topic, purpose note
	messages       []*message // by time, thread replies among them
	bookmarks      []*bookmark
}

type note struct {
	text, by string
	at       int64
}

type bookmark struct {
	id, title, link, emoji, by string
	created, updated           int64
}

type message struct {
	ts, threadTS, subtype         string
	user, botID, appID, username  string
	text                          string
	blocks, attachments, metadata json.RawMessage
	editedBy, editedAt            string
	broadcast                     bool
	reactions                     []*reaction
	pinnedBy                      string
	pinnedAt                      int64
	files                         []string
	extra                         map[string]any // fields of system messages: topic, inviter…
	visibleAt                     time.Time      // when history begins to show it
}

type reaction struct {
	name  string
	users []string
}

// whisper is something that one person alone sees in a channel.
type whisper struct {
	message
	channel, to string
	via         string // "ephemeral", "command" or "response_url"
}

// id makes an id that looks like Slack's: a letter and ten signs. mu is held.
func (w *Workspace) id(prefix string) string {
	const signs = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	var b strings.Builder
	b.WriteString(prefix + "0")
	for range 9 {
		b.WriteByte(signs[w.rng.IntN(len(signs))])
	}
	return b.String()
}

// ts gives the next message time: the clock's, but always later than the last
// one given out. mu is held.
func (w *Workspace) ts() string {
	w.lastTS = max(w.cfg.Now().UnixMicro(), w.lastTS+1)
	return formatTS(w.lastTS)
}

func formatTS(micros int64) string {
	return fmt.Sprintf("%d.%06d", micros/1e6, micros%1e6)
}

func (w *Workspace) now() int64 { return w.cfg.Now().Unix() }

func (w *Workspace) userByID(id string) *member {
	for _, u := range w.users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// findUser accepts an id, a name with or without "@", or a shown name.
func (w *Workspace) findUser(ref string) (*member, error) {
	ref = strings.TrimPrefix(ref, "@")
	for _, u := range w.users {
		if u.ID == ref || u.Name == ref {
			return u, nil
		}
	}
	for _, u := range w.users {
		if strings.EqualFold(u.DisplayName, ref) || strings.EqualFold(u.RealName, ref) {
			return u, nil
		}
	}
	return nil, fmt.Errorf("no user %q in the workspace", ref)
}

func (w *Workspace) channelByID(id string) *channel {
	for _, c := range w.channels {
		if c.id == id && !c.deleted {
			return c
		}
	}
	return nil
}

// findChannel accepts an id, a name with or without "#", or "@name" for the
// direct messages between the bot and that person.
func (w *Workspace) findChannel(ref string) (*channel, error) {
	if c := w.channelByID(ref); c != nil {
		return c, nil
	}
	if strings.HasPrefix(ref, "@") {
		u, err := w.findUser(ref)
		if err != nil {
			return nil, err
		}
		return w.openIM(u.ID), nil
	}
	if c := w.channelByName(strings.TrimPrefix(ref, "#")); c != nil {
		return c, nil
	}
	return nil, fmt.Errorf("no channel %q in the workspace", ref)
}

func (w *Workspace) channelByName(name string) *channel {
	for _, c := range w.channels {
		if !c.deleted && !c.im && c.name == name {
			return c
		}
	}
	return nil
}

// openIM finds or makes the direct messages between the bot and a person.
func (w *Workspace) openIM(userID string) *channel {
	if c := w.im(userID); c != nil {
		return c
	}
	c := &channel{
		id: w.id("D"), im: true, private: true, creator: userID,
		created: w.now(), members: []string{userID, w.botUserID},
	}
	w.channels = append(w.channels, c)
	return c
}

func (w *Workspace) im(userID string) *channel {
	for _, c := range w.channels {
		if c.im && c.members[0] == userID {
			return c
		}
	}
	return nil
}

func (c *channel) has(userID string) bool {
	for _, m := range c.members {
		if m == userID {
			return true
		}
	}
	return false
}

func (c *channel) message(ts string) *message {
	for _, m := range c.messages {
		if m.ts == ts {
			return m
		}
	}
	return nil
}

func (c *channel) remove(userID string) {
	kept := c.members[:0:0]
	for _, m := range c.members {
		if m != userID {
			kept = append(kept, m)
		}
	}
	c.members = kept
}

// kind is how events and scopes call this sort of conversation.
func (c *channel) kind() string {
	switch {
	case c.im:
		return "im"
	case c.private:
		return "group"
	default:
		return "channel"
	}
}
