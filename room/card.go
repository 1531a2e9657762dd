package room

import (
	"context"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
)

// KeyCard is the card's key among the postings.
const KeyCard = "card"

// card keeps the pinned message that shows how the incident stands.
func (r *Room) card(ctx context.Context, p *reconcile.Pass) error {
	_, err := r.Poster.Keep(ctx, p, reconcile.Message{
		Key: KeyCard, Channel: p.Room(incident.RoomMain).ID,
		Text: block.Headline(&p.Incident, p.Definitions), Blocks: Card(p.Case),
	})
	return err
}

// rolesOnCard is how many roles get a line of their own; more become one list.
const rolesOnCard = 4

// Card shows an incident to whoever works on it, in at most 12 blocks.
func Card(c *incident.Case) []slack.Block {
	blocks := append(block.Headed(block.Mark(&c.Incident), c.Title), block.Section(state(c)))
	if c.Summary != "" {
		blocks = append(blocks, block.Plain(c.Summary))
	}
	blocks = append(blocks, roleRows(c)...)
	if told := block.Told(&c.Incident); told != "" {
		blocks = append(blocks, block.Context(told))
	}
	declared := block.Textf("Declared by %s, %s", block.User(c.Declarer), block.Day(c.DeclaredAt))
	if open, all := c.Unfinished(); all > 0 {
		declared += block.Textf(" · %d of %d follow-ups to be done", open, all)
	}
	return append(blocks, block.Context(declared), buttons(c))
}

func state(c *incident.Case) block.Markup {
	if !c.Status.Open() {
		return block.Ended(&c.Incident, c.Original)
	}
	severity := c.Definitions.Severity(c.Severity)
	return block.Textf("%s\n*%s* since %s", block.Defined(block.Textf("*%s*", severity.Name), severity.Text), c.Status.Title(), block.Day(c.StatusAt))
}

func roleRows(c *incident.Case) []slack.Block {
	roles := c.Definitions.RolesOf(&c.Incident)
	if len(roles) > rolesOnCard {
		var lines []block.Markup
		for _, role := range roles {
			lines = append(lines, roleLine(c, role))
		}
		return []slack.Block{block.Section(block.Join(lines, "\n"))}
	}
	var rows []slack.Block
	for _, role := range roles {
		if _, held := c.Holder(role.Key); held || !c.Status.Open() {
			rows = append(rows, block.Section(roleLine(c, role)))
			continue
		}
		claim := block.Button("Claim", block.ActClaim, block.Value(c.Number, role.Key))
		rows = append(rows, block.Row(roleLine(c, role), claim))
	}
	return rows
}

func roleLine(c *incident.Case, role incident.Role) block.Markup {
	return block.Textf("%s: %s", role.Name, block.Holder(&c.Incident, role.Key))
}

func buttons(c *incident.Case) slack.Block {
	value := block.Value(c.Number)
	if !c.Status.Open() {
		return block.Actions(block.Reopen(c.Number), block.Button("More", block.ActShow, value))
	}
	return block.Actions(
		block.Button("Post update", block.ActUpdate, value),
		block.Button("Status", block.ActStatus, value),
		block.Button("Severity", block.ActSeverity, value),
		block.Button("Roles", block.ActRoles, value),
		block.Primary("Resolve", block.ActResolve, value),
		block.Button("More", block.ActShow, value),
	)
}
