package workspace

import (
	"fmt"
	"strings"
)

// Sees is a channel as text as this person sees it, oldest first, threads under
// their messages:
//
//	#inc-1-db-down (topic: db down)
//	* muster set the channel topic: db down
//	muster:
//	  # Incident 1
//	  [ Claim ] (primary)
//	  :eyes: 1 (pinned)
//	    bo: I am looking
//	muster (only you): You are not the commander.
func (p *Person) Sees(channel string) string {
	title, seen, err := p.look(channel)
	if err != nil {
		return "(" + err.Error() + ")"
	}
	return draw(title, seen)
}

// DirectMessages is the text of the person's messages with the app.
func (p *Person) DirectMessages() string {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	u, err := p.w.findUser(p.name)
	if err != nil {
		return "(" + err.Error() + ")"
	}
	c := p.w.im(u.ID)
	if c == nil {
		return ""
	}
	return draw("", p.w.sights(u.ID, c))
}

// sight draws one message. mu is held.
func (w *Workspace) sight(c *channel, m *message, secret bool) sight {
	s := sight{
		channel: c.id, ts: m.ts, thread: m.threadTS, secret: secret, broadcast: m.broadcast, text: w.drawn(m),
		author: first(m.username, names{w}.User(m.user)),
	}
	switch m.subtype {
	case "", "bot_message", "file_share", "thread_broadcast", "me_message":
		if m.botID != "" {
			s.blocks = m.blocks
		}
	default:
		s.system = true
	}
	for _, r := range m.reactions {
		s.marks = append(s.marks, fmt.Sprintf(":%s: %d", r.name, len(r.users)))
	}
	if m.pinnedAt != 0 {
		s.marks = append(s.marks, "(pinned)")
	}
	return s
}

// heading is what stands over a channel. mu is held.
func (w *Workspace) heading(c *channel) string {
	var about []string
	if c.private && !c.im {
		about = append(about, "private")
	}
	if c.archived {
		about = append(about, "archived")
	}
	if c.topic.text != "" {
		about = append(about, "topic: "+c.topic.text)
	}
	for _, b := range c.bookmarks {
		about = append(about, "bookmark: "+b.title)
	}
	if len(about) == 0 {
		return w.title(c)
	}
	return w.title(c) + " (" + strings.Join(about, ", ") + ")"
}

// draw writes messages below a title, replies below what they answer.
func draw(title string, seen []sight) string {
	var lines []string
	if title != "" {
		lines = append(lines, title)
	}
	here := map[string]bool{}
	for _, s := range seen {
		here[s.ts] = true
	}
	for _, s := range seen {
		if s.thread != "" && s.thread != s.ts && here[s.thread] {
			continue
		}
		lines = append(lines, s.String())
		for _, reply := range seen {
			if reply.thread == s.ts && reply.ts != s.ts {
				lines = append(lines, indent(reply.String(), "    "))
			}
		}
	}
	return strings.Join(lines, "\n")
}

// String writes a message as its author and its words; more than one line of
// words stands below the author.
func (s sight) String() string {
	author := s.author
	if s.secret {
		author += " (only you)"
	}
	if s.broadcast {
		author += " (also to the channel)"
	}
	marks := strings.Join(s.marks, " ")
	switch {
	case s.system && strings.HasPrefix(s.text, "@"):
		return "* " + s.text
	case s.system:
		return "* " + author + " " + s.text
	case strings.Contains(s.text, "\n"):
		return strings.TrimSpace(author + ":\n" + indent(strings.TrimSpace(s.text+"\n"+marks), "  "))
	}
	return strings.TrimSpace(author + ": " + s.text + "  " + marks)
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(text, "\n", "\n"+by)
}
