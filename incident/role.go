package incident

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The keys of the stock roles. Administrators may add others.
const (
	Commander     = "commander"
	CommsLiaison  = "comms"
	TechnicalLead = "lead"
)

// Role is a part that somebody plays in an incident.
type Role struct {
	// Key is what commands and buttons carry: lower-case letters and digits.
	Key string
	// Name is what people read, such as "Incident commander".
	Name string
	// Text is the definition that a new holder gets.
	Text string
	// Position orders roles on the card, lowest first.
	Position int
	// Retired is whether nobody can get it any more.
	Retired bool
}

// SeverityDefinition is what this organisation means by a severity.
type SeverityDefinition struct {
	Level Severity
	// Name is what people read, such as "SEV2".
	Name string
	// Text is one line that says when the severity applies.
	Text string
	// First and Every are how people are reminded of updates; zero follows the
	// environment. Only those of critical severities mean anything.
	First, Every time.Duration
}

// Definitions are what administrators own, as it stands now.
type Definitions struct {
	// Roles are those in use, in the order of the card.
	Roles []Role
	// Retired are those that nobody can get any more.
	Retired    []Role
	Severities []SeverityDefinition
	Settings   Settings
}

// RolesOf lists the roles that belong to an incident: those in use, and the
// retired ones that somebody still holds.
func (d Definitions) RolesOf(i *Incident) []Role {
	roles := slices.Clip(d.Roles)
	for _, r := range d.Retired {
		if _, held := i.Holder(r.Key); held {
			roles = append(roles, r)
		}
	}
	return roles
}

// SeverityName is what a severity is called here that an entry names by its level,
// "SEV2".
func (d Definitions) SeverityName(level string) string {
	if s, err := ParseSeverity(level); err == nil {
		return d.Severity(s).Name
	}
	return level
}

// FindSeverity finds the severity that a person means by a word: its name, or
// what ParseSeverity takes.
func (d Definitions) FindSeverity(word string) (Severity, error) {
	for _, s := range d.Severities {
		if strings.EqualFold(s.Name, CleanLine(word)) {
			return s.Level, nil
		}
	}
	level, err := ParseSeverity(word)
	if err != nil {
		var names []string
		for _, s := range Severities() {
			names = append(names, d.Severity(s).Name)
		}
		return 0, FieldErrorf("severity", "Severity is one of %s.", strings.Join(names, ", "))
	}
	return level, nil
}

// Severity gives the definition of one level, or the bare name without one that has a name.
func (d Definitions) Severity(level Severity) SeverityDefinition {
	for _, s := range d.Severities {
		if s.Level == level && s.Name != "" {
			return s
		}
	}
	return SeverityDefinition{Level: level, Name: level.String()}
}

// Role finds a role by key, also a retired one.
func (d Definitions) Role(key string) (Role, bool) {
	for _, roles := range [][]Role{d.Roles, d.Retired} {
		for _, r := range roles {
			if r.Key == key {
				return r, true
			}
		}
	}
	return Role{}, false
}

// FindRole finds the role that a person means by a word: its key, its name, the
// initials of its name, or the beginning of a word of its name when only one
// role has it ("commander", "ic", "technical"). A key always means its role,
// whatever the others are called, also one that was retired meanwhile: buttons
// carry keys.
func (d Definitions) FindRole(word string) (Role, error) {
	typed := strings.ToLower(CleanLine(word))
	role, found := d.findRole(typed)
	if !found {
		role, found = d.findRole(keyword(typed))
	}
	if found {
		return role, nil
	}
	var names []string
	for _, r := range d.Roles {
		names = append(names, r.Key+" ("+r.Name+")")
	}
	return Role{}, FieldErrorf("role", "There is no such role. The roles are %s.", strings.Join(names, ", "))
}

func (d Definitions) findRole(word string) (Role, bool) {
	for _, means := range []func(Role) bool{
		func(r Role) bool { return word == r.Key },
		func(r Role) bool { return word == strings.ToLower(r.Name) },
		func(r Role) bool { return word == initials(r.Name) },
		func(r Role) bool { return beginsWord(r.Name, word) },
	} {
		if found := d.rolesThat(means); len(found) == 1 && word != "" {
			return found[0], true
		}
	}
	return d.Role(word)
}

func (d Definitions) rolesThat(means func(Role) bool) []Role {
	var found []Role
	for _, r := range d.Roles {
		if means(r) {
			found = append(found, r)
		}
	}
	return found
}

// beginsWord reports whether a word of the name begins with at least three
// letters that somebody typed.
func beginsWord(name, typed string) bool {
	if utf8.RuneCountInString(typed) < 3 {
		return false
	}
	for part := range strings.FieldsSeq(strings.ToLower(name)) {
		if strings.HasPrefix(part, typed) {
			return true
		}
	}
	return false
}

func initials(name string) string {
	var out strings.Builder
	for part := range strings.FieldsSeq(strings.ToLower(name)) {
		first, _ := utf8.DecodeRuneInString(part)
		out.WriteRune(first)
	}
	return out.String()
}

// Free lists the roles that nobody holds, in the order of the card.
func (d Definitions) Free(i *Incident) []Role {
	return d.rolesThat(func(r Role) bool {
		_, held := i.Holder(r.Key)
		return !held
	})
}

// Assignment says who holds a role.
type Assignment struct {
	Role string
	// User is the holder's Slack user id.
	User string
	// By is who made them so; the same as User when they claimed it.
	By string
	At time.Time
	// Note is what they were told with it, or empty.
	Note string
	// TypedIn is the channel in which they typed when they took it, so that they were in
	// there; empty if they did otherwise.
	TypedIn string
}

// LastAssigned is when the newest of the present assignments was made, or the
// declaration: what a form about roles has shown.
func (i *Incident) LastAssigned() time.Time {
	newest := i.DeclaredAt
	for _, a := range i.Roles {
		if a.At.After(newest) {
			newest = a.At
		}
	}
	return newest
}

// assignedNow is the time of an assignment that is made now: after all others, also if
// they were made by a replica whose clock is ahead of this one's.
func (i *Incident) assignedNow(now time.Time) time.Time {
	if last := i.LastAssigned(); now.Before(last) {
		return last.Add(time.Millisecond)
	}
	return now
}

// inUse refuses to give a retired role to anybody.
func (r Role) inUse() error {
	if r.Retired {
		return FieldErrorf("role", "The role %s is not in use any more.", r.Name)
	}
	return nil
}
