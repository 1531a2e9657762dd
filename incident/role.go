package incident

import (
	"strings"
	"time"
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
}

// SeverityDefinition is what this organisation means by a severity.
type SeverityDefinition struct {
	Level Severity
	// Name is what people read, such as "SEV2".
	Name string
	// Text is one line that says when the severity applies.
	Text string
}

// Definitions are the texts that administrators own, as they stand now.
type Definitions struct {
	Roles      []Role
	Severities []SeverityDefinition
}

// Severity gives the definition of one level, or the bare name without one.
func (d Definitions) Severity(level Severity) SeverityDefinition {
	for _, s := range d.Severities {
		if s.Level == level {
			return s
		}
	}
	return SeverityDefinition{Level: level, Name: level.String()}
}

// Role finds a role by key.
func (d Definitions) Role(key string) (Role, bool) {
	for _, r := range d.Roles {
		if r.Key == key {
			return r, true
		}
	}
	return Role{}, false
}

// FindRole finds the role that a person means by a word: its key, its name, or
// the beginning of a word of its name ("commander", "ic", "technical").
func (d Definitions) FindRole(word string) (Role, error) {
	word = strings.ToLower(strings.TrimSpace(word))
	for _, r := range d.Roles {
		name := strings.ToLower(r.Name)
		if word == r.Key || word == name || word == initials(name) {
			return r, nil
		}
	}
	var names []string
	for _, r := range d.Roles {
		names = append(names, r.Key+" ("+r.Name+")")
		for part := range strings.FieldsSeq(strings.ToLower(r.Name)) {
			if len(word) >= 3 && strings.HasPrefix(part, word) {
				return r, nil
			}
		}
	}
	return Role{}, FieldErrorf("role", "There is no such role. The roles are %s.", strings.Join(names, ", "))
}

func initials(name string) string {
	var out strings.Builder
	for part := range strings.FieldsSeq(name) {
		out.WriteByte(part[0])
	}
	return out.String()
}

// Assignment says who holds a role.
type Assignment struct {
	Role string
	// User is the holder's Slack user id.
	User string
	// By is who made them so; the same as User when they claimed it.
	By string
	At time.Time
}
