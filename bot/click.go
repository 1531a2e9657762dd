package bot

import (
	"context"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// clicks handles what was clicked in a message; Slack sends one action mostly.
func (b *Bot) clicks(ctx context.Context, in slack.InteractionCallback, ack ack) {
	where := at(ctx)
	for _, action := range in.ActionCallback.BlockActions {
		chosen(action)
		err := b.click(ctx, in, action, ack)
		ack(nil)
		// A choice keeps what was picked until its view is shown anew.
		if changes(err) && (!where.opened || action.Type == slack.ActionType(slack.OptTypeExternal)) {
			b.refresh(ctx, in.User.ID, where)
		}
		if err != nil {
			b.complain(ctx, in, err)
		}
	}
	ack(nil)
}

// chosen turns what was picked into a click that carries it, and the entry of a
// menu into the action that it stands for.
func chosen(action *slack.BlockAction) {
	if action.Value == "" {
		action.Value = action.SelectedOption.Value
	}
	if block.ParseAction(action.ActionID) == block.ActMenu {
		var name block.Action
		name, action.Value = block.ParseMenu(action.Value)
		action.ActionID = string(name)
	}
}

// click is one click on a button, a link, or an entry of a menu.
type click struct {
	in     slack.InteractionCallback
	action block.Action
	// value is what the button carries, or what was picked. Of a click about one
	// incident, number is the incident's and rest what follows it.
	value  string
	number int64
	rest   string
	act    incident.Act
	ack    ack
}

func (b *Bot) click(ctx context.Context, in slack.InteractionCallback, action *slack.BlockAction, ack ack) error {
	c := click{
		in: in, action: block.ParseAction(action.ActionID), value: action.Value,
		act: incident.Act{By: in.User.ID, Key: clickKey(in, action)}, ack: ack,
	}
	if of, ok := generalButtons[c.action]; ok {
		return of.do(b, ctx, c)
	}
	of, known := incidentButtons[c.action]
	var ok bool
	if c.number, c.rest, ok = block.ParseValue(c.value); !known || !ok {
		return nil
	}
	if err := b.mayKnow(ctx, c.number); err != nil {
		return err
	}
	return of.do(b, ctx, c)
}

// clickKey is the same when Slack sends one click twice.
func clickKey(in slack.InteractionCallback, action *slack.BlockAction) string {
	return "click:" + action.ActionID + ":" + in.User.ID + ":" + action.ActionTs
}

// The callback ids of the manifest's global shortcuts.
const (
	shortcutDeclare = "incident_declare"
	shortcutUpdate  = "incident_update"
)

// shortcut handles what was picked from the search bar.
func (b *Bot) shortcut(ctx context.Context, in slack.InteractionCallback, ack ack) {
	var err error
	switch in.CallbackID {
	case shortcutDeclare:
		err = b.openDeclare(ctx, in.TriggerID, "", declareOrigin{Kind: incident.OriginShortcut}, ack)
	case shortcutUpdate:
		err = b.openUpdate(ctx, in.TriggerID, 0, "", ack)
	}
	if err != nil {
		// A global shortcut has no channel to answer in.
		b.open(ctx, in.TriggerID, refusalView(b.words(err)), ack)
	}
	ack(nil)
}
