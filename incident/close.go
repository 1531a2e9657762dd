package incident

import (
	"context"
	"errors"
	"strings"
	"time"
)

// Cancel ends an incident that is none; why is one line.
func (i *Incident) Cancel(why, by string, now time.Time) error {
	why = CleanLine(why)
	if !visible(why) {
		return FieldErrorf("reason", "Say in one line why it is no incident.")
	}
	if n := len([]rune(why)); n > MaxResolution {
		return FieldErrorf("reason", "That has %d characters; %d fit.", n, MaxResolution)
	}
	if i.Status == Cancelled {
		return i.endedAlready("reason", why, by)
	}
	if err := i.OpenTo("cancel it"); err != nil {
		return err
	}
	i.note(Entry{Kind: EntryCancelled, At: now, By: by, From: string(i.Status), To: string(Cancelled), Text: why})
	i.close(Cancelled, by, now)
	i.Resolution = why
	return nil
}

// Duplicate ends an incident that is the same as another one, where the work
// goes on.
func (i *Incident) Duplicate(original *Incident, by string, now time.Time) error {
	switch {
	case original.Number == i.Number:
		return FieldErrorf("incident", "%s can't be a duplicate of itself.", i.Ref())
	case i.Status == Duplicate && i.DuplicateOf == original.Number:
		return Errorf(NothingToDo, "%s is already %s.", i.Ref(), i.Standing())
	case original.Private:
		return FieldErrorf("incident", "%s is private, and would be named to whoever sees %s. Cancel %s instead.", original.Ref(), i.Ref(), i.Ref())
	case original.Status == Duplicate:
		return FieldErrorf("incident", "%s is itself a duplicate: name %s.", original.Ref(), Ref(original.DuplicateOf))
	}
	if err := i.OpenTo("close it as a duplicate"); err != nil {
		return err
	}
	i.note(Entry{Kind: EntryDuplicate, At: now, By: by, From: string(i.Status), To: string(Duplicate), Text: original.Ref()})
	i.close(Duplicate, by, now)
	i.DuplicateOf = original.Number
	return nil
}

// endedAlready refuses to end an incident again. Who says something else than
// whoever was first is told, so that their words are not lost.
func (i *Incident) endedAlready(field, text, by string) error {
	if i.ResolvedBy == by || strings.EqualFold(text, i.Resolution) {
		return Errorf(NothingToDo, "%s is already %s.", i.Ref(), i.Standing())
	}
	refusal := Errorf(Conflict, "{who} was faster: %s is %s, “%s”. Yours is not kept; to add it, type /incident %d note.",
		i.Ref(), i.Standing(), Shorten(i.Resolution, 100), i.Number)
	refusal.Field, refusal.Who = field, i.ResolvedBy
	return refusal
}

// close is what all ends have in common.
func (i *Incident) close(as Status, by string, now time.Time) {
	i.Status, i.StatusAt, i.StatusBy = as, now, by
	i.ResolvedAt, i.ResolvedBy = now, by
	i.watch(by, now)
}

// Cancel ends an incident that is none; why is one line.
func (d *Desk) Cancel(ctx context.Context, number int64, why string, act Act) (*Incident, error) {
	return d.change(ctx, number, act, func(i *Incident, now time.Time, _ told) error {
		return i.Cancel(why, act.By, now)
	})
}

// Duplicate ends an incident that is the same as the incident called of.
func (d *Desk) Duplicate(ctx context.Context, number, of int64, act Act) (*Incident, error) {
	if of <= 0 {
		return nil, FieldErrorf("incident", "Say which incident it is the same as, such as `/incident duplicate of 41`.")
	}
	original, err := d.store.Incident(ctx, of)
	if err == nil && !original.VisibleTo(act.By) {
		err = NoSuch(of)
	}
	if refusal, ok := errors.AsType[*Error](err); ok {
		beside := *refusal
		beside.Field = "incident"
		return nil, &beside
	}
	if err != nil {
		return nil, err
	}
	return d.change(ctx, number, act, func(i *Incident, now time.Time, _ told) error {
		return i.Duplicate(original, act.By, now)
	})
}
