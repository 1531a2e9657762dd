package reconcile

import (
	"context"
	"fmt"
	"maps"
	"time"

	"muster/incident"
)

// DeedStore is where steps note what they make so outside, beside messages.
type DeedStore interface {
	BeginDeed(ctx context.Context, c *incident.Claim, key, value string, at time.Time) error
	EndDeed(ctx context.Context, c *incident.Claim, d incident.Deed) error
}

// BeginDeed notes that something that may not be repeated blindly is about to be
// tried.
func (p *Pass) BeginDeed(ctx context.Context, store DeedStore, key, value string) error {
	at := p.Now()
	if err := store.BeginDeed(ctx, p.Claim, key, value, at); err != nil {
		return fmt.Errorf("begin %s: %w", key, err)
	}
	p.SetDeed(incident.Deed{Key: key, Value: value, Ref: p.Deed(key).Ref, AttemptedAt: at})
	return nil
}

// EndDeed notes that it is so or, with an error in the record, that it will never be.
func (p *Pass) EndDeed(ctx context.Context, store DeedStore, d incident.Deed) error {
	d.DoneAt = p.Now()
	if err := store.EndDeed(ctx, p.Claim, d); err != nil {
		return fmt.Errorf("note %s: %w", d.Key, err)
	}
	p.SetDeed(d)
	return nil
}

// AllDeeds gives the records of all deeds.
func (p *Pass) AllDeeds() map[string]incident.Deed {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.Deeds)
}

// Seen is the case with the deeds as they are now, for who reads them there: other steps
// write to the pass's own meanwhile.
func (p *Pass) Seen() *incident.Case {
	c := *p.Case
	c.Deeds = p.AllDeeds()
	return &c
}

// ForgetDeed drops the pass's own copy of a deed's record.
func (p *Pass) ForgetDeed(key string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.Deeds, key)
}

// Deed gives the record of a deed.
func (p *Pass) Deed(key string) incident.Deed {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.Deeds[key]
}

// DeedsOf gives the records of the deeds whose keys begin with a prefix, in the order
// of the keys.
func (p *Pass) DeedsOf(prefix string) []incident.Deed { return recordsOf(p, p.Deeds, prefix) }

// SetDeed keeps the pass's own copy of a deed's record current.
func (p *Pass) SetDeed(d incident.Deed) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.Deeds[d.Key] = d
}
