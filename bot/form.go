package bot

import (
	"cmp"
	"context"
	"encoding/json"

	"github.com/slack-go/slack"

	"muster/incident"
)

// submission hands a form to its parser.
func (b *Bot) submission(ctx context.Context, in slack.InteractionCallback, ack ack) {
	from := cameFrom(in)
	ctx = context.WithValue(ctx, standKey{}, from)
	var response *slack.ViewSubmissionResponse
	if err := b.mayKnowForm(ctx, in); err != nil {
		view := refusalView(b.words(err))
		ack(slack.NewUpdateViewSubmissionResponse(&view))
		return
	}
	switch in.View.CallbackID {
	case formDeclare:
		response = b.declared(ctx, in)
	case formSeverity:
		response = b.severityChosen(ctx, in)
	case formStatus:
		response = b.statusChosen(ctx, in)
	case formRole:
		response = b.roleChosen(ctx, in)
	case formUpdate:
		response = b.updated(ctx, in)
	case formEdit:
		response = b.edited(ctx, in)
	case formCancel:
		response = b.cancelled(ctx, in)
	case formDuplicate:
		response = b.duplicated(ctx, in)
	case formSetting:
		response = b.settingSaved(ctx, in)
	case formAddRole:
		response = b.roleAdded(ctx, in)
	case formKeep:
		response = b.keepChosen(ctx, in)
	case formTodo:
		response = b.todoSaved(ctx, in)
	case formResolve:
		response = b.resolved(ctx, in)
	}
	if response == nil {
		// Nothing in the acknowledgement closes the form.
		ack(nil)
	} else {
		ack(response)
	}
	if response == nil || response.ResponseAction != slack.RAErrors {
		b.refresh(ctx, in.User.ID, from)
	}
}

// open shows a form, over the modal that the person acts in if there is one, beside the acknowledgement. Its trigger can be used once
// and lives for 3 s, so that a failure is for the person to repeat. It gives the
// view's id, empty after a failure.
func (b *Bot) open(ctx context.Context, trigger string, view slack.ModalViewRequest, ack ack) string {
	if held(ctx) {
		return b.become(ctx, view)
	}
	openingOf(ctx).done = true
	return b.lay(ctx, trigger, view, ack)
}

// lay opens a view.
func (b *Bot) lay(ctx context.Context, trigger string, view slack.ModalViewRequest, ack ack) string {
	ack(nil)
	where := at(ctx)
	where.opened, view.ExternalID = true, where.externalID(trigger)
	show := b.Slack.OpenViewContext
	if where.push {
		show = b.Slack.PushViewContext
	}
	opened, err := show(ctx, trigger, view)
	if err != nil {
		b.Log.Warn().Err(err).Str("form", view.CallbackID).Msg("open a form")
		return ""
	}
	return opened.ID
}

// closeUnless closes the form, unless err is something that the person can
// mend in it, beside the field that it is about or else the first.
func (b *Bot) closeUnless(ctx context.Context, err error, fields ...string) *slack.ViewSubmissionResponse {
	if err == nil || incident.IsKind(err, incident.NothingToDo) {
		return nil
	}
	return b.fieldErrors(err, b.namer(ctx), fields...)
}

// values reads what was filled in, by field: block and element share the id.
func values(in slack.InteractionCallback) map[string]string {
	out := map[string]string{}
	if in.View.State == nil {
		return out
	}
	for block, elements := range in.View.State.Values {
		for _, e := range elements {
			out[block] = cmp.Or(e.SelectedOption.Value, e.SelectedUser, e.SelectedDate, e.Value)
		}
	}
	return out
}

// checked lists what was ticked in a field.
func checked(in slack.InteractionCallback, field string) []string {
	var list []string
	if in.View.State == nil {
		return nil
	}
	for _, option := range in.View.State.Values[field][field].SelectedOptions {
		list = append(list, option.Value)
	}
	return list
}

func pack(s shown) string {
	private, _ := json.Marshal(s)
	return string(private)
}

// unpack reads it back; a form that somebody forged names incident 0, which
// doesn't exist.
func unpack(in slack.InteractionCallback) shown {
	var s shown
	if json.Unmarshal([]byte(in.View.PrivateMetadata), &s) != nil {
		return shown{}
	}
	return s
}
