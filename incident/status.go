package incident

import "strings"

// Status is where the work on an incident stands.
type Status string

// The open statuses may be taken in any order; from the others, an incident can be
// reopened.
const (
	Investigating Status = "investigating"
	Identified    Status = "identified"
	Monitoring    Status = "monitoring"
	Resolved      Status = "resolved"
	// Cancelled is what was no incident, Duplicate what is the same as another.
	Cancelled Status = "cancelled"
	Duplicate Status = "duplicate"
)

// Statuses lists all of them in the usual order of work, the three open ones
// first.
func Statuses() []Status {
	return []Status{Investigating, Identified, Monitoring, Resolved, Cancelled, Duplicate}
}

// Title is the status as a person reads it, such as "Investigating".
func (s Status) Title() string { return capital(string(s)) }

func capital(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// Standing is the status in a sentence: "monitoring", "a duplicate of INC-41".
func (i *Incident) Standing() string {
	if i.Status == Duplicate {
		return "a duplicate of " + Ref(i.DuplicateOf)
	}
	return string(i.Status)
}

// StandingTitle is the status as a title: "Monitoring", "Duplicate of INC-41".
func (i *Incident) StandingTitle() string { return capital(strings.TrimPrefix(i.Standing(), "a ")) }

// Open reports whether work goes on.
func (s Status) Open() bool {
	switch s {
	case Resolved, Cancelled, Duplicate:
		return false
	}
	return true
}

// ParseStatus reads a status word, or its first letters when they are enough.
func ParseStatus(text string) (Status, error) {
	word := keyword(text)
	var found []Status
	for _, s := range Statuses() {
		if string(s) == word {
			return s, nil
		}
		if len(word) >= 2 && strings.HasPrefix(string(s), word) {
			found = append(found, s)
		}
	}
	if len(found) == 1 {
		return found[0], nil
	}
	return "", FieldErrorf("status", "Status is one of investigating, identified, monitoring, resolved.")
}
