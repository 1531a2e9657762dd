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

func (b *Bot) click(ctx context.Context, in slack.InteractionCallback, action *slack.BlockAction, ack ack) error {
	value := action.Value
	switch block.ParseAction(action.ActionID) {
	case block.ActOpen:
		return nil
	case block.ActNext, block.ActPrevious:
		return b.turnPage(ctx, in, value, ack)
	case block.ActUpdateOf:
		return b.updateOf(ctx, in, action.SelectedOption.Value)
	case block.ActDeclare:
		return b.declareAnother(ctx, in, action)
	case block.ActDeclareForm:
		return b.openDeclare(ctx, in.TriggerID, value, declareOrigin{Kind: incident.OriginForm, Channel: in.Channel.ID}, ack)
	}
	act := incident.Act{By: in.User.ID, Key: clickKey(in, action)}
	switch block.ParseAction(action.ActionID) {
	case block.ActSettings:
		return b.openSettings(ctx, in.TriggerID, in.User.ID, ack)
	case block.ActSetting:
		return b.openSetting(ctx, in, value, ack)
	case block.ActAddRole:
		return b.openAddRole(ctx, in, ack)
	case block.ActStock:
		return b.restoreStock(ctx, in, value, act)
	case block.ActRetire:
		return b.retireRole(ctx, in, value, act)
	}
	number, rest, ok := block.ParseValue(value)
	if !ok {
		return nil
	}
	if err := b.mayKnow(ctx, number); err != nil {
		return err
	}
	switch block.ParseAction(action.ActionID) {
	case block.ActShow:
		return b.openPanel(ctx, in.TriggerID, in.User.ID, number, ack)
	case block.ActTimeline:
		return b.openTimeline(ctx, in.TriggerID, number, ack)
	case block.ActSeverity:
		return b.openSeverity(ctx, in.TriggerID, number, ack)
	case block.ActStatus:
		return b.openStatus(ctx, in.TriggerID, number, ack)
	case block.ActUpdate:
		return b.openUpdate(ctx, in.TriggerID, number, "", ack)
	case block.ActSubscribe, block.ActUnsubscribe:
		return b.subscribe(ctx, in, number, block.ParseAction(action.ActionID) == block.ActSubscribe, act)
	case block.ActKeep:
		_, err := b.Desk.StillWorking(ctx, number, act)
		return err
	case block.ActNothing, block.ActSnooze, block.ActStop:
		return b.answerReminder(ctx, block.ParseAction(action.ActionID), number, rest, act)
	case block.ActEdit:
		return b.openEdit(ctx, in.TriggerID, number, ack)
	case block.ActCancel:
		return b.openCancel(ctx, in.TriggerID, number, ack)
	case block.ActDuplicate:
		return b.openDuplicate(ctx, in.TriggerID, number, ack)
	case block.ActSame:
		return b.isTheSame(ctx, in, number, rest, act)
	case block.ActResolve:
		return b.openResolve(ctx, in.TriggerID, number, ack)
	case block.ActReopen:
		_, err := b.Desk.Reopen(ctx, number, act)
		return err
	case block.ActExport:
		return b.exportHere(ctx, in, number, ack)
	case block.ActClaimHere:
		return b.claimHere(ctx, in, number, rest, act)
	case block.ActTodos, block.ActTodoAdd, block.ActTodoEdit, block.ActTodoDone, block.ActTodoOpen, block.ActTodoDrop:
		return b.todoClicked(ctx, in, block.ParseAction(action.ActionID), number, rest, act, ack)
	case block.ActTakeOut:
		return b.takeOut(ctx, in, number, rest, act)
	case block.ActReplacePage:
		return b.replacePage(ctx, in, number, rest)
	case block.ActRetry:
		return b.Desk.Retry(ctx, number)
	case block.ActLeave:
		return b.leaveRole(ctx, in, number, rest, act)
	case block.ActRoles:
		return b.openRoles(ctx, in.TriggerID, number, rest, "", ack)
	case block.ActClaim:
		_, _, err := b.Desk.Claim(ctx, number, rest, act)
		return err
	}
	return nil
}

// clickKey is the same when Slack sends one click twice.
func clickKey(in slack.InteractionCallback, action *slack.BlockAction) string {
	return "click:" + action.ActionID + ":" + in.User.ID + ":" + action.ActionTs
}

// declareAnother declares what somebody said is not the incident that they
// declared a moment ago.
func (b *Bot) declareAnother(ctx context.Context, in slack.InteractionCallback, action *slack.BlockAction) error {
	_, _, err := b.Desk.Declare(ctx, incident.Declaration{
		Title: action.Value, By: in.User.ID,
		Origin: incident.Origin{
			Kind: incident.OriginCommand, Key: clickKey(in, action), Channel: in.Channel.ID, ResponseURL: in.ResponseURL,
		},
	}.Fit(), true)
	return err
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
