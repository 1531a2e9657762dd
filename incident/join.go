package incident

import (
	"context"
	"time"
)

// Join is a person who wants to be in an incident's room, since a time.
type Join struct {
	Person string
	At     time.Time
}

// Join lets a person be added to the room, though they have no part in it yet.
func (i *Incident) Join(person string, now time.Time) { i.joins = append(i.joins, Join{person, now}) }

// NewJoins hands over who joined and has not been saved yet, and forgets them.
func (i *Incident) NewJoins() []Join {
	joins := i.joins
	i.joins = nil
	return joins
}

// JoinOriginal closes an incident as the duplicate of another, and adds the acting
// person to the room of that one.
func (d *Desk) JoinOriginal(ctx context.Context, number, of int64, act Act) (original *Incident, err error) {
	_, original, err = d.duplicate(ctx, number, of, act, func(original *Incident, now time.Time) { original.Join(act.By, now) })
	return original, err
}
