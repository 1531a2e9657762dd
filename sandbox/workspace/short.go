package workspace

import (
	"fmt"
	"time"
)

// trigger is a trigger_id: it opens one modal, once, within Config.TriggerLife.
type trigger struct {
	user    string
	view    string // the view whose control or submission made it; "" elsewhere
	expires time.Time
	used    bool
}

// trigger makes a trigger_id for a person's act. mu is held.
func (w *Workspace) trigger(userID, viewID string) string {
	id := fmt.Sprintf("%d.%d.%08x", w.rng.Uint32(), w.rng.Uint32(), w.rng.Uint32())
	w.triggers[id] = &trigger{user: userID, view: viewID, expires: time.Now().Add(w.cfg.TriggerLife)}
	return id
}

// exchange uses a trigger_id up. mu is held.
func (w *Workspace) exchange(id string) (*trigger, error) {
	t := w.triggers[id]
	switch {
	case t == nil:
		return nil, refuse("invalid_trigger_id", "invalid `trigger_id`")
	case t.used:
		return nil, refuse("exchanged_trigger_id")
	case time.Now().After(t.expires):
		return nil, refuse("expired_trigger_id")
	}
	return t, nil
}
