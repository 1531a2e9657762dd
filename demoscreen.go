package main

import (
	"maps"
	"slices"
	"strings"

	"muster/sandbox/workspace"
)

// gap stands for the lines of an edited message that did not change.
const gap = "…"

// screen remembers what the reader at the terminal has been shown, so that only
// what changed is shown.
type screen struct {
	s     *stage
	p     *painter
	shown map[string][]string // the lines of a message, by channel id and ts
	topic map[string]string   // by channel
}

func newScreen(s *stage, p *painter) *screen {
	return &screen{s: s, p: p, shown: map[string][]string{}, topic: map[string]string{}}
}

// look gives what is new to a person in a channel ("dm" for their messages with
// muster) since the last look. What Slack itself says, such as who joined, is
// left out.
func (c *screen) look(who *workspace.Person, channel string) []string {
	where := channel
	if channel == "dm" {
		where = "@" + who.Name()
	}
	var out []string
	if topic := c.newTopic(who, channel); topic != "" {
		out = append(out, "Topic: "+topic)
	}
	for _, m := range c.s.VisibleTo(who.Name(), where) {
		if bySlack(m) {
			continue
		}
		// What is for one person stays with them when the channel is shown anew.
		key := m.OnlyFor + m.ChannelID + " " + m.TS
		lines := c.message(who, m)
		before, known := c.shown[key]
		c.shown[key] = lines
		switch {
		case !known:
			out = append(out, lines...)
		case !slices.Equal(before, lines):
			out = append(out, edited(before, lines, len(m.Reactions))...)
		}
	}
	return out
}

// bySlack says whether Slack itself says it, and not a person or an app.
func bySlack(m workspace.Message) bool {
	return !slices.Contains([]string{"", "bot_message", "file_share", "thread_broadcast", "me_message"}, m.Subtype)
}

func (c *screen) newTopic(who *workspace.Person, channel string) string {
	for _, place := range c.s.Places(who.Name()) {
		if "#"+place.Name == channel && c.topic[channel] != place.Topic {
			c.topic[channel] = place.Topic
			return place.Topic
		}
	}
	return ""
}

// forget makes the next look show a channel as if for the first time.
func (c *screen) forget(channel string) {
	id := c.s.ChannelID(channel)
	maps.DeleteFunc(c.shown, func(key string, _ []string) bool { return strings.HasPrefix(key, id+" ") })
	delete(c.topic, channel)
}

// message is a message as lines: the author above the words, or before them
// when they are one line.
func (c *screen) message(who *workspace.Person, m workspace.Message) []string {
	words := c.p.legible(m.Shown)
	author := "*" + m.Author + "*"
	if m.OnlyFor != "" {
		author += " (only " + firstName(who) + " sees this)"
	}
	lines := []string{author + ": " + words[0]}
	if len(words) > 1 {
		lines = append([]string{author}, indented(words)...)
	}
	for _, name := range sortedNames(m.Reactions) {
		lines = append(lines, indented(c.p.legible(":"+name+": "+strings.Join(m.Reactions[name], ", ")))...)
	}
	if m.ThreadTS != "" {
		lines = indented(lines)
	}
	return lines
}

func indented(lines []string) []string {
	out := make([]string, len(lines))
	for n, line := range lines {
		out[n] = "  " + line
	}
	return out
}

func sortedNames(reactions map[string][]string) []string {
	var names []string
	for name := range reactions {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// edited shows a message that changed: its author and headline, the lines that
// are new, and a mark where others stayed as they were. The last lines, reactions of
// which there are so many, are no edit.
func edited(before, now []string, reactions int) []string {
	if len(now) < 2 || len(before) < 2 {
		return now
	}
	left := slices.Clone(before)
	out := []string{now[0]}
	if said := len(now) - reactions; len(before) < said || !slices.Equal(before[:said], now[:said]) {
		out[0] += " (edited)"
	}
	for n, line := range now[1:] {
		old := slices.Index(left, line)
		if old >= 0 {
			left[old] = ""
		}
		switch {
		case old < 0 || n == 0:
			out = append(out, line)
		case strings.TrimSpace(out[len(out)-1]) != gap:
			out = append(out, "  "+gap)
		}
	}
	return out
}
