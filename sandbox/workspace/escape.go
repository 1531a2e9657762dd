package workspace

import (
	"regexp"
	"strings"
)

// live matches what Slack's clients turn into references while a person types:
// an address, @name or #channel at the start of a word.
var live = regexp.MustCompile(`(^|[\s(])(https?://[^\s<>]+|[@#][\pL\pN._-]*[\pL\pN_-])`)

// escape gives typed text the form in which Slack stores and delivers it: three
// signs escaped, and names that exist turned into references. mu is held.
func (w *Workspace) escape(text string) string {
	text = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
	return live.ReplaceAllStringFunc(text, func(match string) string {
		parts := live.FindStringSubmatch(match)
		return parts[1] + w.reference(parts[2])
	})
}

// reference turns one typed word into Slack's token for it, or leaves it as it is.
func (w *Workspace) reference(word string) string {
	name := word[1:]
	switch {
	case strings.HasPrefix(word, "http"):
		return "<" + word + ">"
	case word == "@here" || word == "@channel" || word == "@everyone":
		return "<!" + name + ">"
	case word[0] == '#':
		c := w.channelByName(name)
		if c == nil {
			return word
		}
		if c.private {
			return "<#" + c.id + "|>"
		}
		return "<#" + c.id + "|" + c.name + ">"
	}
	for _, u := range w.users {
		if !u.Deleted && (strings.EqualFold(u.Name, name) || strings.EqualFold(u.DisplayName, name)) {
			return "<@" + u.ID + ">"
		}
	}
	for _, g := range w.groups {
		if g.handle == name {
			return "<!subteam^" + g.id + ">"
		}
	}
	return word
}
