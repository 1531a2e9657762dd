package workspace

import (
	"fmt"
	"slices"
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
	title, err := p.heading(channel)
	if err != nil {
		return "(" + err.Error() + ")"
	}
	return draw(title, p.look(channel))
}

// DirectMessages is the text of the person's messages with the app.
func (p *Person) DirectMessages() string { return draw("", p.look("dm")) }

// heading is what stands over a channel; an error says that the person does not
// see it.
func (p *Person) heading(channel string) (string, error) {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	u, err := p.w.findUser(p.name)
	if err != nil {
		return "", err
	}
	c, err := p.w.findChannel(p.where(channel))
	if err != nil {
		return "", err
	}
	if c.private && !c.has(u.ID) {
		return "", fmt.Errorf("%s does not see %s", p.name, p.w.title(c))
	}
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
		return p.w.title(c), nil
	}
	return p.w.title(c) + " (" + strings.Join(about, ", ") + ")", nil
}

// draw writes messages below a title, replies below what they answer.
func draw(title string, seen []Message) string {
	var lines []string
	if title != "" {
		lines = append(lines, title)
	}
	here := map[string]bool{}
	for _, m := range seen {
		here[m.TS] = true
	}
	for _, m := range seen {
		if here[m.ThreadTS] {
			continue
		}
		lines = append(lines, m.String())
		for _, reply := range seen {
			if reply.ThreadTS == m.TS {
				lines = append(lines, indent(reply.String(), "    "))
			}
		}
	}
	return strings.Join(lines, "\n")
}

// system says whether Slack itself says it: a join, a topic, a pin.
func (m Message) system() bool {
	return !slices.Contains([]string{"", "bot_message", "file_share", "thread_broadcast", "me_message"}, m.Subtype)
}

// String writes a message as its author and its words; more than one line of
// words stands below the author.
func (m Message) String() string {
	author := m.Author
	if m.OnlyFor != "" {
		author += " (only you)"
	}
	if m.Broadcast {
		author += " (also to the channel)"
	}
	marks := m.marks()
	switch {
	case m.system() && strings.HasPrefix(m.Shown, "@"):
		return "* " + m.Shown
	case m.system():
		return "* " + author + " " + m.Shown
	case strings.Contains(m.Shown, "\n"):
		return author + ":\n" + indent(strings.TrimSpace(m.Shown+"\n"+marks), "  ")
	}
	return strings.TrimSpace(author + ": " + m.Shown + "  " + marks)
}

// marks are what hangs below a message: reactions with their number, and the pin.
func (m Message) marks() string {
	var marks []string
	for name, who := range m.Reactions {
		marks = append(marks, fmt.Sprintf(":%s: %d", name, len(who)))
	}
	slices.Sort(marks)
	if m.Pinned {
		marks = append(marks, "(pinned)")
	}
	return strings.Join(marks, " ")
}

func indent(text, by string) string {
	return by + strings.ReplaceAll(text, "\n", "\n"+by)
}
