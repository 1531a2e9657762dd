package incident

import (
	"context"
	"errors"
)

// SettingsStore keeps what administrators change.
type SettingsStore interface {
	// Book reads all of it, at one instant.
	Book(ctx context.Context) (*Book, error)
	// ChangeBook runs fn on the book inside its lock and saves what fn changed,
	// with its news. If the times after which people are reminded changed, all
	// open incidents become due. An error of fn changes nothing. If the key was
	// used before, fn is not run.
	ChangeBook(ctx context.Context, key string, fn func(*Book) error) error
}

// Defaults are what rules where administrators set nothing.
type Defaults struct {
	// Stock are the texts that muster came with.
	Stock Definitions
	// Group is the handle of the user group that the environment names, or empty.
	Group string
}

// WithDefaults tells the Desk what rules where administrators set nothing.
func (d *Desk) WithDefaults(x Defaults) *Desk {
	d.defaults = x
	return d
}

// Sections reads all that administrators may change, in the order in which it is
// shown, and the latest changes.
func (d *Desk) Sections(ctx context.Context) ([]Section, *Book, error) {
	b, err := d.store.Book(ctx)
	if err != nil {
		return nil, nil, err
	}
	return b.Sections(d.rules, d.defaults), b, nil
}

// ChangeSettings changes settings as far as the person changed them. It is for
// the listener to know that they are an administrator. Errors beside fields come
// as Refusals.
func (d *Desk) ChangeSettings(ctx context.Context, e SettingEdit, act Act) error {
	now := d.now()
	var known []string
	for {
		err := d.store.ChangeBook(ctx, act.Key, func(b *Book) error { return b.Edit(e, known, act.By, now) })
		moved, ok := errors.AsType[movedSettings](err)
		if !ok {
			return err
		}
		var untold Refusals
		for _, m := range moved {
			before, err := d.store.Told(ctx, "settings "+act.Key+" "+m.present, act.Try)
			if err != nil {
				return err
			}
			if !before {
				untold = append(untold, m.refusal)
			}
			known = append(known, m.present)
		}
		if len(untold) > 0 {
			return untold
		}
	}
}

// RestoreStock gives a severity or a role, by the key of its section, back what
// it was called and said at the first start.
func (d *Desk) RestoreStock(ctx context.Context, section string, act Act) error {
	now := d.now()
	return d.store.ChangeBook(ctx, act.Key, func(b *Book) error { return b.Restore(section, d.defaults.Stock, act.By, now) })
}

// AddRole adds a role that people can hold from now on.
func (d *Desk) AddRole(ctx context.Context, name, text string, act Act) error {
	now := d.now()
	return d.store.ChangeBook(ctx, act.Key, func(b *Book) error {
		_, err := b.AddRole(name, text, act.By, now)
		return err
	})
}

// RetireRole takes a role out of use; whoever holds it keeps it until they leave
// it.
func (d *Desk) RetireRole(ctx context.Context, key string, act Act) error {
	now := d.now()
	return d.store.ChangeBook(ctx, act.Key, func(b *Book) error { return b.RetireRole(key, act.By, now) })
}
