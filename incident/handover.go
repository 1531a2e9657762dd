package incident

import "time"

// Assign gives a role to somebody, whoever held it before. note is what they
// should know, or empty.
func (i *Incident) Assign(role Role, to, note, by string, now time.Time) error {
	if err := i.mustBeOpen("assign a role"); err != nil {
		return err
	}
	held, _ := i.Holder(role.Key)
	if held.User == to {
		already := Errorf(NothingToDo, "{who} is already %s of %s.", role.Name, i.Ref())
		already.Who = to
		return already
	}
	i.vacate(role)
	i.Roles = append(i.Roles, Assignment{Role: role.Key, User: to, By: by, At: now})
	i.note(Entry{Kind: EntryRole, At: now, By: by, Role: role.Key, From: held.User, To: to, Text: Shorten(CleanLine(note), MaxResolution)})
	return nil
}

// HandOver gives a role that one holds to somebody else.
func (i *Incident) HandOver(role Role, to, note, by string, now time.Time) error {
	if err := i.mustHold(role, by, "assign"); err != nil {
		return err
	}
	return i.Assign(role, to, note, by, now)
}

// Leave gives a role up. Nobody holds it then.
func (i *Incident) Leave(role Role, by string, now time.Time) error {
	if err := i.mustBeOpen("leave a role"); err != nil {
		return err
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
