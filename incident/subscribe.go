package incident

import "context"

// Notice is an entry that a subscriber has not been told of.
type Notice struct {
	Entry  Entry
	Person string
}

// Subscribe lets the acting person have direct messages about an incident from
// now on, or, if wanted is false, no longer. Who asks twice has asked once.
func (d *Desk) Subscribe(ctx context.Context, number int64, wanted bool, act Act) error {
	return d.store.Subscribe(ctx, number, act.By, wanted)
}
