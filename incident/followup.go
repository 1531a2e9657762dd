package incident

import (
	"context"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

const (
	// MaxFollowUp is how long the text of a follow-up may be, in characters.
	MaxFollowUp = 300
	// maxFollowUps bounds how many an incident has.
	maxFollowUps = 200
)

// FollowUp is something that is to be done because of an incident.
type FollowUp struct {
	// N counts from 1 within the incident.
	N    int
	Text string
	// Owner is the Slack user id of who is to do it, or empty; GivenBy and GivenAt
	// say who made them the owner, and when. Without GivenBy, it was taken from
	// somebody then whose account is no longer.
	Owner   string
	GivenBy string
	GivenAt time.Time
	// Due is the day by which it is to be done, as "2026-12-01", or empty.
	Due string
	// By and At say who wrote it down, and when; ChangedBy who changed it last.
	By        string
	At        time.Time
	ChangedBy string
	// DoneAt and DoneBy are empty while it is to be done.
	DoneAt time.Time
	DoneBy string
	// Dropped is whether it was taken off the list again.
	Dropped bool
	// RemindAt is when whoever is to do it is reminded, or zero. RemindedAt is when
	// that came to pass, which it does once for a due day.
	RemindAt   time.Time
	RemindedAt time.Time
}

// Orphaned reports whether it has nobody because their account is no longer.
func (f FollowUp) Orphaned() bool { return f.Owner == "" && f.GivenBy == "" && !f.GivenAt.IsZero() }

// Open reports whether it is still to be done.
func (f FollowUp) Open() bool { return f.DoneAt.IsZero() && !f.Dropped }

// Reminds is who is reminded of it: its owner, else who wrote it down.
func (f FollowUp) Reminds() string {
	if f.Owner != "" {
		return f.Owner
	}
	return f.By
}

// ToDo is what a person says of a follow-up.
type ToDo struct {
	Text, Owner, Due string
	// Zone is where who is reminded lives, so that it is their morning whatever happens
	// to the clocks until then; nil is UTC.
	Zone *time.Location
	// Shown is what the person was looking at, as Print gives it, or empty.
	Shown string
}

// Print stands for what can be changed about a follow-up.
func (f FollowUp) Print() string { return Fingerprint(f.Text + "\n" + f.Owner + "\n" + f.Due) }

// text makes a follow-up's text what is kept of it.
func (t ToDo) text() (string, error) {
	text := CleanLine(t.Text)
	if !visible(text) {
		return "", FieldErrorf("todo", "Say what is to be done.")
	}
	if n := utf8.RuneCountInString(text); n > MaxFollowUp {
		return "", FieldErrorf("todo", "That has %d characters; %d fit.", n, MaxFollowUp)
	}
	return text, nil
}

// FollowUp finds a follow-up that is not dropped.
func (i *Incident) FollowUp(n int) (FollowUp, bool) {
	for _, f := range i.FollowUps {
		if f.N == n && !f.Dropped {
			return f, true
		}
	}
	return FollowUp{}, false
}

// ToDos lists the follow-ups that are not dropped: what is to be done by its due
// day, and behind it what is done.
func (i *Incident) ToDos() []FollowUp {
	var list []FollowUp
	for _, f := range i.FollowUps {
		if !f.Dropped {
			list = append(list, f)
		}
	}
	slices.SortStableFunc(list, func(a, b FollowUp) int {
		switch {
		case a.Open() != b.Open():
			return either(a.Open(), -1, 1)
		case a.Due != b.Due:
			return either(b.Due == "" || a.Due != "" && a.Due < b.Due, -1, 1)
		}
		return a.N - b.N
	})
	return list
}

func either(yes bool, a, b int) int {
	if yes {
		return a
	}
	return b
}

// Unfinished counts the follow-ups that are to be done, and all.
func (i *Incident) Unfinished() (open, all int) {
	for _, f := range i.ToDos() {
		all++
		if f.Open() {
			open++
		}
	}
	return open, all
}

// putFollowUp replaces or adds one, and notes what happened to it.
func (i *Incident) putFollowUp(f FollowUp, kind EntryKind, by string, now time.Time, quiet bool) {
	i.FollowUps = slices.Clone(i.FollowUps)
	if n := slices.IndexFunc(i.FollowUps, func(o FollowUp) bool { return o.N == f.N }); n >= 0 {
		i.FollowUps[n] = f
	} else {
		i.FollowUps = append(i.FollowUps, f)
	}
	i.putFollowUps = append(slices.DeleteFunc(i.putFollowUps, func(o FollowUp) bool { return o.N == f.N }), f)
	i.note(Entry{Kind: kind, At: now, By: by, Quiet: quiet, To: f.Owner, Text: f.Text, Detail: &Detail{N: f.N, Due: f.Due}})
}

// PutFollowUps hands over the follow-ups that the verbs of this transaction
// changed, and forgets them.
func (i *Incident) PutFollowUps() []FollowUp {
	put := i.putFollowUps
	i.putFollowUps = nil
	return put
}

// AddFollowUp writes down what is to be done. While the incident is open its room
// is told; later the review shows it.
func (i *Incident) AddFollowUp(t ToDo, by string, now time.Time) error {
	text, err := t.text()
	if err != nil {
		return err
	}
	remind, err := reminding(t.Due, t.Zone, now)
	if err != nil {
		return err
	}
	if err := i.mayOwn(t.Owner); err != nil {
		return err
	}
	for _, f := range i.FollowUps {
		if f.Open() && f.By == by && f.Text == text && now.Sub(f.At) < SameTitleWithin {
			// What seemed to fail is typed again.
			return Errorf(NothingToDo, "That is on the list of %s already.", i.Ref())
		}
	}
	if len(i.FollowUps) >= maxFollowUps {
		return Errorf(Conflict, "%s has %d follow-ups; no more fit.", i.Ref(), maxFollowUps)
	}
	f := FollowUp{N: len(i.FollowUps) + 1, Text: text, Owner: t.Owner, Due: t.Due, By: by, At: now, ChangedBy: by, RemindAt: remind}
	if f.Owner != "" {
		f.GivenBy, f.GivenAt = by, now
	}
	i.putFollowUp(f, EntryTodo, by, now, !i.Status.Open())
	return nil
}

// ChangeFollowUp says anew what is to be done, by whom and until when.
func (i *Incident) ChangeFollowUp(n int, t ToDo, by string, now time.Time) error {
	f, ok := i.FollowUp(n)
	if !ok {
		return i.noFollowUp(n)
	}
	text, err := t.text()
	if err != nil {
		return err
	}
	before := f
	if t.Owner != f.Owner {
		if err := i.mayOwn(t.Owner); err != nil {
			return err
		}
	}
	if f.Due != t.Due || f.Owner != t.Owner && f.RemindedAt.IsZero() {
		if f.RemindAt, err = reminding(t.Due, t.Zone, now); err != nil {
			return err
		}
	}
	if f.Due != t.Due {
		f.RemindedAt = time.Time{}
	}
	f.Text, f.Owner, f.Due, f.ChangedBy = text, t.Owner, t.Due, by
	if f.Print() == before.Print() {
		return Errorf(NothingToDo, "The follow-up says so already.")
	}
	if f.Owner != before.Owner {
		f.GivenBy, f.GivenAt = by, now
	}
	i.putFollowUp(f, EntryTodoChanged, by, now, true)
	return nil
}

// mayOwn refuses an owner who may not know of the incident.
func (i *Incident) mayOwn(owner string) error {
	if owner == "" || i.VisibleTo(owner) {
		return nil
	}
	refusal := FieldErrorf("owner", "{who} is not in the private channel of %s. Invite them there first.", i.Ref())
	refusal.Who = owner
	return refusal
}

// EndFollowUp says that one is done, or is not done after all.
func (i *Incident) EndFollowUp(n int, done bool, by string, now time.Time) error {
	f, ok := i.FollowUp(n)
	if !ok {
		return i.noFollowUp(n)
	}
	if f.Open() != done {
		return Errorf(NothingToDo, "The follow-up says so already.")
	}
	kind := EntryTodoOpen
	f.DoneAt, f.DoneBy = time.Time{}, ""
	if done {
		kind = EntryTodoDone
		f.DoneAt, f.DoneBy = now, by
	}
	i.putFollowUp(f, kind, by, now, true)
	return nil
}

// DropFollowUp takes one off the list.
func (i *Incident) DropFollowUp(n int, by string, now time.Time) error {
	f, ok := i.FollowUp(n)
	if !ok {
		return i.noFollowUp(n)
	}
	f.Dropped = true
	i.putFollowUp(f, EntryTodoDropped, by, now, true)
	return nil
}

func (i *Incident) noFollowUp(n int) error {
	return Errorf(NotFound, "%s has no follow-up %d any more.", i.Ref(), n)
}

// OwnFollowUp is a follow-up of somebody's, with its incident.
type OwnFollowUp struct {
	Number int64
	Title  string
	FollowUp
}

// AddFollowUp writes down what is to be done because of an incident.
func (d *Desk) AddFollowUp(ctx context.Context, number int64, t ToDo, act Act) (*Incident, error) {
	return d.change(ctx, number, act, func(i *Incident, now time.Time, _ told) error {
		return i.AddFollowUp(t, act.By, now)
	})
}

// ChangeFollowUp says a follow-up anew; who looked at something older is told so
// first.
func (d *Desk) ChangeFollowUp(ctx context.Context, number int64, n int, t ToDo, act Act) (*Incident, error) {
	return d.change(ctx, number, act, func(i *Incident, now time.Time, known told) error {
		f, ok := i.FollowUp(n)
		if present := strconv.Itoa(n) + " " + f.Print(); ok && t.Shown != "" && f.Print() != t.Shown && !slices.Contains(known, present) {
			refusal := Errorf(Conflict, "{who} changed it meanwhile: “%s”. Send again to change it all the same.", Shorten(f.Text, presentText))
			refusal.Field, refusal.Who = "todo", f.ChangedBy
			return &movedError{refusal: refusal, present: present}
		}
		return i.ChangeFollowUp(n, t, act.By, now)
	})
}

// EndFollowUp says that a follow-up is done, or is not done after all.
func (d *Desk) EndFollowUp(ctx context.Context, number int64, n int, done bool, act Act) (*Incident, error) {
	return d.change(ctx, number, act, func(i *Incident, now time.Time, _ told) error {
		return i.EndFollowUp(n, done, act.By, now)
	})
}

// DropFollowUp takes a follow-up off the list.
func (d *Desk) DropFollowUp(ctx context.Context, number int64, n int, act Act) (*Incident, error) {
	return d.change(ctx, number, act, func(i *Incident, now time.Time, _ told) error {
		return i.DropFollowUp(n, act.By, now)
	})
}
