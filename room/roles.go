package room

import (
	"context"
	"fmt"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
	"muster/reconcile"
)

// roles tells each holder of a role what it is and where, once.
func (r *Room) roles(ctx context.Context, p *reconcile.Pass) error {
	for _, a := range p.Roles {
		text, blocks := RoleMessage(p.Case, a)
		if err := r.direct(ctx, p, a.User, roleKey(a), text, blocks); err != nil {
			return err
		}
	}
	return nil
}

// roleKey names the direct message about an assignment.
func roleKey(a incident.Assignment) string {
	return fmt.Sprintf("role:%s:%s:%d", a.Role, a.User, a.At.UnixMilli())
}

func roleName(c *incident.Case, key string) string {
	if role, ok := c.Definitions.Role(key); ok {
		return role.Name
	}
	return key
}

// RoleMessage tells a holder what they hold: text is for the notification.
func RoleMessage(c *incident.Case, a incident.Assignment) (text string, blocks []slack.Block) {
	role, _ := c.Definitions.Role(a.Role)
	name := roleName(c, a.Role)
	by := block.Markup("You claimed it.")
	if a.By != a.User {
		by = block.Textf("%s assigned you.", block.User(a.By))
	}
	blocks = []slack.Block{
		block.Section(block.Textf("You are *%s* of %s. %s", name, block.Called(&c.Incident), by)),
	}
	if a.Note != "" {
		blocks = append(blocks, block.Plain("“"+a.Note+"”"))
	}
	if role.Text != "" {
		blocks = append(blocks, block.Section(block.Escape(role.Text)))
	}
	text = block.Said(&c.Incident, c.Definitions, block.Textf("you are %s", name))
	return text, append(blocks, block.Actions(
		block.LinkButton("Open channel", block.ActOpen, c.Installation.ChannelLink(c.Room(incident.RoomMain).ID)),
		block.Button("Hand over", block.ActRoles, block.Value(c.Number, a.Role)),
		block.Button("I can't", block.ActLeave, block.Value(c.Number, a.Role))))
}
