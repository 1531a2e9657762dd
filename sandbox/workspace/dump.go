package workspace

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"muster/sandbox/blockkit"
)

// DumpOption changes what Dump writes.
type DumpOption func(*dump)

// Only dumps these channels alone, by name; "@name" means that person's messages
// with the bot. Modals and Home tabs are left out.
func Only(channels ...string) DumpOption { return func(d *dump) { d.only = channels } }

// WithoutSystem leaves out what Slack itself says: joins, topics, pins.
func WithoutSystem(d *dump) { d.quiet = true }

type dump struct {
	w     *Workspace
	b     strings.Builder
	only  []string
	quiet bool
}

// Dump writes the workspace as text that is the same for two runs of the same
// story: every channel with its members, bookmarks, messages and threads, the
// direct messages, what single people were told, open modals and Home tabs.
// Ids become names, dates become <date>, times become <ts>. Messages stand in
// the order of their time.
func (w *Workspace) Dump(options ...DumpOption) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	d := &dump{w: w}
	for _, o := range options {
		o(d)
	}
	channels := slices.Clone(w.channels)
	slices.SortStableFunc(channels, func(a, b *channel) int {
		return cmp.Or(cmp.Compare(w.rank(a), w.rank(b)), cmp.Compare(w.title(a), w.title(b)))
	})
	for _, c := range channels {
		if d.wants(c) {
			d.channel(c)
		}
	}
	if d.only == nil {
		d.views()
	}
	return w.normal(d.b.String())
}

// rank puts channels before direct messages.
func (w *Workspace) rank(c *channel) int {
	if c.im {
		return 1
	}
	return 0
}

func (d *dump) wants(c *channel) bool {
	if d.only == nil {
		return !c.im || len(c.messages) > 0
	}
	for _, name := range d.only {
		if found, err := d.w.findChannel(name); err == nil && found == c {
			return true
		}
	}
	return false
}

func (d *dump) line(depth int, text string) {
	indent := strings.Repeat("  ", depth)
	for l := range strings.Lines(text) {
		d.b.WriteString(strings.TrimRight(indent+l, " \n") + "\n")
	}
}

func (d *dump) channel(c *channel) {
	if d.b.Len() > 0 {
		d.b.WriteString("\n")
	}
	d.line(0, "== "+d.w.title(c)+d.marks(c)+" ==")
	if !c.im {
		var members []string
		for _, id := range c.members {
			members = append(members, names{d.w}.User(id))
		}
		slices.Sort(members)
		d.line(0, "members: "+strings.Join(members, ", "))
		for _, n := range []struct{ what, text string }{{"topic", c.topic.text}, {"purpose", c.purpose.text}} {
			if n.text != "" {
				d.line(0, n.what+": "+blockkit.Mrkdwn(n.text, names{d.w}, dates()))
			}
		}
		for _, b := range c.bookmarks {
			d.line(0, strings.TrimSpace("bookmark: "+b.emoji+" "+b.title)+" → "+b.link)
		}
	}
	d.messages(c)
}

func (d *dump) marks(c *channel) string {
	var marks []string
	for _, m := range []struct {
		on   bool
		name string
	}{{c.private && !c.im, "private"}, {c.archived, "archived"}, {c.deleted, "deleted"}} {
		if m.on {
			marks = append(marks, m.name)
		}
	}
	if len(marks) == 0 {
		return ""
	}
	return " (" + strings.Join(marks, ", ") + ")"
}

// messages writes the channel's messages with their threads, and between them
// what single people were told.
func (d *dump) messages(c *channel) {
	var list []Message
	for _, m := range c.messages {
		// A reply whose parent was deleted stands alone.
		if m.threadTS == "" || m.threadTS == m.ts || c.message(m.threadTS) == nil {
			list = append(list, d.seen(c, m))
		}
	}
	for _, s := range d.w.whispers {
		if s.channel == c.id {
			m := d.seen(c, &s.message)
			m.OnlyFor, m.Via = s.to, s.via
			list = append(list, m)
		}
	}
	slices.SortStableFunc(list, func(a, b Message) int { return cmp.Compare(micros(a.TS), micros(b.TS)) })
	for _, m := range list {
		d.message(0, m)
		for _, r := range c.replies(m.TS) {
			d.message(2, d.seen(c, r))
		}
	}
}

func (d *dump) message(depth int, m Message) {
	system := m.User != "" && m.Subtype != "" && !slices.Contains([]string{"bot_message", "file_share", "thread_broadcast"}, m.Subtype)
	if system {
		if !d.quiet {
			d.line(depth, "* "+m.Author+" "+strings.TrimPrefix(m.Shown, "@"+m.Author+" "))
		}
		return
	}
	head := "- " + m.Author
	if m.Broadcast {
		head += " (also in the channel)"
	}
	if m.OnlyFor != "" {
		head += fmt.Sprintf(" (only %s sees this, by %s)", names{d.w}.User(m.OnlyFor), m.Via)
	}
	if m.Pinned {
		head += " (pinned)"
	}
	d.line(depth, head+":")
	d.line(depth+2, m.Shown)
	if m.Text == "" && len(m.Blocks) > 0 && m.User == d.w.botUserID {
		d.line(depth+2, "(no text for notifications)")
	}
	emoji := make([]string, 0, len(m.Reactions))
	for name := range m.Reactions {
		emoji = append(emoji, name)
	}
	slices.Sort(emoji)
	for _, name := range emoji {
		d.line(depth+2, ":"+name+": "+strings.Join(m.Reactions[name], ", "))
	}
}

// views writes open modals and Home tabs, by person.
func (d *dump) views() {
	for _, u := range d.w.users {
		for i, v := range d.w.stacks[u.ID] {
			d.line(0, fmt.Sprintf("\n== Modal %d of %s ==", i+1, u.shown()))
			d.view(v)
		}
	}
	for _, u := range d.w.users {
		if v := d.w.homes[u.ID]; v != nil {
			d.line(0, "\n== Home of "+u.shown()+" ==")
			d.view(v)
		}
	}
}

func (d *dump) view(v *view) {
	raw, _ := marshal(v.body)
	d.line(0, blockkit.ViewText(raw, names{d.w}, dates()))
	for _, k := range controls(v.blocks()) {
		if e := v.entered[k.block][k.action()]; e != nil && !empty(e) {
			d.line(1, "entered in "+cmp.Or(k.label, k.action())+": "+plain(e))
		}
		if text := v.errors[k.block]; text != "" {
			d.line(1, "error at "+cmp.Or(k.label, k.block)+": "+text)
		}
	}
}

func (d *dump) seen(c *channel, m *message) Message { return d.w.seen(c, m, dates()) }

// dates hides the times in date tokens.
func dates() blockkit.Option {
	return blockkit.Dates(func(int64, string, string) string { return "<date>" })
}

// plain is what a state.values entry says.
func plain(entry map[string]any) string {
	for name, value := range entry {
		if name == "type" {
			continue
		}
		if s, ok := value.(string); ok {
			return s
		}
		raw, _ := marshal(value)
		return string(raw)
	}
	return ""
}

var (
	linkTime  = regexp.MustCompile(`\bp\d{16}\b`)
	plainTime = regexp.MustCompile(`\b\d{10}\.\d{6}\b`)
)

// normal replaces what differs from run to run.
func (w *Workspace) normal(text string) string {
	var pairs []string
	for _, c := range w.channels {
		pairs = append(pairs, c.id, "<"+w.title(c)+">")
	}
	for _, u := range w.users {
		pairs = append(pairs, u.ID, "<@"+u.Name+">")
	}
	for _, f := range w.files {
		pairs = append(pairs, f.id, "<file "+f.name+">")
	}
	pairs = append(pairs, w.base, "<sandbox>", w.teamID, "<team>", w.appID, "<app>", w.botID, "<bot>")
	text = strings.NewReplacer(pairs...).Replace(text)
	return plainTime.ReplaceAllString(linkTime.ReplaceAllString(text, "p<ts>"), "<ts>")
}
