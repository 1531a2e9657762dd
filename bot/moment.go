package bot

import (
	"context"
	"errors"
	"strings"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// A trigger lives for 3 s, and a form that shows an incident may be opened only for
// whom the incident concerns. So where Slack has to be asked about that first, a view
// that tells nothing takes the trigger, and becomes the form or the refusal when
// the answer is there. If the program dies between, that view stays, says what to do,
// and nothing else has happened.

// opening is the form that a payload asks for.
type opening struct {
	trigger string
	ack     ack
	// wanted reports whether the payload opens a form at all.
	wanted func() bool
	// asked is whether wanted was asked, view the id of what was opened in the
	// form's place, and done whether that became what it stands for.
	asked bool
	view  string
	done  bool
}

type openingKey struct{}

// opens says that what is done in the context may open a form.
func opens(ctx context.Context, trigger string, ack ack, wanted func() bool) context.Context {
	return context.WithValue(ctx, openingKey{}, &opening{trigger: trigger, ack: ack, wanted: wanted})
}

func openingOf(ctx context.Context) *opening {
	if o, ok := ctx.Value(openingKey{}).(*opening); ok {
		return o
	}
	return &opening{asked: true}
}

// held reports whether a view waits to become the form.
func held(ctx context.Context) bool {
	o := openingOf(ctx)
	return o.view != "" && !o.done
}

// hold takes the trigger before Slack is asked about anything else.
func (b *Bot) hold(ctx context.Context) {
	o := openingOf(ctx)
	if o.asked || o.done {
		return
	}
	o.asked = true
	if o.trigger == "" || !o.wanted() {
		return
	}
	o.view = b.lay(ctx, o.trigger, momentView(), o.ack)
}

func momentView() slack.ModalViewRequest {
	return block.Form("", "One moment…", "", "",
		block.Section("One moment…"), block.Context("If this stays, close it and click again. Nothing was changed."))
}

// become turns the view that waits into what it stands for. The person may wait for
// longer than an acknowledgement could.
func (b *Bot) become(ctx context.Context, view slack.ModalViewRequest) string {
	o := openingOf(ctx)
	o.done = true
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refreshLimit)
	defer cancel()
	view.ExternalID = at(ctx).externalID(o.trigger)
	if _, err := b.Slack.UpdateViewContext(ctx, view, "", "", o.view); err != nil {
		// Most often they closed it.
		b.Log.Warn().Err(err).Str("form", view.CallbackID).Msg("show a form in the place of one that waits")
	}
	return o.view
}

// letGo ends a view that waits for nothing any more, with what went wrong.
func (b *Bot) letGo(ctx context.Context, err error) {
	if !held(ctx) {
		return
	}
	text := block.Markup("That took too long. Nothing was changed. Close this and try again.")
	if err != nil && !errors.Is(err, context.DeadlineExceeded) {
		text = b.words(err)
	}
	b.become(ctx, refusalView(text))
}

// formOf reports whether a command opens a form about an incident. Those that open
// the one that declares don't count: it opens at once.
func (b *Bot) formOf(ctx context.Context, a asked) bool {
	if a.Verb == incident.VerbSettings {
		return true
	}
	if !formWords(a) {
		return false
	}
	number, err := b.which(ctx, a)
	return err == nil && (number != 0 || a.Verb == incident.VerbUpdate)
}

// formWords is formOf by the words alone.
func formWords(a asked) bool {
	switch a.Verb {
	case incident.VerbUpdate:
		return true
	case incident.VerbForm, incident.VerbTodo, incident.VerbSeverity, incident.VerbTitle, incident.VerbSummary:
		return a.Rest == ""
	case incident.VerbResolve, incident.VerbCancel:
		return a.Rest == "" || mayBeTitle(a)
	case incident.VerbStatus:
		to, err := incident.ParseStatus(a.Rest)
		return a.Rest == "" || err == nil && !to.Open()
	case incident.VerbDup:
		_, named := incident.ParseDuplicate(a.Rest)
		return !named
	case incident.VerbAssign, incident.VerbHandOver:
		to, _ := givenTo(a.Text)
		return to == "" && !strings.Contains(a.Rest, "@")
	}
	return false
}

// formClicked is formOf for shortcuts and clicks.
func (b *Bot) formClicked(ctx context.Context, in slack.InteractionCallback) bool {
	switch in.Type {
	case slack.InteractionTypeShortcut:
		return in.CallbackID == shortcutUpdate
	case slack.InteractionTypeMessageAction:
		number, err := b.Reader.InRoom(ctx, in.Channel.ID)
		return in.CallbackID == shortcutKeep && err == nil && number == 0
	case slack.InteractionTypeBlockActions:
		for _, action := range in.ActionCallback.BlockActions {
			chosen(action)
			if formOfClick(block.ParseAction(action.ActionID), in.View.ID != "") {
				return true
			}
		}
	}
	return false
}
