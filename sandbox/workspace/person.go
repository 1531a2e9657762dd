package workspace

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"muster/sandbox/blockkit"
)

// Person acts and reads as one member of the workspace, by visible words alone:
// names, labels on buttons and fields, what a message says. It is the language
// of stories and of the demo:
//
//	ana := ws.Person("ana")
//	reply, err := ana.Slash(ctx, "#general", "/incident new db down")
//	form, err := ana.Form(ctx)
//	err = form.Fill("Title", "db down")
//	outcome, err := form.Submit(ctx)
//	err = ana.Click(ctx, "#inc-1-db-down", "Claim")
//	err = ana.AwaitDM(ctx, "You are the commander")
//
// A channel is an id, a name with or without "#", or "dm" for the messages
// between this person and the app. Acts that need something to be there wait for
// it; when it does not come, the error shows what the person sees instead.
// Nothing panics: a story fails on the error, the demo prints it.
//
// Keep the value that Workspace.Person returns: it remembers what the person
// opened, confirmed and heard. It may be used by several goroutines.
type Person struct {
	w    *Workspace
	name string

	mu        sync.Mutex
	opened    []string
	confirmed []blockkit.Confirm
	place     string          // channel id of the last act, where answers are expected
	heard     map[string]bool // what was there when the last act began
}

// Reply is what came back to a person at once, with the acknowledgement.
type Reply struct {
	// Text is the answer as the person reads it; "" when the app only acknowledged.
	Text string
}

// Person is the member with this name, whether or not they exist yet.
func (w *Workspace) Person(name string) *Person {
	return &Person{w: w, name: strings.TrimPrefix(name, "@")}
}

// Name is the person's @name, without the sign.
func (p *Person) Name() string { return p.name }

// Slash types a command in a channel. What the app says later through the
// response_url is awaited with Hears.
func (p *Person) Slash(ctx context.Context, channel, line string) (Reply, error) {
	if err := p.begin(ctx, channel); err != nil {
		return Reply{}, err
	}
	d := p.w.DeliverCommand(p.name, p.where(channel), line)
	if d.Err != nil {
		return Reply{}, fmt.Errorf("%s types %s: %w", p.name, line, d.Err)
	}
	return Reply{Text: p.w.answered(d.Payload)}, nil
}

// Shortcut picks a global shortcut by the name that the manifest gives it.
func (p *Person) Shortcut(ctx context.Context, name string) error {
	id, err := p.w.shortcut("global", name)
	if err == nil {
		err = p.begin(ctx, "")
	}
	if err == nil {
		err = p.w.DeliverShortcut(p.name, id).Err
	}
	return p.failed("picks the shortcut "+name, err)
}

// MessageShortcut picks a message shortcut by its name on the newest message
// that contains the words.
func (p *Person) MessageShortcut(ctx context.Context, channel, containing, name string) error {
	id, err := p.w.shortcut("message", name)
	if err != nil {
		return p.failed("picks the message shortcut "+name, err)
	}
	return p.onMessage(ctx, "picks "+name, channel, containing, func(m Message) error {
		return p.w.DeliverMessageShortcut(p.name, m.ChannelID, m.TS, id).Err
	})
}

// answered draws the message in the ack of a command.
func (w *Workspace) answered(payload json.RawMessage) string {
	var c content
	if len(payload) == 0 || json.Unmarshal(payload, &c) != nil || c.empty() {
		return ""
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.shown(w.ownMessage(c))
}

// shortcut finds a callback id by visible name.
func (w *Workspace) shortcut(kind, name string) (string, error) {
	var offered []string
	for _, s := range w.Shortcuts() {
		if s.Type == kind && blockkit.SameWords(s.Name, name) {
			return s.CallbackID, nil
		}
		if s.Type == kind {
			offered = append(offered, s.Name)
		}
	}
	return "", fmt.Errorf("the menu has no %s shortcut “%s”, only “%s”", kind, name, strings.Join(offered, "”, “"))
}

// Says posts text in a channel; @names, #channels and addresses become live, as
// while typing.
func (p *Person) Says(ctx context.Context, channel, text string) error {
	if err := p.begin(ctx, channel); err != nil {
		return err
	}
	_, err := p.w.Post(p.name, p.where(channel), text)
	return p.failed("says "+text, err)
}

// Mentions posts text that must name the app's bot, such as "@muster list".
func (p *Person) Mentions(ctx context.Context, channel, text string) error {
	p.w.mu.Lock()
	names := strings.Contains(p.w.escape(text), "<@"+p.w.botUserID+">")
	p.w.mu.Unlock()
	if !names {
		return fmt.Errorf("%s says %s: it does not mention @%s", p.name, text, p.w.manifest.BotName)
	}
	return p.Says(ctx, channel, text)
}

// Replies posts text in the thread of the newest message that contains the words.
func (p *Person) Replies(ctx context.Context, channel, containing, text string) error {
	return p.onMessage(ctx, "replies "+text, channel, containing, func(m Message) error {
		_, err := p.w.Reply(p.name, m.ChannelID, first(m.ThreadTS, m.TS), text)
		return err
	})
}

// React adds a reaction to the newest message that contains the words.
func (p *Person) React(ctx context.Context, channel, containing, emoji string) error {
	return p.onMessage(ctx, "reacts with "+emoji, channel, containing, func(m Message) error {
		return p.w.React(p.name, m.ChannelID, m.TS, strings.Trim(emoji, ":"))
	})
}

// Unreact takes a reaction back.
func (p *Person) Unreact(ctx context.Context, channel, containing, emoji string) error {
	return p.onMessage(ctx, "takes "+emoji+" back", channel, containing, func(m Message) error {
		return p.w.Unreact(p.name, m.ChannelID, m.TS, strings.Trim(emoji, ":"))
	})
}

// Pin pins the newest message that contains the words.
func (p *Person) Pin(ctx context.Context, channel, containing string) error {
	return p.onMessage(ctx, "pins", channel, containing, func(m Message) error {
		return p.w.Pin(p.name, m.ChannelID, m.TS)
	})
}

// Unpin takes a pin away from the newest message that contains the words.
func (p *Person) Unpin(ctx context.Context, channel, containing string) error {
	return p.onMessage(ctx, "unpins", channel, containing, func(m Message) error {
		return p.w.Unpin(p.name, m.ChannelID, m.TS)
	})
}

// OpensHome looks at the app's Home tab. The app hears of it and may publish;
// AwaitHome waits for what it shows.
func (p *Person) OpensHome(ctx context.Context) error {
	err := p.begin(ctx, "")
	if err == nil {
		err = p.w.OpenHome(p.name)
	}
	return p.failed("opens the Home tab", err)
}

// Opened lists the pages that the person's clicks on link buttons opened.
func (p *Person) Opened() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.opened)
}

// Confirmed lists the dialogs that asked the person again and were answered yes.
func (p *Person) Confirmed() []blockkit.Confirm {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.confirmed)
}

func (p *Person) failed(act string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s %s: %w", p.name, act, err)
}
