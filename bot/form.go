package bot

import (
	"cmp"
	"context"
	"encoding/json"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// forms are those that are sent, by their callback id, with what reads each: it gives
// what stays open of the form, or nil to close it.
var forms = map[string]func(b *Bot, ctx context.Context, in slack.InteractionCallback) *slack.ViewSubmissionResponse{
	formDeclare:   (*Bot).declared,
	formSeverity:  (*Bot).severityChosen,
	formStatus:    (*Bot).statusChosen,
	formRole:      (*Bot).roleChosen,
	formUpdate:    (*Bot).updated,
	formEdit:      (*Bot).edited,
	formCancel:    (*Bot).cancelled,
	formDuplicate: (*Bot).duplicated,
	formSetting:   (*Bot).settingSaved,
	formAddRole:   (*Bot).roleAdded,
	formKeep:      (*Bot).keepChosen,
	formNote:      (*Bot).noted,
	formTodo:      (*Bot).todoSaved,
	formResolve:   (*Bot).resolved,
}

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
	if read, known := forms[in.View.CallbackID]; known {
		response = read(b, ctx, in)
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

// openAbout opens the form that is made of an incident.
func (b *Bot) openAbout(ctx context.Context, trigger string, number int64, form func(*incident.Incident) slack.ModalViewRequest, ack ack) error {
	i, err := b.incident(ctx, number)
	if err != nil {
		return err
	}
	b.open(ctx, trigger, form(i), ack)
	return nil
}

// open shows a form, over the modal that the person acts in if there is one, beside
// the acknowledgement. Its trigger can be used once and lives for 3 s, so that a
// failure is for the person to repeat. It gives the view's id, empty after a failure.
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
	for field, elements := range in.View.State.Values {
		for _, e := range elements {
			out[field] = cmp.Or(e.SelectedOption.Value, e.SelectedUser, e.SelectedDate, block.Pictured(e.Value))
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
