package workspace

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// People's acts. Each changes the state as Slack's clients do and tells the app
// what it may hear. People and channels are given by id or name; errors say what
// the client would not let them do.

// act finds a person and a conversation and runs do with the lock held.
func (w *Workspace) act(what, userRef, channelRef string, do func(*member, *channel) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.findUser(userRef)
	if err == nil {
		var c *channel
		if c, err = w.findChannel(channelRef); err == nil {
			err = do(u, c)
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	w.touch()
	return nil
}

// Post says text in a channel and returns the message's ts. Names in the text
// (@name, #channel, addresses) become references, as while typing.
func (w *Workspace) Post(who, where, text string) (ts string, err error) {
	return w.Reply(who, where, "", text)
}

// Reply says text in a thread; an empty thread means the channel itself.
func (w *Workspace) Reply(who, where, thread, text string) (ts string, err error) {
	err = w.act("post", who, where, func(u *member, c *channel) error {
		if !c.has(u.ID) || c.archived || u.Deleted {
			return fmt.Errorf("%s cannot post in %s", u.Name, w.title(c))
		}
		post := content{ThreadTS: thread}
		if err := threadable(c, &post); err != nil {
			return err
		}
		m := &message{user: u.ID, text: w.escape(text), threadTS: post.ThreadTS}
		m.blocks = richText(w.id("b"), m.text)
		w.append(c, m)
		ts = m.ts
		return nil
	})
	return ts, err
}

// OtherApp is a message of another app or of an incoming webhook.
type OtherApp struct {
	Name        string // shown as the author
	UserID      string // its bot user; "" for a webhook, which has none
	Text        string // often empty: alert tools put all into blocks or attachments
	Blocks      json.RawMessage
	Attachments json.RawMessage
	ThreadTS    string
}

// PostAs posts as another app and returns the message's ts.
func (w *Workspace) PostAs(app OtherApp, channelRef string) (ts string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, err := w.findChannel(channelRef)
	if err != nil {
		return "", fmt.Errorf("post as %s: %w", app.Name, err)
	}
	m := &message{
		user: app.UserID, username: app.Name, botID: "B0" + fmt.Sprintf("%X", app.Name), subtype: "bot_message", threadTS: app.ThreadTS,
	}
	w.fill(m, content{Text: app.Text, Blocks: app.Blocks, Attachments: app.Attachments})
	w.append(c, m)
	return m.ts, nil
}

// on is act for a message.
func (w *Workspace) on(what, userRef, channelRef, ts string, do func(*member, *channel, *message) error) error {
	return w.act(what, userRef, channelRef, func(u *member, c *channel) error {
		m := c.message(ts)
		if m == nil {
			return fmt.Errorf("no message %s in %s", ts, w.title(c))
		}
		return do(u, c, m)
	})
}

// ChangeMessage edits a person's own message.
func (w *Workspace) ChangeMessage(who, where, ts, text string) error {
	return w.on("change a message", who, where, ts, func(u *member, c *channel, m *message) error {
		if m.user != u.ID {
			return fmt.Errorf("%s did not write it", u.Name)
		}
		w.edit(c, m, u.ID, func() {
			m.text = w.escape(text)
			m.blocks = richText(w.id("b"), m.text)
		})
		return nil
	})
}

// DeleteMessage deletes a message: one's own, or as an administrator any.
func (w *Workspace) DeleteMessage(who, where, ts string) error {
	return w.on("delete a message", who, where, ts, func(u *member, c *channel, m *message) error {
		if m.user != u.ID && !u.Admin && !u.Owner {
			return fmt.Errorf("%s may not delete it", u.Name)
		}
		if m.threadTS == "" && len(c.replies(m.ts)) > 0 {
			w.bury(c, m)
			return nil
		}
		w.erase(c, m)
		return nil
	})
}

// React adds a reaction; name without colons.
func (w *Workspace) React(who, where, ts, name string) error {
	return w.on("react", who, where, ts, func(u *member, c *channel, m *message) error {
		if r := m.reaction(name); r != nil && slices.Contains(r.users, u.ID) {
			return nil
		}
		w.react(c, m, u.ID, name)
		return nil
	})
}

// Unreact takes a reaction back.
func (w *Workspace) Unreact(who, where, ts, name string) error {
	return w.on("take a reaction back", who, where, ts, func(u *member, c *channel, m *message) error {
		if r := m.reaction(name); r == nil || !slices.Contains(r.users, u.ID) {
			return fmt.Errorf("%s did not react with %s", u.Name, name)
		}
		w.unreact(c, m, u.ID, name)
		return nil
	})
}

// Pin pins a message.
func (w *Workspace) Pin(who, where, ts string) error {
	return w.on("pin", who, where, ts, func(u *member, c *channel, m *message) error {
		if m.pinnedAt == 0 {
			w.pin(c, m, u.ID)
		}
		return nil
	})
}

// Unpin takes a pin away.
func (w *Workspace) Unpin(who, where, ts string) error {
	return w.on("unpin", who, where, ts, func(u *member, c *channel, m *message) error {
		if m.pinnedAt != 0 {
			w.unpin(c, m, u.ID)
		}
		return nil
	})
}

// AddFile shares a file as a person, such as a screenshot, and returns the
// message's ts.
func (w *Workspace) AddFile(who, where, name string, data []byte, text string) (ts string, err error) {
	err = w.act("share a file", who, where, func(u *member, c *channel) error {
		f := &file{
			id: w.id("F"), name: name, title: name, size: len(data), content: data,
			user: u.ID, done: true, shares: []string{c.id}, created: w.now(),
		}
		w.files[f.id] = f
		m := &message{user: u.ID, text: w.escape(text), subtype: "file_share", files: []string{f.id}}
		m.visibleAt = time.Now()
		w.append(c, m)
		ts = m.ts
		return nil
	})
	return ts, err
}
