package bot

import (
	"context"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// show answers with one incident: how it stands, who does what, what is stuck,
// and what can be done.
func (b *Bot) show(ctx context.Context, number int64) (answer, error) {
	i, err := b.Reader.Incident(ctx, number)
	if err != nil {
		return nil, err
	}
	definitions, err := b.Reader.Definitions(ctx)
	if err != nil {
		return nil, err
	}
	room, err := b.Reader.RoomOf(ctx, number)
	if err != nil {
		return nil, err
	}
	trouble, err := b.Reader.Trouble(ctx, number)
	if err != nil {
		return nil, err
	}
	return only(block.Markup(block.Headline(i)), showBlocks(i, definitions, room, trouble)...), nil
}

func showBlocks(i *incident.Incident, d incident.Definitions, room string, trouble []incident.StepState) []slack.Block {
	head := block.Textf("%s *%s* %s\n%s · %s since %s", block.Markup(block.Sign(i)), i.Ref(), i.Title,
		i.Severity, i.Status.Title(), block.Day(i.StatusAt))
	if i.Resolution != "" {
		head += block.Textf(": %s", i.Resolution)
	}
	if room != "" {
		head += "\n" + block.Channel(room)
	}
	blocks := []slack.Block{block.Section(head)}
	if i.Summary != "" {
		blocks = append(blocks, block.Plain(i.Summary))
	}
	var roles []block.Markup
	for _, role := range d.Roles {
		roles = append(roles, block.Textf("%s: %s", role.Name, block.Holder(i, role.Key)))
	}
	if len(roles) > 0 {
		blocks = append(blocks, block.Section(block.Join(roles, "\n")))
	}
	for _, t := range trouble {
		blocks = append(blocks, block.Context(block.Textf(":warning: stuck since %s: %s: %s", block.Time(t.Since), t.Step, t.Error)))
	}
	return append(blocks, showButtons(i))
}

func showButtons(i *incident.Incident) slack.Block {
	value := block.Value(i.Number)
	if !i.Status.Open() {
		return block.Actions(block.Button("Reopen", block.ActReopen, value))
	}
	buttons := []*slack.ButtonBlockElement{
		block.Button("Status", block.ActStatus, value),
		block.Button("Severity", block.ActSeverity, value),
		block.Primary("Resolve", block.ActResolve, value),
	}
	if _, held := i.Holder(incident.Commander); !held {
		claim := block.Button("Claim commander", block.ActClaim, block.Value(i.Number, incident.Commander))
		buttons = append([]*slack.ButtonBlockElement{claim}, buttons...)
	}
	return block.Actions(buttons...)
}
