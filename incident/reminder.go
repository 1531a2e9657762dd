package incident

import (
	"slices"
	"time"
)

// Answer is how a reminder ended.
type Answer string

// The answers. A reminder without one is live, if it is the last.
const (
	AnswerUpdate  Answer = "update"
	AnswerNothing Answer = "nothing"
	AnswerSnooze  Answer = "snooze"
	AnswerStop    Answer = "stop"
	// AnswerOver ends a reminder of an incident that is no longer critical.
	AnswerOver Answer = "over"
)

// Reminder is one time that people were asked for an update.
type Reminder struct {
	// N counts from 1 within the incident.
	N  int       `json:"n"`
	At time.Time `json:"at"`
	// To is the person who was asked, or empty when the whole room was.
	To string `json:"to,omitempty"`
	// Due is when the update was due.
	Due    time.Time `json:"due,omitzero"`
	Answer Answer    `json:"answer,omitempty"`
	// By is who answered, and Until when the next update or reminder is due.
	By    string    `json:"by,omitempty"`
	Until time.Time `json:"until,omitzero"`
}

// remembered is how many reminders are kept, so that their messages can be set
// right though Slack was away for some hours.
const remembered = 8

// lastReminder gives the newest reminder; its N is 0 if there was none.
func (c *Cadence) lastReminder() Reminder {
	if len(c.Reminders) == 0 {
		return Reminder{}
	}
	return c.Reminders[len(c.Reminders)-1]
}

// Live gives the reminder that waits for an answer, if one does.
func (c *Cadence) Live() (Reminder, bool) {
	last := c.lastReminder()
	return last, last.N > 0 && last.Answer == ""
}

// answer ends the live reminder, if there is one.
func (c *Cadence) answer(how Answer, by string, until time.Time) {
	if _, live := c.Live(); !live {
		return
	}
	c.Reminders = slices.Clone(c.Reminders)
	last := &c.Reminders[len(c.Reminders)-1]
	last.Answer, last.By, last.Until = how, by, until
}

// remind asks for an update: the communications liaison, else the commander,
// else everybody who reads along.
func (i *Incident) remind(r Rules, now time.Time) {
	c := &i.Cadence
	reminder := Reminder{N: c.lastReminder().N + 1, At: now, Due: i.UpdateDue(r)}
	for _, role := range []string{Commander, CommsLiaison} {
		if held, ok := i.Holder(role); ok {
			reminder.To = held.User
		}
	}
	kept := c.Reminders[max(0, len(c.Reminders)-remembered+1):]
	c.Reminders = append(slices.Clone(kept), reminder)
	c.RemindedAt, c.SnoozedUntil = now, time.Time{}
	i.note(Entry{Kind: EntryReminder, At: now, To: reminder.To, Quiet: true})
}

// NothingNew answers reminder n: there is no change, and the clock begins anew.
func (i *Incident) NothingNew(n int, r Rules, by string, now time.Time) error {
	if err := i.mustBeLive(n); err != nil {
		return err
	}
	until := now.Add(r.First)
	i.note(Entry{Kind: EntryNothing, At: now, By: by, Quiet: true, Detail: &Detail{Until: until}})
	i.Cadence.answer(AnswerNothing, by, until)
	i.Cadence.begin(now)
	i.Cadence.Promised = time.Time{}
	return nil
}

// Snooze answers reminder n: the next one comes that long from now.
func (i *Incident) Snooze(n int, length time.Duration, by string, now time.Time) error {
	if length <= 0 || length > 24*time.Hour {
		return FieldErrorf("snooze", "A reminder can be snoozed for up to a day.")
	}
	if err := i.mustBeLive(n); err != nil {
		return err
	}
	until := now.Add(length)
	i.note(Entry{Kind: EntrySnoozed, At: now, By: by, Quiet: true, Detail: &Detail{Until: until}})
	i.Cadence.answer(AnswerSnooze, by, until)
	i.Cadence.SnoozedUntil = until
	return nil
}

// Stop answers reminder n: there is no other one until the severity changes.
func (i *Incident) Stop(n int, by string, now time.Time) error {
	if err := i.mustBeLive(n); err != nil {
		return err
	}
	i.note(Entry{Kind: EntryStopped, At: now, By: by, Quiet: true})
	i.Cadence.answer(AnswerStop, by, time.Time{})
	i.Cadence.Stopped = true
	return nil
}

// mustBeLive refuses an answer to a reminder that waits for none.
func (i *Incident) mustBeLive(n int) error {
	last := i.Cadence.lastReminder()
	if live, ok := i.Cadence.Live(); ok && live.N == n {
		return nil
	}
	if last.N == n && last.By != "" {
		answered := Errorf(NothingToDo, "{who} answered this reminder already.")
		answered.Who = last.By
		return answered
	}
	return Errorf(NothingToDo, "This reminder is over.")
}

// updated answers the live reminder with an update, and begins the clock anew.
func (c *Cadence) updated(by string, promised, now time.Time) {
	c.answer(AnswerUpdate, by, promised)
	c.begin(now)
	c.Promised = promised
}

// begin begins the clock of updates.
func (c *Cadence) begin(now time.Time) {
	c.From, c.RemindedAt, c.SnoozedUntil = now, time.Time{}, time.Time{}
}

// watch lets the clock of updates follow the severity and the status: it begins
// when the incident becomes critical, goes on from SEV2 to SEV1, begins anew
// where it was stopped, and ends otherwise.
func (i *Incident) watch(by string, now time.Time) {
	c := &i.Cadence
	switch {
	case !i.Status.Open() || !i.Severity.Critical() || i.Test:
		c.answer(AnswerOver, by, time.Time{})
		c.begin(time.Time{})
		c.CriticalSince, c.Stopped = time.Time{}, false
	case c.CriticalSince.IsZero():
		c.begin(now)
		c.CriticalSince = now
	case c.Stopped:
		c.begin(now)
		c.Stopped = false
	}
	if !i.Status.Open() {
		c.Promised = time.Time{}
	}
}
