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
// person to the room of that one. Done by halves, it is finished when it is asked
// for again.
func (d *Desk) JoinOriginal(ctx context.Context, number, of int64, act Act) (original *Incident, err error) {
	if _, err := d.Duplicate(ctx, number, of, act); err != nil && !IsKind(err, NothingToDo) {
		return nil, err
	}
	return d.change(ctx, of, act, func(i *Incident, now time.Time, _ told) error {
		i.Join(act.By, now)
		return nil
	})
}
