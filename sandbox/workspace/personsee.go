package workspace

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"muster/sandbox/blockkit"
)

// sight is one message as one person sees it.
type sight struct {
	channel, ts, thread string
	author, text        string
	marks               []string // reactions and the pin
	blocks              json.RawMessage
	secret, system      bool
	broadcast           bool
}

// contains ignores how the words are spaced.
func contains(text, words string) bool {
	return strings.Contains(strings.Join(strings.Fields(text), " "), strings.Join(strings.Fields(words), " "))
}

// where turns a person's word for a conversation into the workspace's: "dm" and
// the bot's name are that person's direct messages with the app.
func (p *Person) where(channel string) string {
	if channel == "dm" || strings.EqualFold(strings.TrimPrefix(channel, "@"), p.w.manifest.BotName) {
		return "@" + p.name
	}
	return channel
}

// look lists what the person sees in a channel, oldest first, and its title.
func (p *Person) look(channel string) (title string, seen []sight, err error) {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	u, err := p.w.findUser(p.name)
	if err != nil {
		return "", nil, err
	}
	c, err := p.w.findChannel(p.where(channel))
	if err != nil {
		return "", nil, err
	}
	if !c.has(u.ID) && (c.private || u.Restricted || u.UltraRestricted) {
		return "", nil, fmt.Errorf("%s does not see %s", p.name, p.w.title(c))
	}
	return p.w.heading(c), p.w.sights(u.ID, c), nil
}

// sights draws a channel's messages and what only this person was told in it.
// mu is held.
func (w *Workspace) sights(userID string, c *channel) []sight {
	var seen []sight
	for _, m := range c.messages {
		seen = append(seen, w.sight(c, m, false))
	}
	for _, s := range w.whispers {
		if s.to == userID && s.channel == c.id {
			seen = append(seen, w.sight(c, &s.message, true))
		}
	}
	slices.SortStableFunc(seen, func(a, b sight) int { return cmp.Compare(a.ts, b.ts) })
	return seen
}

// begin notes what the person has seen so far, so that Hears can tell an answer
// to this act from an earlier one.
func (p *Person) begin(ctx context.Context, channel string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	place := ""
	if channel != "" {
		p.w.mu.Lock()
		c, err := p.w.findChannel(p.where(channel))
		p.w.mu.Unlock()
		if err != nil {
			return err
		}
		place = c.id
	}
	heard := map[string]bool{}
	for _, s := range p.hearable(place) {
		heard[s.ts+s.text] = true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.place, p.heard = place, heard
	return nil
}

// hearable lists where an answer to an act may show: everything told to this
// person alone, and the channel of the act.
func (p *Person) hearable(place string) []sight {
	p.w.mu.Lock()
	defer p.w.mu.Unlock()
	u, err := p.w.findUser(p.name)
	if err != nil {
		return nil
	}
	var out []sight
	for _, c := range p.w.channels {
		for _, s := range p.w.sights(u.ID, c) {
			if s.secret || c.id == place {
				out = append(out, s)
			}
		}
	}
	return out
}

// Hears waits for an answer with these words to the person's last act: something
// new that only they see, or that is new in the channel of the act. An answer
// that replaces the message they acted on counts as new.
func (p *Person) Hears(ctx context.Context, words string) error {
	p.mu.Lock()
	place, before := p.place, p.heard
	p.mu.Unlock()
	fresh := func() []sight {
		return slices.DeleteFunc(p.hearable(place), func(s sight) bool { return before[s.ts+s.text] })
	}
	return p.await(ctx, fmt.Sprintf("to hear %q", words), func() string { return draw("", fresh()) }, func() bool {
		return slices.ContainsFunc(fresh(), func(s sight) bool { return contains(s.text, words) })
	})
}

// AwaitSees waits until the person reads the words in a channel.
func (p *Person) AwaitSees(ctx context.Context, channel, words string) error {
	sees := func() string { return p.Sees(channel) }
	return p.await(ctx, fmt.Sprintf("to see %q in %s", words, channel), sees, func() bool { return contains(sees(), words) })
}

// AwaitDM waits until the person reads the words in their messages with the app.
func (p *Person) AwaitDM(ctx context.Context, words string) error {
	return p.await(ctx, fmt.Sprintf("for a direct message with %q", words), p.DirectMessages,
		func() bool { return contains(p.DirectMessages(), words) })
}

// AwaitHome waits until the person reads the words on the app's Home tab.
func (p *Person) AwaitHome(ctx context.Context, words string) error {
	return p.await(ctx, fmt.Sprintf("to see %q on the Home tab", words), p.SeesHome,
		func() bool { return contains(p.SeesHome(), words) })
}

// await waits for cond; the error shows what the person sees instead.
func (p *Person) await(ctx context.Context, what string, sees func() string, cond func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	start := time.Now()
	if err := p.w.Await(ctx, cond); err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			err = fmt.Errorf("not within %s", time.Since(start).Round(time.Millisecond))
		}
		return fmt.Errorf("%s waits %s: %w; sees instead:\n%s", p.name, what, err, indent(first(sees(), "(nothing)"), "  "))
	}
	return nil
}

// onMessage waits for the newest message of a channel that contains the words
// and does something to it. What only this person sees cannot be acted on so.
func (p *Person) onMessage(ctx context.Context, act, channel, containing string, do func(channelID, ts string) error) error {
	var found sight
	err := p.await(ctx, fmt.Sprintf("for a message with %q in %s", containing, channel),
		func() string { return p.Sees(channel) },
		func() bool {
			_, seen, _ := p.look(channel)
			for _, s := range slices.Backward(seen) {
				if !s.secret && !s.system && contains(s.text, containing) {
					found = s
					return true
				}
			}
			return false
		})
	if err == nil {
		err = p.begin(ctx, found.channel)
	}
	if err != nil {
		return err
	}
	return p.failed(act+" on "+containing, do(found.channel, found.ts))
}

// threadOf is the thread that an answer to a message belongs to.
func (w *Workspace) threadOf(channelID, ts string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c := w.channelByID(channelID); c != nil {
		if m := c.message(ts); m != nil && m.threadTS != "" {
			return m.threadTS
		}
	}
	return ts
}

// answered draws the message in the ack of a command.
func (w *Workspace) answered(payload json.RawMessage) string {
	var c content
	if len(payload) == 0 || json.Unmarshal(payload, &c) != nil || c.empty() {
		return ""
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.drawn(w.ownMessage(c))
}

// drawn is what a message says as a person reads it. mu is held.
func (w *Workspace) drawn(m *message) string {
	var parts []string
	if m.botID != "" && !blank(m.blocks) {
		parts = append(parts, blockkit.Text(m.blocks, names{w}))
	} else if m.text != "" {
		parts = append(parts, blockkit.Mrkdwn(m.text, names{w}))
	}
	var attached []map[string]json.RawMessage
	_ = decode(m.attachments, &attached)
	for _, a := range attached {
		parts = append(parts, indent(w.attachment(a), "| "))
	}
	for _, id := range m.files {
		if f := w.files[id]; f != nil {
			parts = append(parts, "(file: "+first(f.title, f.name)+")")
		}
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n")
}

// attachment draws what stands beside the bar of a legacy attachment.
func (w *Workspace) attachment(a map[string]json.RawMessage) string {
	if !blank(a["blocks"]) {
		return blockkit.Text(a["blocks"], names{w})
	}
	var lines []string
	for _, key := range []string{"pretext", "author_name", "title", "text", "fields", "footer", "fallback"} {
		var s string
		_ = json.Unmarshal(a[key], &s)
		if key == "fields" {
			s = fields(a[key])
		}
		if s != "" && (key != "fallback" || len(lines) == 0) {
			lines = append(lines, blockkit.Mrkdwn(s, names{w}))
		}
	}
	return strings.Join(lines, "\n")
}

func fields(raw json.RawMessage) string {
	var list []struct{ Title, Value string }
	_ = json.Unmarshal(raw, &list)
	var lines []string
	for _, f := range list {
		lines = append(lines, f.Title+": "+f.Value)
	}
	return strings.Join(lines, "\n")
}

func first(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}
