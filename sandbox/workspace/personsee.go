package workspace

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

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

// look lists what the person sees in a channel, oldest first.
func (p *Person) look(channel string) []Message { return p.w.VisibleTo(p.name, p.where(channel)) }

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
	for _, m := range p.hearable(place) {
		heard[m.TS+m.Shown] = true
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.place, p.heard = place, heard
	return nil
}

// hearable lists where an answer to an act may show: everything told to this
// person alone, and the channel of the act.
func (p *Person) hearable(place string) []Message {
	if place == "" {
		return p.w.Whispers(p.name)
	}
	return append(p.w.Whispers(p.name), p.w.Messages(place)...)
}

// Hears waits for an answer with these words to the person's last act: something
// new that only they see, or that is new in the channel of the act. An answer
// that replaces the message they acted on counts as new.
func (p *Person) Hears(ctx context.Context, words string) error {
	p.mu.Lock()
	place, before := p.place, p.heard
	p.mu.Unlock()
	fresh := func() []Message {
		return slices.DeleteFunc(p.hearable(place), func(m Message) bool { return before[m.TS+m.Shown] })
	}
	return p.await(ctx, fmt.Sprintf("to hear %q", words), func() string { return draw("", fresh()) }, func() bool {
		return slices.ContainsFunc(fresh(), func(m Message) bool { return contains(m.Shown, words) })
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
	ctx, cancel := context.WithTimeout(ctx, p.w.cfg.Patience)
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
func (p *Person) onMessage(ctx context.Context, act, channel, containing string, do func(Message) error) error {
	var found Message
	err := p.await(ctx, fmt.Sprintf("for a message with %q in %s", containing, channel),
		func() string { return p.Sees(channel) },
		func() bool {
			for _, m := range slices.Backward(p.look(channel)) {
				if m.OnlyFor == "" && !m.system() && contains(m.Shown, containing) {
					found = m
					return true
				}
			}
			return false
		})
	if err == nil {
		err = p.begin(ctx, found.ChannelID)
	}
	if err != nil {
		return err
	}
	return p.failed(act+" on "+containing, do(found))
}

func first(words ...string) string {
	for _, w := range words {
		if w != "" {
			return w
		}
	}
	return ""
}
