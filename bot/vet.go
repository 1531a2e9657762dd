package bot

import (
	"context"
	"time"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// The form that declares says nothing of any incident, and the trigger that opens it
// lives for 3 s. So it opens at once, before anybody asks who opens it; who may do
// nothing sees it turn into the refusal.

type vetKey struct{}

// vetLater lets a person whom nobody knows yet be asked about after the form.
func (b *Bot) vetLater(ctx context.Context, person string) context.Context {
	if _, known := b.accounts.find(person, time.Now()); known {
		return ctx
	}
	return context.WithValue(ctx, vetKey{}, person)
}

func vetsLater(ctx context.Context) bool { return ctx.Value(vetKey{}) != nil }

// vet makes up for it.
func (b *Bot) vet(ctx context.Context) error {
	person, later := ctx.Value(vetKey{}).(string)
	if !later {
		return nil
	}
	return b.may(ctx, person)
}

// opensDeclare reports a command that only opens the form that declares.
func (b *Bot) opensDeclare(ctx context.Context, a asked) bool {
	switch {
	case a.Verb == incident.VerbNew:
		return incident.CleanLine(a.Rest) == ""
	case a.Verb != incident.VerbForm || a.Near != "":
		return false
	case a.Rest != "":
		return true
	}
	number, err := b.Reader.InRoom(ctx, a.ChannelID)
	return err == nil && number == 0
}

// opensDeclareForm is opensDeclare for shortcuts and buttons.
func opensDeclareForm(in slack.InteractionCallback) bool {
	switch in.Type {
	case slack.InteractionTypeShortcut:
		return in.CallbackID == shortcutDeclare
	case slack.InteractionTypeMessageAction:
		return in.CallbackID == shortcutFromMessage
	case slack.InteractionTypeBlockActions:
		return onlyAct(in, block.ActDeclareForm)
	}
	return false
}
