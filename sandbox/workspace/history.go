package workspace

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var timestamp = regexp.MustCompile(`^\d+(\.\d+)?$`)

// micros reads a ts as microseconds; ts are never floating-point numbers.
func micros(ts string) int64 {
	seconds, fraction, _ := strings.Cut(ts, ".")
	s, _ := strconv.ParseInt(seconds, 10, 64)
	f, _ := strconv.ParseInt((fraction + "000000")[:6], 10, 64)
	return s*1e6 + f
}

// readable finds the channel whose messages the bot asks to read.
func (w *Workspace) readable(c *call) (*channel, error) {
	ch, err := w.channelFor(c.get("channel"))
	if err != nil {
		return nil, err
	}
	if !ch.has(w.botUserID) {
		return nil, refuse("not_in_channel")
	}
	return ch, w.may(ch, "history")
}

// window picks the messages between oldest and latest that history shows by now.
func window(c *call, messages []*message) ([]*message, error) {
	for _, bound := range []string{"oldest", "latest"} {
		if s := c.get(bound); s != "" && s != "now" && !timestamp.MatchString(s) {
			return nil, refuse("invalid_ts_" + bound)
		}
	}
	oldest, latest, inclusive := c.get("oldest"), c.get("latest"), c.flag("inclusive")
	if latest == "now" || latest == "0" {
		latest = ""
	}
	var found []*message
	for _, m := range messages {
		at := micros(m.ts)
		late := time.Now().Before(m.visibleAt)
		before := oldest != "" && (at < micros(oldest) || !inclusive && at == micros(oldest))
		after := latest != "" && (at > micros(latest) || !inclusive && at == micros(latest))
		if !late && !before && !after {
			found = append(found, m)
		}
	}
	return found, nil
}

func (w *Workspace) conversationsHistory(c *call) (reply, error) {
	ch, err := w.readable(c)
	if err != nil {
		return nil, err
	}
	var top []*message
	for _, m := range ch.messages {
		if m.threadTS == "" || m.threadTS == m.ts || m.broadcast {
			top = append(top, m)
		}
	}
	found, err := window(c, top)
	if err != nil {
		return nil, err
	}
	slices.Reverse(found) // the newest first
	return w.messagePage(c, ch, found, func(from, at int64) bool { return at > from })
}

func (w *Workspace) conversationsReplies(c *call) (reply, error) {
	ch, err := w.readable(c)
	if err != nil {
		return nil, err
	}
	ts := c.get("ts")
	if ts == "" {
		return nil, missing("ts")
	}
	parent := ch.message(ts)
	if parent == nil || time.Now().Before(parent.visibleAt) {
		return nil, refuse("thread_not_found")
	}
	found, err := window(c, ch.replies(ts))
	if err != nil {
		return nil, err
	}
	// The parent always comes first, whatever the bounds.
	found = append([]*message{parent}, found...)
	return w.messagePage(c, ch, found, func(from, at int64) bool { return at < from })
}

// messagePage cuts a page at a time, not at a number, so that new messages do
// not move it; past says whether a message comes before the cursor's.
func (w *Workspace) messagePage(c *call, ch *channel, found []*message, past func(from, at int64) bool) (reply, error) {
	limit := 100
	if s := c.get("limit"); s != "" && s != "0" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			return nil, refuse("invalid_limit")
		}
		limit = min(n, 999)
	}
	limit = min(limit, w.cfg.PageSize)
	if s := c.get("cursor"); s != "" {
		raw, err := base64.StdEncoding.DecodeString(s)
		from, ok := strings.CutPrefix(string(raw), "next_ts:")
		if err != nil || !ok {
			return nil, refuse("invalid_cursor")
		}
		found = slices.DeleteFunc(found, func(m *message) bool { return past(micros(from), micros(m.ts)) })
	}
	more := len(found) > limit
	next := ""
	if more {
		next = base64.StdEncoding.EncodeToString([]byte("next_ts:" + found[limit].ts))
		found = found[:limit]
	}
	list := []any{}
	for _, m := range found {
		list = append(list, w.messageJSON(ch, m, c.flag("include_all_metadata")))
	}
	return reply{
		"messages": list, "has_more": more, "pin_count": ch.pins(),
		"response_metadata": map[string]any{"next_cursor": next},
	}, nil
}

func (c *channel) pins() int {
	n := 0
	for _, m := range c.messages {
		if m.pinnedAt != 0 {
			n++
		}
	}
	return n
}
