package workspace

import (
	"slices"

	"muster/sandbox/blockkit"
)

// Place is a channel as a person's sidebar and the channel's head show it.
type Place struct {
	ID                string
	Name, Topic       string // Name has no "#"
	Private, Archived bool
	// Joined is whether the person is a member.
	Joined bool
	// Members are shown names, in the order of joining.
	Members []string
	// Bookmarks stand below the channel's head.
	Bookmarks []Bookmark
}

// Bookmark is a link that a channel keeps.
type Bookmark struct{ Title, Link, Emoji string }

// Places lists the channels that a person can look at, in the order in which
// they were made: public ones, and private ones that they are in. Direct
// messages are not among them.
func (w *Workspace) Places(who string) []Place {
	w.mu.Lock()
	defer w.mu.Unlock()
	u, err := w.findUser(who)
	if err != nil {
		return nil
	}
	var list []Place
	for _, c := range w.channels {
		joined := slices.Contains(c.members, u.ID)
		if c.im || c.deleted || c.private && !joined {
			continue
		}
		p := Place{ID: c.id, Name: c.name, Topic: blockkit.Mrkdwn(c.topic.text, names{w}), Private: c.private, Archived: c.archived, Joined: joined}
		for _, id := range c.members {
			p.Members = append(p.Members, names{w}.User(id))
		}
		for _, b := range c.bookmarks {
			p.Bookmarks = append(p.Bookmarks, Bookmark{Title: b.title, Link: b.link, Emoji: b.emoji})
		}
		list = append(list, p)
	}
	return list
}
