package incident

import "time"

// Rules are the times after which people are reminded. A zero one reminds
// nobody; when all are zero, they are not known.
type Rules struct {
	// First is how long a critical incident may go without an update, and Every
	// how soon a reminder is repeated that nobody answers.
	First, Every time.Duration
	// Commander is how long nobody may be commander before people are asked.
	Commander time.Duration
	// Stale is how old an open incident gets before it is called stale, and
	// StaleEvery how soon it is called so again.
	Stale, StaleEvery time.Duration
}

// Cadence is what the clock knows of an incident: when things happened that
// reminders are counted from. A zero time is something that did not happen.
type Cadence struct {
	// CriticalSince is when it became critical.
	CriticalSince time.Time
	// From is when the clock of updates last began: when it became critical, or
	// at an update since.
	From time.Time
	// Promised is by when the last update promised the next one.
	Promised time.Time
	// RemindedAt is when people were last reminded since From.
	RemindedAt time.Time
	// SnoozedUntil is how long they asked to be left alone, and Stopped whether
	// that is until the severity changes.
	SnoozedUntil time.Time
	Stopped      bool
	// Reminders are the latest ones, the last of which may be live.
	Reminders []Reminder
	// CommanderFreeAt is when the last commander left; PromptedAt when people
	// were asked for one, which happens once.
	CommanderFreeAt time.Time
	PromptedAt      time.Time
	// StaleAt is when it was last called stale, and KeptAt when somebody said
	// that it is still worked on.
	StaleAt time.Time
	KeptAt  time.Time
	// Due is what Schedule made of all that.
	Due Due
}

// Due is when each thing is due; zero if it is not. A due time may be too early,
// when the rules have changed since, but not too late.
type Due struct {
	// Update is by when readers may expect the next update.
	Update time.Time
	// Reminder is when people are reminded of it.
	Reminder  time.Time
	Commander time.Time
	Stale     time.Time
	// FollowUp is when somebody is reminded of a follow-up.
	FollowUp time.Time
}

// UpdateDue is by when the next update is due: as promised, else, while the
// incident is critical, First after the clock began. A promise that is older
// than the clock only holds if it is sooner.
func (i *Incident) UpdateDue(r Rules) time.Time {
	if !i.Status.Open() {
		return time.Time{}
	}
	c := &i.Cadence
	due := time.Time{}
	if i.watched(r) {
		due = c.From.Add(r.First)
	}
	if p := c.Promised; p.After(c.From) && (due.IsZero() || p.Before(due) || c.From.Equal(i.Last.At)) {
		return p
	}
	return due
}

// ReminderDue is when people are to be reminded of an update: when it is due,
// again Every after a reminder, or when a snooze ends.
func (i *Incident) ReminderDue(r Rules) time.Time {
	c := &i.Cadence
	switch {
	case !i.watched(r):
		return time.Time{}
	case !c.SnoozedUntil.IsZero():
		return c.SnoozedUntil
	case !c.RemindedAt.IsZero():
		return c.RemindedAt.Add(r.Every)
	}
	return i.UpdateDue(r)
}

// watched reports whether the clock of updates runs.
func (i *Incident) watched(r Rules) bool {
	return i.Status.Open() && !i.Test && i.Severity.Critical() && !i.Cadence.Stopped && r.First > 0 && r.Every > 0
}

// Schedule works out anew what is due when. Who doesn't know the rules makes the
// incident due at once, so that who does schedules it.
func (i *Incident) Schedule(r Rules) {
	if r == (Rules{}) && i.Status.Open() {
		i.Cadence.Due.Reminder, i.Cadence.Due.FollowUp = i.DeclaredAt, i.FollowUpDue()
		return
	}
	i.Cadence.Due = Due{Update: i.UpdateDue(r), Reminder: i.ReminderDue(r), Commander: i.CommanderDue(r), Stale: i.StaleDue(r), FollowUp: i.FollowUpDue()}
}

// Tick does what is due, each thing once however long it has been due, and works
// out what is due next. It reports whether there is anything to say.
func (i *Incident) Tick(r Rules, now time.Time) bool {
	said, update := false, i.Cadence.Due.Update
	if reached(i.ReminderDue(r), now) {
		i.remind(r, now)
		said = true
	}
	if reached(i.CommanderDue(r), now) {
		i.Cadence.PromptedAt = now
		i.note(Entry{Kind: EntryPrompt, At: now, Quiet: true})
		said = true
	}
	if reached(i.StaleDue(r), now) {
		i.Cadence.StaleAt = now
		i.note(Entry{Kind: EntryStale, At: now})
		said = true
	}
	said = i.remindFollowUps(now) || said
	i.Schedule(r)
	// The rules may have changed, and people read when the next update is due.
	return said || !i.Cadence.Due.Update.Equal(update)
}

// reached reports whether a due time has come.
func reached(due, now time.Time) bool { return !due.IsZero() && !due.After(now) }
