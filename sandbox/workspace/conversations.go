package workspace

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// nameLimit is the longest channel name; topicLimit the longest topic or purpose.
const (
	nameLimit  = 80
	topicLimit = 250
)

var (
	nameSigns = regexp.MustCompile(`^[a-z0-9_-]+$`)
	nameWord  = regexp.MustCompile(`[a-z0-9]`)
)

// checkName gives Slack's objection to a channel name. Slack refuses; it does
// not repair.
func checkName(name string) error {
	switch {
	case name == "":
		return refuse("invalid_name_required")
	case utf8.RuneCountInString(name) > nameLimit:
		return refuse("invalid_name_maxlength")
	case !nameSigns.MatchString(name):
		return refuse("invalid_name_specials")
	case !nameWord.MatchString(name):
		return refuse("invalid_name_punctuation")
	}
	return nil
}

// channelFor finds the channel of a call as the bot sees it: a private one
// without the bot looks like none at all. mu is held.
func (w *Workspace) channelFor(id string) (*channel, error) {
	if id == "" {
		return nil, missing("channel")
	}
	c := w.channelByID(id)
	if c == nil || c.private && !c.has(w.botUserID) {
		return nil, refuse("channel_not_found")
	}
	return c, nil
}

// channelProper is channelFor for acts on what is no direct messages.
func (w *Workspace) channelProper(c *call) (*channel, error) {
	ch, err := w.channelFor(c.get("channel"))
	if err == nil && ch.im {
		return nil, refuse("method_not_supported_for_channel_type")
	}
	return ch, err
}

// channelToChange is channelProper for acts that need membership in a live channel.
func (w *Workspace) channelToChange(c *call, narrower ...string) (*channel, error) {
	ch, err := w.channelProper(c)
	switch {
	case err != nil:
		return nil, err
	case !ch.has(w.botUserID):
		return nil, refuse("not_in_channel")
	case ch.archived:
		return nil, refuse("is_archived")
	}
	return ch, w.may(ch, "write", narrower...)
}

// channelJSON is the channel as the bot sees it. mu is held.
func (w *Workspace) channelJSON(c *channel) map[string]any {
	if c.im {
		return map[string]any{
			"id": c.id, "created": c.created, "is_im": true, "is_org_shared": false, "user": c.members[0],
			"is_archived": false, "is_user_deleted": w.userByID(c.members[0]).Deleted, "is_open": true, "priority": 0,
		}
	}
	topic := func(n note) map[string]any {
		return map[string]any{"value": n.text, "creator": n.by, "last_set": n.at}
	}
	return map[string]any{
		"id": c.id, "name": c.name, "name_normalized": c.name, "is_channel": !c.private, "is_group": false,
		"is_im": false, "is_mpim": false, "is_private": c.private, "created": c.created, "creator": c.creator,
		"is_archived": c.archived, "is_general": c.name == "general", "is_shared": false,
		"is_ext_shared": false, "is_org_shared": false, "is_pending_ext_shared": false,
		"pending_shared": []string{}, "is_member": c.has(w.botUserID), "unlinked": 0,
		"topic": topic(c.topic), "purpose": topic(c.purpose),
		"previous_names": append([]string{}, c.previous...), "context_team_id": w.teamID,
	}
}

func (w *Workspace) conversationsCreate(c *call) (reply, error) {
	name := c.get("name")
	if err := checkName(name); err != nil {
		return nil, err
	}
	private := c.flag("is_private")
	if err := w.may(&channel{private: private}, "write"); err != nil {
		return nil, err
	}
	if w.channelByName(name) != nil {
		return nil, refuse("name_taken") // archived and invisible channels count too
	}
	ch := w.addChannel(name, w.botUserID)
	ch.private = private
	w.join(ch, w.botUserID, "")
	return reply{"channel": w.channelJSON(ch)}, nil
}

func (w *Workspace) addChannel(name, creator string) *channel {
	c := &channel{id: w.id("C"), name: name, creator: creator, created: w.now()}
	w.channels = append(w.channels, c)
	w.touch()
	return c
}

func (w *Workspace) conversationsInfo(c *call) (reply, error) {
	ch, err := w.channelFor(c.get("channel"))
	if err != nil {
		return nil, err
	}
	if err := w.may(ch, "read"); err != nil {
		return nil, err
	}
	j := w.channelJSON(ch)
	if c.flag("include_num_members") {
		j["num_members"] = len(ch.members)
	}
	return reply{"channel": j}, nil
}

func (w *Workspace) conversationsList(c *call) (reply, error) {
	return w.listConversations(c, func(ch *channel) bool { return !ch.private || ch.has(w.botUserID) })
}

// listConversations lists what is visible, of the types asked for.
func (w *Workspace) listConversations(c *call, visible func(*channel) bool) (reply, error) {
	types := strings.Split(c.get("types"), ",")
	if c.get("types") == "" {
		types = []string{"public_channel"}
	}
	for i, t := range types {
		types[i] = strings.TrimSpace(t)
		family, ok := map[string]*channel{
			"public_channel": {}, "private_channel": {private: true}, "im": {im: true, private: true}, "mpim": nil,
		}[types[i]]
		if !ok {
			return nil, refuse("invalid_types")
		}
		if family != nil {
			if err := w.may(family, "read"); err != nil {
				return nil, err
			}
		}
	}
	var found []*channel
	for _, ch := range w.channels {
		name := map[string]string{"channel": "public_channel", "group": "private_channel", "im": "im"}[ch.kind()]
		if !ch.deleted && slices.Contains(types, name) && visible(ch) && !(ch.archived && c.flag("exclude_archived")) {
			found = append(found, ch)
		}
	}
	page, next, err := paged(w, c, found)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, ch := range page {
		j := w.channelJSON(ch)
		j["num_members"] = len(ch.members)
		list = append(list, j)
	}
	return reply{"channels": list, "response_metadata": map[string]any{"next_cursor": next}}, nil
}

func (w *Workspace) conversationsSetTopic(c *call) (reply, error) {
	return w.setNote(c, "topic", "channel_topic", "set the channel topic: ")
}

func (w *Workspace) conversationsSetPurpose(c *call) (reply, error) {
	return w.setNote(c, "purpose", "channel_purpose", "set the channel description: ")
}

func (w *Workspace) setNote(c *call, field, subtype, words string) (reply, error) {
	ch, err := w.channelToChange(c, "write.topic")
	if err != nil {
		return nil, err
	}
	if !c.form.Has(field) {
		return nil, missing(field)
	}
	text := c.get(field)
	if utf8.RuneCountInString(text) > topicLimit {
		return nil, refuse("too_long")
	}
	n := note{text: text, by: w.botUserID, at: w.now()}
	if field == "topic" {
		ch.topic = n
	} else {
		ch.purpose = n
	}
	w.system(ch, subtype, w.botUserID, words+text, map[string]any{field: text})
	return reply{"channel": w.channelJSON(ch), field: text}, nil
}

func (w *Workspace) conversationsRename(c *call) (reply, error) {
	ch, err := w.channelToChange(c)
	if err != nil {
		return nil, err
	}
	name := c.get("name")
	if err := checkName(name); err != nil {
		return nil, err
	}
	if ch.creator != w.botUserID {
		return nil, refuse("not_authorized")
	}
	if other := w.channelByName(name); other != nil && other != ch {
		return nil, refuse("name_taken")
	}
	w.rename(ch, name, w.botUserID)
	return reply{"channel": w.channelJSON(ch)}, nil
}

// rename changes the name and tells the app. mu is held.
func (w *Workspace) rename(ch *channel, name, by string) {
	old := ch.name
	if name == old {
		return
	}
	ch.previous, ch.name = append([]string{old}, ch.previous...), name
	w.system(ch, subtypeOf(ch, "name"), by, "has renamed the channel from \""+old+"\" to \""+name+"\"",
		map[string]any{"old_name": old, "name": name})
	w.tell(ch, event{"type": ch.kind() + "_rename", "channel": map[string]any{
		"id": ch.id, "name": name, "name_normalized": name, "created": ch.created, "is_channel": !ch.private, "is_mpim": false,
	}})
	w.touch()
}

// subtypeOf is channel_… or, in private channels, group_…
func subtypeOf(c *channel, what string) string {
	if c.private {
		return "group_" + what
	}
	return "channel_" + what
}
