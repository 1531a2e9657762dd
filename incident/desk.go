package incident

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"
)

// Act is the who, when and which of a verb.
type Act struct {
	// By is the acting person's Slack user id.
	By string
	// Key names the inbound event that asked for it (view id of a form, trigger
	// id of a command or click). A verb with a key that was used before is the
	// earlier one delivered again: it changes nothing and succeeds.
	Key string
	// Try tells one sending of a form from the next one, which has the same Key:
	// who sends again after a refusal insists, an envelope that comes twice does
	// not. The trigger id of the submission; empty for what is sent only once.
	Try string
	// TypedIn is the channel in which the acting person typed, if they did: who only
	// clicks may look at a channel without being in it.
	TypedIn string
	// own is whether muster acts by itself: it knows of all incidents.
	own bool
}

// Desk is the only door through which incidents change. Each verb is one
// transaction; none of them talks to Slack.
type Desk struct {
	store DeskStore
	now   func() time.Time
	rules Rules
	// defaults rule where administrators set nothing.
	defaults Defaults
	// reminded is told of each reminder, or nil.
	reminded func(EntryKind)
	// checked is when checks were last raised, in Unix nanoseconds.
	checked atomic.Int64
}

// DeskStore keeps what the Desk decides. The incidents that it hands to the Desk
// know what is Set.
type DeskStore interface {
	SettingsStore
	// Declare saves a new incident, built by make from its number once that is
	// known, and wakes the reconciler. If there is an incident with the same
	// origin key, or an open one with the same declarer and title declared
	// after since, that one is returned, and made is false.
	Declare(ctx context.Context, d Declaration, since time.Time, make func(number int64, set Set) *Incident) (i *Incident, made bool, err error)
	// Change runs fn on the incident inside its row lock, saves what fn changed
	// with its entries, and wakes the reconciler. An error of fn changes
	// nothing. If the key was used on this incident before, fn is not run.
	Change(ctx context.Context, number int64, key string, fn func(*Incident) error) (*Incident, error)
	// ChangeBoth does that with two incidents, inside both row locks. Of the other one
	// it saves only who joined, and the key is the first one's.
	ChangeBoth(ctx context.Context, number, other int64, key string, fn func(i, other *Incident) error) (*Incident, *Incident, error)
	// ChangeDue runs fn on the incidents that are due by now, limit of them at
	// most, inside their row locks, and saves what it changed; where it returns
	// true, it wakes the reconciler. Those that somebody is changing are left for
	// the next time. Those that turned stale join the list of stale incidents, or
	// begin another if the last was begun listEvery ago. It gives how many
	// incidents there were.
	ChangeDue(ctx context.Context, now time.Time, limit int, listEvery time.Duration, fn func(*Incident) bool) (int, error)
	// Incident reads one incident.
	Incident(ctx context.Context, number int64) (*Incident, error)
	// Subscribe remembers that a person wants to be told of the incident's changes
	// from now on, if they may know of it, or forgets it.
	Subscribe(ctx context.Context, number int64, person string, wanted bool) error
	// Hurry lets everything outside that waits for its next try be tried now.
	Hurry(ctx context.Context, number int64) error
	// HeldBy lists the open incidents in which a person holds a role, and all in
	// which they have something to do.
	HeldBy(ctx context.Context, person string) ([]int64, error)
	// Resync lets the incident be compared with Slack.
	Resync(ctx context.Context, number int64, at time.Time) error
	// RaiseChecks lets up to limit open incidents be checked that were not for as
	// long as age.
	RaiseChecks(ctx context.Context, now time.Time, age time.Duration, limit int) error
	// Definitions reads the texts that administrators own.
	Definitions(ctx context.Context) (Definitions, error)
	// Told reports whether key was given to it before, and remembers it.
	Told(ctx context.Context, key, try string) (bool, error)
}

// NewDesk makes a Desk over a store. now is the program's clock, and rules say
// when it reminds people.
func NewDesk(store DeskStore, now func() time.Time, rules Rules) *Desk {
	return &Desk{store: store, now: now, rules: rules}
}

// SameTitleWithin is how long the same person's same title means the incident
// that they just declared: a command that seemed to fail is typed again.
const SameTitleWithin = 5 * time.Minute

// Declare starts an incident. made is false when d asks for one that exists:
// the same form sent twice, or, unless another is true, the same person's same
// title within SameTitleWithin while it is still open.
func (d *Desk) Declare(ctx context.Context, decl Declaration, another bool) (i *Incident, made bool, err error) {
	if err := decl.Check(); err != nil {
		return nil, false, err
	}
	now := d.now()
	since := now.Add(-SameTitleWithin)
	if another {
		since = time.Time{}
	}
	return d.store.Declare(ctx, decl, since, func(number int64, set Set) *Incident {
		i := New(number, decl, now)
		i.Set = set
		i.Schedule(d.rulesFor(i))
		return i
	})
}

// SetSeverity promotes or demotes. shown is the severity that the person was
// looking at when they decided, or 0 if they weren't looking at any.
func (d *Desk) SetSeverity(ctx context.Context, number int64, to, shown Severity, act Act) (*Incident, error) {
	return d.change(ctx, number, act, func(i *Incident, now time.Time, known told) error {
		if err := severityMoved(i, to, shown, known); err != nil {
			return err
		}
		return i.SetSeverity(to, act.By, now)
	})
}

// SetStatus moves between the open statuses. shown is the status that the
// person was looking at, or empty.
func (d *Desk) SetStatus(ctx context.Context, number int64, to, shown Status, act Act) (*Incident, error) {
	return d.change(ctx, number, act, func(i *Incident, now time.Time, known told) error {
		if err := statusMoved(i, to, shown, known); err != nil {
			return err
		}
		return i.SetStatus(to, act.By, now)
	})
}

// Post tells everybody outside what changed, and changes the severity and the
// status as far as the person changed them.
func (d *Desk) Post(ctx context.Context, number int64, u Update, act Act) (*Incident, error) {
	return d.change(ctx, number, act, func(i *Incident, now time.Time, known told) error {
		if err := u.wanted().moved(i, known); err != nil {
			return err
		}
		return i.Post(u.wanted(), act.By, now)
	})
}

// Resolve ends an incident; fix is one line that says what fixed it.
func (d *Desk) Resolve(ctx context.Context, number int64, fix string, act Act) (*Incident, error) {
	return d.change(ctx, number, act, func(i *Incident, now time.Time, _ told) error {
		return i.Resolve(fix, act.By, now)
	})
}

// Reopen takes an incident that was ended up again.
func (d *Desk) Reopen(ctx context.Context, number int64, act Act) (*Incident, error) {
	return d.change(ctx, number, act, func(i *Incident, now time.Time, _ told) error {
		return i.Reopen(act.By, now)
	})
}

// Note puts what the acting person writes into the timeline.
func (d *Desk) Note(ctx context.Context, number int64, text string, act Act) (*Incident, error) {
	return d.change(ctx, number, act, func(i *Incident, now time.Time, _ told) error {
		return i.Note(text, act.By, now)
	})
}

// Retry tries again now what did not work outside. It decides nothing, so that
// it leaves no entry, and is the same however often it is asked for.
func (d *Desk) Retry(ctx context.Context, number int64) error { return d.store.Hurry(ctx, number) }

// Claim gives the role to the person who acts, if nobody holds it. word is the
// role's key or what a person calls it.
func (d *Desk) Claim(ctx context.Context, number int64, word string, act Act) (*Incident, Role, error) {
	return d.changeRole(ctx, number, word, act, func(i *Incident, role Role, now time.Time, _ told) error {
		if err := role.inUse(); err != nil {
			return err
		}
		if err := i.Claim(role, act.By, now); err != nil {
			return err
		}
		i.Roles[len(i.Roles)-1].TypedIn = act.TypedIn
		return nil
	})
}

// Assign gives the role that word means to somebody, whoever held it before.
func (d *Desk) Assign(ctx context.Context, number int64, word string, h Handing, act Act) (*Incident, Role, error) {
	return d.changeRole(ctx, number, word, act, func(i *Incident, role Role, now time.Time, known told) error {
		if err := holderMoved(i, role, h, known); err != nil {
			return err
		}
		if err := role.inUse(); err != nil {
			return err
		}
		return i.Assign(role, h, act.By, now)
	})
}

// HandOver gives the role that the acting person holds to somebody else.
func (d *Desk) HandOver(ctx context.Context, number int64, word string, h Handing, act Act) (*Incident, Role, error) {
	return d.changeRole(ctx, number, word, act, func(i *Incident, role Role, now time.Time, _ told) error {
		if err := role.inUse(); err != nil {
			return err
		}
		return i.HandOver(role, h, act.By, now)
	})
}

// Leave gives up the role that the acting person holds.
func (d *Desk) Leave(ctx context.Context, number int64, word string, act Act) (*Incident, Role, error) {
	return d.changeRole(ctx, number, word, act, func(i *Incident, role Role, now time.Time, _ told) error {
		return i.Leave(role, act.By, now)
	})
}

// changeRole changes who holds the role that word means.
func (d *Desk) changeRole(ctx context.Context, number int64, word string, act Act, fn func(i *Incident, role Role, now time.Time, known told) error) (*Incident, Role, error) {
	definitions, err := d.store.Definitions(ctx)
	if err != nil {
		return nil, Role{}, err
	}
	role, err := definitions.FindRole(word)
	if err != nil {
		return nil, Role{}, err
	}
	i, err := d.change(ctx, number, act, func(i *Incident, now time.Time, known told) error { return fn(i, role, now, known) })
	return i, role, err
}

// change runs fn in the row lock, and works out anew what is due then. A person
// who was told that a value moved since they opened their form, and sends the
// same form again, insists: what they were told is known to them, and only that
// is overruled.
func (d *Desk) change(ctx context.Context, number int64, act Act, fn func(i *Incident, now time.Time, known told) error) (*Incident, error) {
	now := d.now()
	var known told
	for {
		i, err := d.store.Change(ctx, number, act.Key, func(i *Incident) error {
			if !act.own && !i.VisibleTo(act.By) {
				return NoSuch(number)
			}
			if err := fn(i, now, known); err != nil {
				return err
			}
			i.Schedule(d.rulesFor(i))
			return nil
		})
		moved, ok := errors.AsType[*movedError](err)
		if !ok {
			return i, d.worded(ctx, err)
		}
		before, err := d.store.Told(ctx, fmt.Sprintf("%d %s %s %s", number, act.Key, moved.refusal.Field, moved.present), act.Try)
		if err != nil {
			return nil, err
		}
		if !before {
			return nil, d.worded(ctx, moved.refusal)
		}
		known = append(known, moved.present)
	}
}

// worded names the severity that a refusal is about as it is called here.
func (d *Desk) worded(ctx context.Context, err error) error {
	refusal, ok := errors.AsType[*Error](err)
	if !ok || refusal.Level == 0 {
		return err
	}
	// Without the definitions, the level is its name.
	definitions, _ := d.store.Definitions(ctx)
	said := *refusal
	said.Message = strings.ReplaceAll(said.Message, "{severity}", definitions.Severity(said.Level).Name)
	return &said
}

// rulesFor are the rules of an incident as it stands: what administrators set for
// its severity, and else the environment's.
func (d *Desk) rulesFor(i *Incident) Rules { return d.rules.under(i.Set, i.Severity) }
