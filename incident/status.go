package incident

import "strings"

// Status is where the work on an incident stands.
type Status string

// The statuses may be taken in any order; a resolved incident can be reopened.
const (
	Investigating Status = "investigating"
	Identified    Status = "identified"
	Monitoring    Status = "monitoring"
	Resolved      Status = "resolved"
)

// Statuses lists all of them in the usual order of work.
func Statuses() []Status { return []Status{Investigating, Identified, Monitoring, Resolved} }

// Title is the status as a person reads it, such as "Investigating".
func (s Status) Title() string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(string(s[:1])) + string(s[1:])
}

// Open reports whether work goes on.
func (s Status) Open() bool { return s != Resolved }

// ParseStatus reads a status word, or its first letters when they are enough.
func ParseStatus(text string) (Status, error) {
	word := strings.ToLower(strings.TrimSpace(text))
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
