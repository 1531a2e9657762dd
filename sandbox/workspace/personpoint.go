package workspace

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"muster/sandbox/blockkit"
)

// A client knows exactly which message and which control a person points at.
// These acts take ids, and otherwise the same way as those by visible words.

// Use uses the control with these ids in a message, the modal or the Home tab:
// clicks a button, picks the entry of a menu with these words, sets a select or
// fills a field. Choices are options by their words, people and channels by name
// or id, a date as 2006-01-02, a date and time in UTC. No words at all empty it.
func (p *Person) Use(ctx context.Context, at Action, words ...string) error {
	found, err := p.pointed(at, words)
	if err != nil {
		return p.failed("points at a control", err)
	}
	if !found.control.Field {
		return p.use(ctx, found, words)
	}
	f := &Form{p: p, id: at.View}
	if err := f.fits(found.control, words); err != nil {
		return p.failed("fills "+found.control.Label, err)
	}
	return p.failed("fills "+found.control.Label, f.enter(found, words))
}

// Suggest types a query into an external select and lists what the app offers.
func (p *Person) Suggest(at Action, query string) ([]blockkit.Choice, error) {
	if _, err := p.pointed(at, nil); err != nil {
		return nil, p.failed("points at a menu", err)
	}
	d := p.w.DeliverSuggestions(p.name, at, query)
	if d.Err != nil {
		return nil, p.failed("looks for "+query, d.Err)
	}
	return blockkit.ReadChoices(d.Payload), nil
}

func (p *Person) pointed(at Action, words []string) (spot, error) {
	blocks, err := p.blocksAt(at)
	if err != nil {
		return spot{}, err
	}
	for _, s := range spots(blocks, Action{View: at.View, Channel: at.Channel, TS: at.TS}) {
		if s.at.BlockID == at.BlockID && s.at.ActionID == at.ActionID &&
			(s.control.Type != "overflow" || len(words) == 1 && blockkit.SameWords(s.control.Label, words[0])) {
			return s, nil
		}
	}
	return spot{}, fmt.Errorf("%w: %s", errNoControl, at.ActionID)
}

func (p *Person) blocksAt(at Action) ([]byte, error) {
	if at.View != "" {
		views := p.w.Modals(p.name)
		if home, published := p.w.Home(p.name); published {
			views = append(views, home)
		}
		for _, v := range views {
			if v.ID == at.View {
				return v.Blocks, nil
			}
		}
		return nil, fmt.Errorf("%s does not see the view %s", p.name, at.View)
	}
	m, err := p.messageAt(at.Channel, at.TS)
	return m.Blocks, err
}

func (p *Person) messageAt(channel, ts string) (Message, error) {
	list := p.look(channel)
	i := slices.IndexFunc(list, func(m Message) bool { return m.TS == ts })
	if i < 0 {
		return Message{}, fmt.Errorf("%s does not see the message %s in %s", p.name, ts, channel)
	}
	return list[i], nil
}

// TopForm is the modal on top, if one is open.
func (p *Person) TopForm() (*Form, View, bool) {
	v, open := p.top()
	return &Form{p: p, id: v.ID}, v, open
}

// MessageShortcutAt picks a message shortcut by its name on a message.
func (p *Person) MessageShortcutAt(ctx context.Context, channel, ts, name string) error {
	id, err := p.w.shortcut("message", name)
	if err == nil {
		err = p.begin(ctx, channel)
	}
	if err == nil {
		err = p.w.DeliverMessageShortcut(p.name, channel, ts, id).Err
	}
	return p.failed("picks "+name, err)
}

// RepliesTo posts text in the thread of a message.
func (p *Person) RepliesTo(ctx context.Context, channel, ts, text string) error {
	err := p.begin(ctx, channel)
	if err == nil {
		_, err = p.w.Reply(p.name, p.where(channel), ts, text)
	}
	return p.failed("replies "+text, err)
}

// TogglesReaction adds a reaction to a message, or takes the own one back.
func (p *Person) TogglesReaction(ctx context.Context, channel, ts, emoji string) error {
	m, err := p.messageAt(channel, ts)
	if err == nil {
		err = p.begin(ctx, channel)
	}
	if err != nil {
		return p.failed("reacts", err)
	}
	emoji = strings.Trim(emoji, ":")
	if slices.Contains(m.Reactions[emoji], p.w.Names().User(p.w.UserID(p.name))) {
		return p.failed("takes "+emoji+" back", p.w.Unreact(p.name, m.ChannelID, ts, emoji))
	}
	return p.failed("reacts with "+emoji, p.w.React(p.name, m.ChannelID, ts, emoji))
}

// TogglesPin pins a message, or takes its pin away.
func (p *Person) TogglesPin(ctx context.Context, channel, ts string) error {
	m, err := p.messageAt(channel, ts)
	if err == nil {
		err = p.begin(ctx, channel)
	}
	if err == nil && m.Pinned {
		err = p.w.Unpin(p.name, m.ChannelID, ts)
	} else if err == nil {
		err = p.w.Pin(p.name, m.ChannelID, ts)
	}
	return p.failed("pins", err)
}

// Joins joins a public channel.
func (p *Person) Joins(ctx context.Context, channel string) error {
	err := p.begin(ctx, channel)
	if err == nil {
		err = p.w.Join(p.name, channel)
	}
	return p.failed("joins "+channel, err)
}
