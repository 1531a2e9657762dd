package bot

import (
	"context"

	"github.com/slack-go/slack"

	"muster/block"
)

// refused answers an interaction of a person who may do nothing here, in the way
// that its kind is answered, and reports whether it did.
func (b *Bot) refused(ctx context.Context, in slack.InteractionCallback, ack ack) bool {
	if onlyLinks(in) {
		return false
	}
	err := b.mayHelp(ctx, in.User.ID, in.Channel.ID, onlyAct(in, block.ActClaim))
	if err == nil {
		return false
	}
	switch in.Type {
	case slack.InteractionTypeBlockSuggestion:
		ack(offers(nil))
	case slack.InteractionTypeViewSubmission:
		view := refusalView(b.words(err))
		ack(slack.NewUpdateViewSubmissionResponse(&view))
	case slack.InteractionTypeBlockActions, slack.InteractionTypeMessageAction:
		ack(nil)
		b.complain(ctx, in, err)
	case slack.InteractionTypeShortcut:
		b.open(ctx, in.TriggerID, refusalView(b.words(err)), ack)
	default:
		ack(nil)
	}
	return true
}

// onlyLinks reports a click on a link, which Slack's client has followed already.
func onlyLinks(in slack.InteractionCallback) bool {
	return onlyAct(in, block.ActOpen)
}

// onlyAct reports clicks of one action and no other.
func onlyAct(in slack.InteractionCallback, act block.Action) bool {
	for _, action := range in.ActionCallback.BlockActions {
		if block.ParseAction(action.ActionID) != act {
			return false
		}
	}
	return len(in.ActionCallback.BlockActions) > 0
}

func refusalView(text block.Markup) slack.ModalViewRequest {
	return block.Form("", "That did not work", "", "", block.Section(text))
}
