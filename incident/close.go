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
		return chained(i.Number, original.Number, original.DuplicateOf)
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
	refusal := Errorf(Conflict, "{who} was first: %s is %s, “%s”. Yours is not kept; to add it, type “/incident %d note” and the words.",
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
	i, _, err := d.duplicate(ctx, number, of, act, nil)
	return i, err
}

// duplicate does it in the lock of both, so that two who close each as the other's
// duplicate don't both succeed. join, unless it is nil, is done to the original in the
// same moment, also if the incident is its duplicate already.
func (d *Desk) duplicate(ctx context.Context, number, of int64, act Act, join func(original *Incident, now time.Time)) (*Incident, *Incident, error) {
	if of <= 0 {
		return nil, nil, FieldErrorf("incident", "Say which incident it is the same as, such as “/incident duplicate of 41”.")
	}
	if err := d.mayName(ctx, of, act); err != nil {
		return nil, nil, err
	}
	if of == number {
		return nil, nil, FieldErrorf("incident", "%s can't be a duplicate of itself.", Ref(number))
	}
	now, next := d.now(), int64(0)
	i, original, err := d.store.ChangeBoth(ctx, number, of, act.Key, func(i, original *Incident) error {
		if !act.own && !i.VisibleTo(act.By) {
			return NoSuch(number)
		}
		if join != nil && i.Status.Open() && (original.Status == Resolved || original.Status == Cancelled) {
			// The trouble that the person reports goes on.
			return Errorf(Conflict, "%s was %s meanwhile, so %s stays open. If it is the same all the same, type “/incident %d duplicate of %d”.",
				original.Ref(), original.Status, i.Ref(), i.Number, original.Number)
		}
		err := i.Duplicate(original, act.By, now)
		next = original.DuplicateOf
		if err != nil && (join == nil || !IsKind(err, NothingToDo)) {
			return err
		}
		if join != nil {
			join(original, now)
		}
		i.Schedule(d.rulesFor(i))
		return nil
	})
	if IsKind(err, Invalid) && next != 0 {
		return nil, nil, d.endOf(ctx, number, of, next)
	}
	return i, original, err
}

// mayName refuses to name an incident of which the acting person may not know.
func (d *Desk) mayName(ctx context.Context, of int64, act Act) error {
	original, err := d.store.Incident(ctx, of)
	if err == nil && !act.own && !original.VisibleTo(act.By) {
		err = NoSuch(of)
	}
	if refusal, ok := errors.AsType[*Error](err); ok {
		beside := *refusal
		beside.Field = "incident"
		return &beside
	}
	return err
}

// chained refuses a duplicate of what is a duplicate itself, where the work goes on in
// last.
func chained(number, of, last int64) *Error {
	return FieldErrorf("incident", "%s is itself a duplicate of %s: name that one, such as “/incident %d duplicate of %d”.", Ref(of), Ref(last), number, last)
}

// longestChain bounds how many duplicates of duplicates are followed.
const longestChain = 20

// endOf names the incident where the work goes on, at the end of the chain of
// duplicates that begins with of and next.
func (d *Desk) endOf(ctx context.Context, number, of, next int64) error {
	for range longestChain {
		i, err := d.store.Incident(ctx, next)
		if err != nil || i.DuplicateOf == 0 || next == number {
			break
		}
		next = i.DuplicateOf
	}
	if next == number {
		return FieldErrorf("incident", "%s is closed as a duplicate of %s: the work goes on here.", Ref(of), Ref(number))
	}
	return chained(number, of, next)
}
