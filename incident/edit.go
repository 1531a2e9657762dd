package incident

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"
)

// Edit says anew what an incident is about.
type Edit struct {
	// Title and Summary are what they become; nil leaves one alone.
	Title, Summary *string
	// Test is whether it is a drill; nil leaves that alone.
	Test *bool
	// ShownTitle and ShownSummary are the Fingerprints of what the person was
	// looking at, or empty.
	ShownTitle, ShownSummary string
}

// Fingerprint stands for a text where the text itself is too long to be carried
// along. It is the same for texts that are kept alike.
func Fingerprint(text string) string {
	sum := sha256.Sum256([]byte(CleanText(text)))
	return hex.EncodeToString(sum[:12])
}

// Edit changes the title, the summary and whether it is a drill, also of an incident that is over: what
// is written about it afterwards should say the right thing.
func (i *Incident) Edit(e Edit, by string, now time.Time) error {
	if err := e.check(); err != nil {
		return err
	}
	changed := false
	if e.Title != nil {
		if title := CleanLine(*e.Title); title != i.Title {
			i.note(Entry{Kind: EntryTitle, At: now, By: by, From: i.Title, To: title})
			i.Title, i.TitleBy, changed = title, by, true
		}
	}
	if e.Summary != nil {
		if summary := CleanText(*e.Summary); summary != i.Summary {
			i.note(Entry{Kind: EntrySummary, At: now, By: by, From: i.Summary, To: summary})
			i.Summary, i.SummaryBy, changed = summary, by, true
		}
	}
	if e.Test != nil && *e.Test != i.Test {
		i.drill(*e.Test, by, now)
		changed = true
	}
	if !changed {
		return Errorf(NothingToDo, "%s says so already.", i.Ref())
	}
	return nil
}

// The values of an EntryTest.
const (
	Drill     = "test"
	RealThing = "real"
)

// drill makes a test of an incident, or the real thing of a test, whose clocks then
// begin.
func (i *Incident) drill(test bool, by string, now time.Time) {
	e := Entry{Kind: EntryTest, At: now, By: by, From: RealThing, To: Drill}
	if !test {
		e.From, e.To = e.To, e.From
		i.Cadence.CommanderFreeAt, i.Cadence.KeptAt = now, now
	}
	i.note(e)
	i.Test, i.Cadence.CriticalSince = test, time.Time{}
	i.watch(by, now)
}

// check refuses what a declaration could not have either.
func (e Edit) check() error {
	d := Declaration{Title: "as it is"}
	if e.Title != nil {
		d.Title = *e.Title
	}
	if e.Summary != nil {
		d.Summary = *e.Summary
	}
	return d.Check()
}

// wanted leaves out what the person did not change.
func (e Edit) wanted() Edit {
	if e.Title != nil && Fingerprint(*e.Title) == e.ShownTitle {
		e.Title = nil
	}
	if e.Summary != nil && Fingerprint(*e.Summary) == e.ShownSummary {
		e.Summary = nil
	}
	return e
}

// moved refuses a text that the person changed while somebody else did, unless
// they know of it.
func (e Edit) moved(i *Incident, known told) error {
	if err := textMoved("title", i.Title, i.TitleBy, e.Title, e.ShownTitle, known); err != nil {
		return err
	}
	return textMoved("summary", i.Summary, i.SummaryBy, e.Summary, e.ShownSummary, known)
}

// presentText is how much of a text is quoted beside a field, in characters.
const presentText = 80

func textMoved(field, present, who string, to *string, shown string, known told) error {
	now := Fingerprint(present)
	if to == nil || shown == "" || now == shown || now == Fingerprint(*to) || slices.Contains(known, now) {
		return nil
	}
	words := "nothing"
	if present != "" {
		words = "“" + Shorten(CleanLine(present), presentText) + "”"
	}
	moved := movedMeanwhile(field, words, who)
	moved.present = now
	return moved
}

// Edit changes what is said of an incident, as far as the person changed them.
func (d *Desk) Edit(ctx context.Context, number int64, e Edit, act Act) (*Incident, error) {
	return d.change(ctx, number, act, func(i *Incident, now time.Time, known told) error {
		if err := e.wanted().moved(i, known); err != nil {
			return err
		}
		return i.Edit(e.wanted(), act.By, now)
	})
}
