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
	s, err := b.standing(ctx, number)
	if err != nil {
		return nil, err
	}
	return only(block.Markup(block.Headline(s.incident, s.definitions)), showBlocks(s.incident, s.definitions, s.room, s.trouble)...), nil
}

func showBlocks(i *incident.Incident, d incident.Definitions, room string, stuck []incident.StepState) []slack.Block {
	blocks := []slack.Block{block.Section(headline(i, d, room))}
	if i.Summary != "" {
		blocks = append(blocks, block.Plain(i.Summary))
	}
	var roles []block.Markup
	for _, role := range d.RolesOf(i) {
		roles = append(roles, block.Textf("%s: %s", role.Name, block.Holder(i, role.Key)))
	}
	if len(roles) > 0 {
		blocks = append(blocks, block.Section(block.Join(roles, "\n")))
	}
	for _, t := range stuck {
		blocks = append(blocks, block.Context(trouble(t)))
	}
	return append(blocks, showButtons(i))
}

func showButtons(i *incident.Incident) slack.Block {
	value := block.Value(i.Number)
	if !i.Status.Open() {
		return block.Actions(block.Reopen(i.Number))
	}
	buttons := []*slack.ButtonBlockElement{
		block.Button("Post update", block.ActUpdate, value),
		block.Button("Status", block.ActStatus, value),
		block.Button("Severity", block.ActSeverity, value),
		block.Button("Roles", block.ActRoles, value),
		block.Primary("Resolve", block.ActResolve, value),
	}
	if _, held := i.Holder(incident.Commander); !held {
		claim := block.Button("Claim commander", block.ActClaim, block.Value(i.Number, incident.Commander))
		buttons = append([]*slack.ButtonBlockElement{claim}, buttons...)
	}
	return block.Actions(buttons...)
}

// headline says how an incident stands and where it is worked on.
func headline(i *incident.Incident, d incident.Definitions, room string) block.Markup {
	since := block.Markup(", ")
	if i.Status.Open() {
		since = " since "
	}
	head := block.Markup(block.Sign(i)+" ") + block.Called(i) + block.Textf("\n%s · %s%s%s", d.Severity(i.Severity).Name, i.StandingTitle(), since, block.Day(i.StatusAt))
	if i.Resolution != "" {
		head += block.Textf(": %s", i.Resolution)
	}
	if room != "" {
		head += "\n" + block.Channel(room)
	}
	return head
}

func trouble(t incident.StepState) block.Markup {
	return block.Textf(":warning: stuck since %s: %s: %s", block.Time(t.Since), t.Step, incident.Shorten(incident.CleanLine(t.Error), 300))
}
