package room

import (
	"context"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
)

// StepPrompt is the step that asks for a commander.
const StepPrompt = "prompt"

const keyPrompt = "prompt"

// prompt keeps the message that asks for a commander, once it is due. Where
// somebody took the role before it could be said, it is not said.
func (r *Room) prompt(ctx context.Context, p *reconcile.Pass) error {
	if p.Cadence.PromptedAt.IsZero() {
		return nil
	}
	_, held := p.Holder(incident.Commander)
	text, blocks := Prompt(p.Case)
	_, err := r.Poster.Keep(ctx, p, reconcile.Message{
		Key: keyPrompt, Channel: p.Room(incident.RoomMain).ID, Text: text, Blocks: blocks, LetGo: true, IfThere: held || !p.Status.Open(),
	})
	return err
}

// Prompt asks for a commander as long as there is none.
func Prompt(c *incident.Case) (text string, blocks []slack.Block) {
	name := roleName(c, incident.Commander)
	if _, held := c.Holder(incident.Commander); held || !c.Status.Open() {
		line := block.Textf("Asked for somebody to be %s.", name)
		return block.Fallback(line), []slack.Block{block.Context(line)}
	}
	line := block.Textf("Nobody is %s of *%s* yet. Who takes it?", name, c.Ref())
	return block.Fallback(line), []slack.Block{
		block.Row(":raising_hand: "+line, block.Button("Claim", block.ActClaim, block.Value(c.Number, incident.Commander))),
	}
}
