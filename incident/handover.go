package incident

import "time"

// Handing is a role that passes to somebody.
type Handing struct {
	// To is the Slack user id of who gets it.
	To string
	// Note is what they should know, or empty.
	Note string
	// Seen is when the newest assignment was made that the acting person was
	// looking at, or the declaration; zero if they weren't looking at any.
	Seen time.Time
}

// MaxHandover is how long the note of a role may be, in characters.
const MaxHandover = 1000

// Assign gives a role to somebody, whoever held it before.
func (i *Incident) Assign(role Role, h Handing, by string, now time.Time) error {
	if err := i.OpenTo("assign a role"); err != nil {
		return err
	}
	note := CleanLine(h.Note)
	if n := len([]rune(note)); n > MaxHandover {
		return FieldErrorf("note", "That has %d characters; %d fit.", n, MaxHandover)
	}
	to := h.To
	held, _ := i.Holder(role.Key)
	if held.User == to {
		already := Errorf(NothingToDo, "{who} is already %s of %s.", role.Name, i.Ref())
		already.Field, already.Who = "person", to
		return already
	}
	at := i.assignedNow(now)
	i.vacate(role)
	i.Roles = append(i.Roles, Assignment{Role: role.Key, User: to, By: by, At: at, Note: note})
	i.note(Entry{Kind: EntryRole, At: now, By: by, Role: role.Key, From: held.User, To: to, Text: note})
	return nil
}

// HandOver gives a role that one holds to somebody else.
func (i *Incident) HandOver(role Role, h Handing, by string, now time.Time) error {
	if err := i.OpenTo("hand a role over"); err != nil {
		return err
	}
	if err := i.mustHold(role, by, "assign"); err != nil {
		return err
	}
	return i.Assign(role, h, by, now)
}

// Leave gives a role up. Nobody holds it then.
func (i *Incident) Leave(role Role, by string, now time.Time) error {
	if held, _ := i.Holder(role.Key); i.Status != Resolved || held.At.Before(i.ResolvedAt) {
		// Who had it while it mattered stays on record.
		if err := i.OpenTo("leave a role"); err != nil {
			return err
		}
	}
	if err := i.mustHold(role, by, "leave"); err != nil {
		return err
	}
	i.vacate(role)
	if role.Key == Commander {
		i.Cadence.CommanderFreeAt = now
	}
	i.note(Entry{Kind: EntryRole, At: now, By: by, Role: role.Key, From: by})
	return nil
}

func (i *Incident) vacate(role Role) {
	kept := make([]Assignment, 0, len(i.Roles))
	for _, a := range i.Roles {
		if a.Role != role.Key {
			kept = append(kept, a)
		}
	}
	i.Roles = kept
}

// mustHold refuses whoever speaks for a role that they don't hold.
func (i *Incident) mustHold(role Role, by, act string) error {
	held, ok := i.Holder(role.Key)
	switch {
	case ok && held.User == by:
		return nil
	case !ok && act == "assign":
		return Errorf(Conflict, "Nobody is %s of %s. Claim or assign it instead.", role.Name, i.Ref())
	case !ok:
		return Errorf(NothingToDo, "Nobody is %s of %s.", role.Name, i.Ref())
	}
	refusal := Errorf(Conflict, "{who} is %s of %s, not you. Only they can hand it over or leave it; anybody can assign somebody else.", role.Name, i.Ref())
	refusal.Who = held.User
	return refusal
}
