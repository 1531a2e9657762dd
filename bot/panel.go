package bot

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

const (
	formPanel    = "panel"
	formTimeline = "timeline"
)

// standing is all that show and the panel tell of an incident.
type standing struct {
	incident    *incident.Incident
	definitions incident.Definitions
	room        string
	trouble     []incident.StepState
}

func (b *Bot) standing(ctx context.Context, number int64) (s standing, err error) {
	if s.incident, err = b.incident(ctx, number); err != nil {
		return s, err
	}
	if s.definitions, err = b.Reader.Definitions(ctx); err != nil {
		return s, err
	}
	if s.room, err = b.Reader.RoomOf(ctx, number); err != nil {
		return s, err
	}
	s.trouble, err = b.Reader.Trouble(ctx, number)
	return s, err
}

// openPanel opens the incident's panel: how it stands, and all that can be done.
func (b *Bot) openPanel(ctx context.Context, trigger, user string, number int64, ack ack) error {
	s, err := b.standing(ctx, number)
	if err != nil {
		return err
	}
	p := *at(ctx)
	p.Number = number
	b.open(ctx, trigger, panel(s, user, &p), ack)
	return nil
}

// updatePanel shows how the incident stands now in a panel that is open.
func (b *Bot) updatePanel(ctx context.Context, user string, p *stand) {
	s, err := b.standing(ctx, p.Number)
	if err == nil {
		_, err = b.Slack.UpdateViewContext(ctx, panel(s, user, p), "", "", p.Panel)
	}
	if err != nil {
		b.Log.Warn().Err(err).Msg("bring a panel up to date")
	}
}

func panel(s standing, user string, p *stand) slack.ModalViewRequest {
	i := s.incident
	blocks := []slack.Block{block.Section(headline(i, s.definitions, s.room))}
	if i.Summary != "" {
		blocks = append(blocks, block.Plain(i.Summary))
	}
	roles := s.definitions.RolesOf(i)
	for _, role := range roles[:min(len(roles), maxPanelRoles)] {
		blocks = append(blocks, panelRole(i, role, user))
	}
	for _, t := range s.trouble {
		blocks = append(blocks, block.Context(trouble(t)))
	}
	for _, row := range panelButtons(s) {
		blocks = append(blocks, block.Actions(row...))
	}
	return block.Form(formPanel, i.Ref(), "", p.private(), blocks...)
}

// maxPanelRoles keeps a panel within a view's 100 blocks.
const maxPanelRoles = 60

// panelRole shows who has a role, with what the person who looks may do about it.
func panelRole(i *incident.Incident, role incident.Role, user string) slack.Block {
	text, value := block.Textf("%s: %s", role.Name, block.Holder(i, role.Key)), block.Value(i.Number, role.Key)
	held, taken := i.Holder(role.Key)
	switch {
	case !i.Status.Open() && i.Status != incident.Resolved:
	case !taken:
		return block.Row(text, block.Button("Claim", block.ActClaim, value))
	case held.User == user && i.Status.Open():
		return block.Row(text, block.Button("Leave", block.ActLeave, value))
	}
	return block.Section(text)
}

// panelButtons are rows: what is used most, and the rest with what ends an incident
// without having been one last.
func panelButtons(s standing) [][]*slack.ButtonBlockElement {
	value := block.Value(s.incident.Number)
	first := []*slack.ButtonBlockElement{block.Reopen(s.incident.Number)}
	if s.incident.Status.Open() {
		first = []*slack.ButtonBlockElement{
			block.Button("Post update", block.ActUpdate, value),
			block.Button("Status", block.ActStatus, value),
			block.Button("Severity", block.ActSeverity, value),
			block.Button("Roles", block.ActRoles, value),
			block.Primary("Resolve", block.ActResolve, value),
		}
	}
	if len(s.trouble) > 0 {
		first = append(first, block.Button("Try again now", block.ActRetry, value))
	}
	others := []*slack.ButtonBlockElement{
		block.Button("Note", block.ActNote, value), block.Button(todosLabel(s.incident), block.ActTodos, value),
		block.Button("Timeline", block.ActTimeline, value), block.Button("Edit", block.ActEdit, value),
		block.Button("Export", block.ActExport, value),
	}
	if s.incident.Status.Open() {
		others = append(others, block.Button("Duplicate", block.ActDuplicate, value), block.Button("Cancel incident", block.ActCancel, value))
	}
	return [][]*slack.ButtonBlockElement{first, others}
}

// todosLabel counts what is to be done.
func todosLabel(i *incident.Incident) string {
	open, all := i.Unfinished()
	if all == 0 {
		return "Follow-ups"
	}
	return fmt.Sprintf("Follow-ups (%d of %d)", open, all)
}

// openTimeline lays the timeline on the panel.
func (b *Bot) openTimeline(ctx context.Context, trigger string, number int64, ack ack) error {
	_, blocks, err := b.timelineBlocks(ctx, number, 0)
	if err != nil {
		return err
	}
	b.open(ctx, trigger, timelineView(number, blocks), ack)
	return nil
}

func timelineView(number int64, blocks []slack.Block) slack.ModalViewRequest {
	return block.Form(formTimeline, incident.Ref(number)+" timeline", "", "", blocks...)
}
