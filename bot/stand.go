package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"muster/block"
	"muster/incident"
)

// stand is the view in which a person acts: what it shows is brought up to date
// after the act. Forms that are opened from it carry it in their external id.
type stand struct {
	// Home is whether they came from the Home tab, and HomeOffset where its list
	// of open incidents begins.
	Home       bool `json:"home,omitempty"`
	HomeOffset int  `json:"offset,omitempty"`
	// Panel is the view id of the panel that they came from, of incident Number, or
	// of the settings, of which there is no number.
	Panel  string `json:"panel,omitempty"`
	Number int64  `json:"number,omitempty"`

	// push is whether a modal is open, on which others are laid.
	push bool
	// opened is whether this act opened a form, and so has changed nothing yet.
	opened bool
}

type standKey struct{}

// at is where the act at hand happens; never nil.
func at(ctx context.Context) *stand {
	if p, ok := ctx.Value(standKey{}).(*stand); ok {
		return p
	}
	return &stand{}
}

// clickedIn reads where something was clicked: a message is no stand.
func clickedIn(in slack.InteractionCallback) *stand {
	p := &stand{}
	switch {
	case in.View.Type == slack.VTHomeTab:
		p.Home = true
		p.unpack(in.View.PrivateMetadata)
	case in.View.CallbackID == formPanel, in.View.CallbackID == formSettings:
		p.unpack(in.View.PrivateMetadata)
		p.Panel, p.push = in.View.ID, true
	case in.View.ID != "":
		p = cameFrom(in)
		p.push = true
	}
	return p
}

func (p *stand) unpack(private string) {
	if json.Unmarshal([]byte(private), p) != nil || p.HomeOffset < 0 {
		p.HomeOffset = 0
	}
}

// private is what a view keeps to be clickedIn.
func (p *stand) private() string {
	private, _ := json.Marshal(p)
	return string(private)
}

// externalID is what a form keeps of where it was opened. Slack
// wants it unique, which the trigger makes it.
func (p *stand) externalID(trigger string) string {
	if !p.Home && p.Panel == "" {
		return ""
	}
	home := -1
	if p.Home {
		home = p.HomeOffset
	}
	return block.Clip(fmt.Sprintf("from %d %d %s. %s", home, p.Number, p.Panel, trigger), 255)
}

// cameFrom reads it back from a form that was sent.
func cameFrom(in slack.InteractionCallback) *stand {
	p, home, trigger := &stand{}, 0, ""
	if _, err := fmt.Sscanf(in.View.ExternalID, "from %d %d %s %s", &home, &p.Number, &p.Panel, &trigger); err != nil {
		return &stand{}
	}
	p.Panel = strings.TrimSuffix(p.Panel, ".")
	if p.Home = home >= 0; p.Home {
		p.HomeOffset = home
	}
	return p
}

// refreshLimit bounds what is brought up to date after an acknowledgement.
const refreshLimit = 5 * time.Second

// refresh brings what the person came from up to date.
func (b *Bot) refresh(ctx context.Context, user string, p *stand) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refreshLimit)
	defer cancel()
	switch {
	case p.Panel == "":
	case p.Number == 0:
		b.updateSettings(ctx, user, p)
	default:
		b.updatePanel(ctx, user, p)
	}
	if p.Home {
		b.publishHome(ctx, user, p.HomeOffset)
	}
}

// complain tells a person that their click did not work: beside the message, or
// over the view, that it was in.
func (b *Bot) complain(ctx context.Context, in slack.InteractionCallback, err error) {
	if held(ctx) {
		b.letGo(ctx, err)
		return
	}
	text := b.words(err)
	if in.ResponseURL != "" || in.View.ID == "" {
		b.whisper(ctx, in.ResponseURL, text)
		return
	}
	b.open(ctx, in.TriggerID, refusalView(text), func(any) {})
}

// changes reports whether an error of a verb still means that what is shown may
// be old.
func changes(err error) bool {
	return err == nil || incident.IsKind(err, incident.Conflict) || incident.IsKind(err, incident.NothingToDo)
}
