package bot

import (
	"context"

	"muster/block"
	"muster/incident"
)

// button is what comes of a click on something that bears an action.
type button struct {
	do func(b *Bot, ctx context.Context, c click) error
	// form is whether it opens a form that shows something: whether the person may
	// see that is asked first. The form that declares shows nothing.
	form bool
}

// generalButtons are those that are not about one incident.
var generalButtons = map[block.Action]button{
	// Slack's client follows links by itself.
	block.ActOpen:        does(func(*Bot, context.Context, click) error { return nil }),
	block.ActNext:        does((*Bot).turnPage),
	block.ActPrevious:    does((*Bot).turnPage),
	block.ActUpdateOf:    does((*Bot).updateOf),
	block.ActDeclare:     does((*Bot).declareAnother),
	block.ActDeclareForm: does((*Bot).declareClicked),
	block.ActSettings:    opensForm((*Bot).settingsClicked),
	block.ActSetting:     opensForm((*Bot).openSetting),
	block.ActAddRole:     opensForm((*Bot).openAddRole),
	block.ActStock:       does((*Bot).restoreStock),
	block.ActRetire:      does((*Bot).retireRole),
}

// incidentButtons are those whose value begins with an incident's number. Only who
// may know of the incident gets as far as here.
var incidentButtons = map[block.Action]button{
	block.ActShow:        opensForm((*Bot).panelClicked),
	block.ActTimeline:    opensForm(about((*Bot).openTimeline)),
	block.ActSeverity:    opensForm(about((*Bot).openSeverity)),
	block.ActStatus:      opensForm(about((*Bot).openStatus)),
	block.ActEdit:        opensForm(about((*Bot).openEdit)),
	block.ActCancel:      opensForm((*Bot).cancelClicked),
	block.ActDuplicate:   opensForm(about((*Bot).openDuplicate)),
	block.ActResolve:     opensForm((*Bot).resolveClicked),
	block.ActNote:        opensForm(about((*Bot).openNote)),
	block.ActTodos:       opensForm(about((*Bot).openTodos)),
	block.ActTodoAdd:     opensForm((*Bot).openTodo),
	block.ActTodoEdit:    opensForm((*Bot).openTodo),
	block.ActTodoDone:    does((*Bot).todoChanged),
	block.ActTodoOpen:    does((*Bot).todoChanged),
	block.ActTodoDrop:    does((*Bot).todoChanged),
	block.ActUpdate:      opensForm((*Bot).updateClicked),
	block.ActNothing:     does((*Bot).answerReminder),
	block.ActSnooze:      does((*Bot).answerReminder),
	block.ActStop:        does((*Bot).answerReminder),
	block.ActKeep:        does((*Bot).stillWorking),
	block.ActSubscribe:   does((*Bot).subscribe),
	block.ActUnsubscribe: does((*Bot).subscribe),
	block.ActRoles:       opensForm((*Bot).rolesClicked),
	block.ActClaim:       does((*Bot).claimClicked),
	block.ActClaimHere:   does((*Bot).claimHere),
	block.ActLeave:       does((*Bot).leaveRole),
	block.ActSame:        does((*Bot).isTheSame),
	block.ActReopen:      does((*Bot).reopenClicked),
	block.ActExport:      does((*Bot).exportHere),
	block.ActTakeOut:     does((*Bot).takeOut),
	block.ActReplacePage: does((*Bot).replacePage),
	block.ActRetry:       does((*Bot).retryClicked),
}

func does(do func(*Bot, context.Context, click) error) button { return button{do: do} }

func opensForm(do func(*Bot, context.Context, click) error) button {
	return button{do: do, form: true}
}

// about is a click on what opens a form that needs to know no more than of which
// incident.
func about(open func(b *Bot, ctx context.Context, trigger string, number int64, ack ack) error) func(*Bot, context.Context, click) error {
	return func(b *Bot, ctx context.Context, c click) error { return open(b, ctx, c.in.TriggerID, c.number, c.ack) }
}

// formOfClick reports whether a click on an action opens a form; inView is whether
// it stands in one.
func formOfClick(action block.Action, inView bool) bool {
	return generalButtons[action].form || incidentButtons[action].form || action == block.ActExport && inView
}

// declareAnother declares what somebody said is not the incident that they
// declared a moment ago.
func (b *Bot) declareAnother(ctx context.Context, c click) error {
	_, _, err := b.Desk.Declare(ctx, incident.Declaration{
		Title: c.value, By: c.act.By,
		Origin: incident.Origin{
			Kind: incident.OriginCommand, Key: c.act.Key, Channel: c.in.Channel.ID, ResponseURL: c.in.ResponseURL,
		},
	}.Named().Fit(), true)
	return err
}

func (b *Bot) declareClicked(ctx context.Context, c click) error {
	from := declareOrigin{Kind: incident.OriginForm, Channel: c.in.Channel.ID}
	return b.openDeclare(ctx, c.in.TriggerID, c.value, from, c.ack)
}

func (b *Bot) settingsClicked(ctx context.Context, c click) error {
	return b.openSettings(ctx, c.in.TriggerID, c.act.By, c.ack)
}

func (b *Bot) panelClicked(ctx context.Context, c click) error {
	return b.openPanel(ctx, c.in.TriggerID, c.act.By, c.number, c.ack)
}

func (b *Bot) updateClicked(ctx context.Context, c click) error {
	return b.openUpdate(ctx, c.in.TriggerID, c.number, "", c.ack)
}

func (b *Bot) resolveClicked(ctx context.Context, c click) error {
	return b.openResolve(ctx, c.in.TriggerID, c.number, "", c.ack)
}

func (b *Bot) cancelClicked(ctx context.Context, c click) error {
	return b.openCancel(ctx, c.in.TriggerID, c.number, "", c.ack)
}

func (b *Bot) rolesClicked(ctx context.Context, c click) error {
	return b.openRoles(ctx, c.in.TriggerID, c.number, c.rest, "", c.ack)
}

func (b *Bot) claimClicked(ctx context.Context, c click) error {
	i, role, err := b.Desk.Claim(ctx, c.number, c.rest, c.act)
	if err != nil {
		return err
	}
	return b.clickedElsewhere(ctx, c, block.Textf("You are now %s of %s.", role.Name, block.Called(i)))
}

// clickedElsewhere answers a click outside the room, where nothing changes that the
// person sees. A view is shown anew.
func (b *Bot) clickedElsewhere(ctx context.Context, c click, text block.Markup) error {
	if c.in.View.ID != "" {
		return nil
	}
	here, err := b.inItsRoom(ctx, c.in.Channel.ID, c.number)
	if err != nil || here {
		return err
	}
	b.whisper(ctx, c.in.ResponseURL, text)
	return nil
}

func (b *Bot) stillWorking(ctx context.Context, c click) error {
	_, err := b.Desk.StillWorking(ctx, c.number, c.act)
	return err
}

func (b *Bot) reopenClicked(ctx context.Context, c click) error {
	i, err := b.Desk.Reopen(ctx, c.number, c.act)
	if err != nil {
		return err
	}
	return b.clickedElsewhere(ctx, c, block.Textf("%s is open again, %s.", block.Called(i), i.Standing()))
}

func (b *Bot) retryClicked(ctx context.Context, c click) error { return b.Desk.Retry(ctx, c.number) }
