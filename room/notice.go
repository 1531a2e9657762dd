package room

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
)

// StepNotices is the step that tells subscribers.
const StepNotices = "notices"

// notices tells each subscriber of each change once.
func (r *Room) notices(ctx context.Context, p *reconcile.Pass) error {
	for n, notice := range p.Notices {
		if n > 0 {
			if err := p.Newer(); err != nil {
				return err
			}
		}
		if !p.VisibleTo(notice.Person) {
			continue
		}
		text, blocks := Notice(p.Case, notice.Entry)
		key := fmt.Sprintf("notice:%d:%s", notice.Entry.ID, notice.Person)
		if err := r.direct(ctx, p, notice.Person, key, text, blocks); err != nil {
			return err
		}
	}
	return nil
}

// Notice shows a change to a subscriber.
func Notice(c *incident.Case, e incident.Entry) (text string, blocks []slack.Block) {
	head := block.Called(&c.Incident)
	line := Line(c, e)
	if e.Kind == incident.EntryUpdate {
		blocks = block.Update(head+"\n"+block.Textf(":mega: *Update* by %s", block.User(e.By)), e)
	} else {
		blocks = []slack.Block{block.Section(head + "\n" + line)}
	}
	var buttons []*slack.ButtonBlockElement
	if room := c.Room(incident.RoomMain); room.ID != "" {
		buttons = append(buttons, block.LinkButton("Open channel", block.ActOpen, c.Installation.ChannelLink(room.ID)))
	}
	buttons = append(buttons, block.Button("Unsubscribe", block.ActUnsubscribe, block.Value(c.Number)))
	return block.Fallback(line), append(blocks, block.Actions(buttons...))
}
