package browser

import (
	"slices"
	"strings"
)

// choice is one entry of a menu.
type choice struct {
	Words string `json:"words"`
	About string `json:"about,omitempty"`
	// Send is what tells the workspace that it was chosen.
	Send   string `json:"send"`
	Chosen bool   `json:"-"`
}

// Choices lists what a menu offers, with what is chosen; of an external one only
// that.
func (n *node) Choices() []choice { return n.choices(n.Options) }

// GroupedChoices lists them by group.
func (n *node) GroupedChoices() map[string][]choice {
	out := map[string][]choice{}
	for _, g := range n.Groups {
		out[g.Label.Plain()] = n.choices(g.Options)
	}
	return out
}

func (n *node) choices(options []option) []choice {
	e := n.entry()
	chosen := e.Options
	if e.Option != nil {
		chosen = append(chosen, *e.Option)
	}
	if strings.HasSuffix(n.Type, "external_select") {
		options = chosen
	}
	var list []choice
	for _, o := range options {
		is := slices.ContainsFunc(chosen, func(c option) bool { return c.Value == o.Value && c.Text.Text == o.Text.Text })
		list = append(list, choice{Words: o.Text.Plain(), About: o.About.Plain(), Send: o.Text.Text, Chosen: is})
	}
	return list
}

// chosenIDs are the ids of the people or conversations that are chosen.
func (n *node) chosenIDs() []string {
	e := n.entry()
	ids := slices.Concat(e.Users, e.Channels, e.Conversations, []string{e.User, e.Channel, e.Conversation})
	return slices.DeleteFunc(ids, func(id string) bool { return id == "" })
}

// CanEmpty says whether a menu of one choice may hold none: what is required
// keeps a choice once it has one.
func (n *node) CanEmpty() bool {
	e := n.entry()
	empty := e.Option == nil && len(n.chosenIDs()) == 0
	return !n.Many() && (empty || n.at.Type == "input" && n.at.Optional)
}

// Listed lists people or conversations with what is chosen.
func (n *node) Listed() []choice {
	from := n.r.channels
	if strings.HasSuffix(n.Type, "users_select") {
		from = n.r.people
	}
	list := slices.Clone(from)
	for i := range list {
		list[i].Chosen = slices.Contains(n.chosenIDs(), list[i].Send)
	}
	return list
}
