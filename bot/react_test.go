package bot

import (
	"testing"

	"muster/incident"
)

// The reaction declares only where that is switched on, by the emoji that is set,
// whatever its skin tone, and never on what muster itself says or does.
func TestWhichReactionsDeclare(t *testing.T) {
	t.Parallel()
	place := incident.Installation{BotUser: "UBOT", Digest: "CDIGEST"}
	for name, c := range map[string]struct {
		emoji  string
		change func(e *event)
		want   bool
	}{
		"the emoji":              {"fire", func(*event) {}, true},
		"another skin tone":      {"fire", func(e *event) { e.Inner.Reaction = "fire::skin-tone-5" }, true},
		"switched off":           {"", func(*event) {}, false},
		"off, and no emoji":      {"", func(e *event) { e.Inner.Reaction = "" }, false},
		"another emoji":          {"fire", func(e *event) { e.Inner.Reaction = "fire_engine" }, false},
		"on a file":              {"fire", func(e *event) { e.Inner.Item.Type = "file" }, false},
		"by muster":              {"fire", func(e *event) { e.Inner.User = "UBOT" }, false},
		"by nobody":              {"fire", func(e *event) { e.Inner.User = "" }, false},
		"on muster's message":    {"fire", func(e *event) { e.Inner.ItemUser = "UBOT" }, false},
		"on a webhook's message": {"fire", func(e *event) { e.Inner.ItemUser = "" }, true},
		"in the digest channel":  {"fire", func(e *event) { e.Inner.Item.Channel = "CDIGEST" }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := &Bot{ReactEmoji: c.emoji, Place: place}
			var e event
			e.Inner.Reaction, e.Inner.User, e.Inner.ItemUser = "fire", "UANA", "UBO"
			e.Inner.Item.Type, e.Inner.Item.Channel, e.Inner.Item.TS = "message", "CALERTS", "1.2"
			c.change(&e)
			if got := b.declares(e); got != c.want {
				t.Errorf("declares: %v", got)
			}
		})
	}
}
