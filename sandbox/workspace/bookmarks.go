package workspace

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"
)

// Slack's limits for bookmarks, in number and in characters.
const (
	bookmarkLimit      = 100
	bookmarkTitleLimit = 256
	bookmarkLinkLimit  = 2048
)

// shelf finds the channel whose bookmarks a call means.
func (w *Workspace) shelf(c *call) (*channel, error) {
	if c.get("channel_id") == "" {
		return nil, missing("channel_id")
	}
	return w.channelFor(c.get("channel_id"))
}

func checkBookmark(title, link, emoji string) error {
	u, err := url.Parse(link)
	switch {
	case title == "":
		return missing("title")
	case utf8.RuneCountInString(title) > bookmarkTitleLimit:
		return refuse("invalid_arguments", "[ERROR] must be less than 257 characters [json-pointer:/title]")
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || len(link) > bookmarkLinkLimit:
		return refuse("invalid_link")
	case emoji != "" && !emojiName.MatchString(strings.Trim(emoji, ":")):
		return refuse("invalid_emoji")
	}
	return nil
}

func (w *Workspace) bookmarksAdd(c *call) (reply, error) {
	ch, err := w.shelf(c)
	if err != nil {
		return nil, err
	}
	switch {
	case c.get("type") != "link":
		return nil, refuse("invalid_bookmark_type")
	case !ch.has(w.botUserID) || ch.archived:
		return nil, refuse("access_denied")
	case len(ch.bookmarks) >= bookmarkLimit:
		return nil, refuse("too_many_bookmarks")
	}
	b := &bookmark{
		id: w.id("Bk"), title: c.get("title"), link: c.get("link"), emoji: c.get("emoji"),
		by: w.botUserID, created: w.now(),
	}
	if err := checkBookmark(b.title, b.link, b.emoji); err != nil {
		return nil, err
	}
	ch.bookmarks = append(ch.bookmarks, b)
	w.touch()
	return reply{"bookmark": w.bookmarkJSON(ch, b)}, nil
}

func (w *Workspace) bookmarkJSON(c *channel, b *bookmark) map[string]any {
	return map[string]any{
		"id": b.id, "channel_id": c.id, "title": b.title, "link": b.link, "emoji": b.emoji, "icon_url": "",
		"type": "link", "entity_id": nil, "date_created": b.created, "date_updated": b.updated, "rank": "g",
		"last_updated_by_user_id": b.by, "last_updated_by_team_id": w.teamID, "shortcut_id": nil, "app_id": nil,
	}
}

func (w *Workspace) marked(c *call) (*channel, *bookmark, error) {
	ch, err := w.shelf(c)
	if err != nil {
		return nil, nil, err
	}
	for _, b := range ch.bookmarks {
		if b.id == c.get("bookmark_id") {
			return ch, b, nil
		}
	}
	return nil, nil, refuse("not_found")
}

func (w *Workspace) bookmarksEdit(c *call) (reply, error) {
	ch, b, err := w.marked(c)
	if err != nil {
		return nil, err
	}
	next := *b
	for field, value := range map[string]*string{"title": &next.title, "link": &next.link, "emoji": &next.emoji} {
		if c.form.Has(field) {
			*value = c.get(field)
		}
	}
	if err := checkBookmark(next.title, next.link, next.emoji); err != nil {
		return nil, err
	}
	next.updated, next.by = w.now(), w.botUserID
	*b = next
	w.touch()
	return reply{"bookmark": w.bookmarkJSON(ch, b)}, nil
}

func (w *Workspace) bookmarksRemove(c *call) (reply, error) {
	ch, b, err := w.marked(c)
	if err != nil {
		return nil, err
	}
	ch.bookmarks = slices.DeleteFunc(slices.Clone(ch.bookmarks), func(o *bookmark) bool { return o == b })
	w.touch()
	return nil, nil
}

func (w *Workspace) bookmarksList(c *call) (reply, error) {
	ch, err := w.shelf(c)
	if err != nil {
		return nil, err
	}
	list := []any{}
	for _, b := range ch.bookmarks {
		list = append(list, w.bookmarkJSON(ch, b))
	}
	return reply{"bookmarks": list}, nil
}
