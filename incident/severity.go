package incident

import (
	"fmt"
	"strings"
)

// Severity is how bad an incident is: 1 is the worst, 4 the mildest.
type Severity int

// Every incident starts as SEV4 and may be promoted up to SEV1.
const (
	SEV1 Severity = 1
	SEV2 Severity = 2
	SEV3 Severity = 3
	SEV4 Severity = 4
)

// Severities lists all of them, worst first.
func Severities() []Severity { return []Severity{SEV1, SEV2, SEV3, SEV4} }

func (s Severity) String() string { return fmt.Sprintf("SEV%d", int(s)) }

// Valid reports whether s is one of the four.
func (s Severity) Valid() bool { return s >= SEV1 && s <= SEV4 }

// Critical reports whether people outside expect regular updates.
func (s Severity) Critical() bool { return s == SEV1 || s == SEV2 }

// ParseSeverity reads "sev2", "SEV-2", "2", "s2" or "p2".
func ParseSeverity(text string) (Severity, error) {
	digits := keyword(text)
	for _, prefix := range []string{"severity", "sev", "s", "p"} {
		if rest, ok := strings.CutPrefix(digits, prefix); ok {
			digits = rest
			break
		}
	}
	digits = strings.TrimLeft(digits, " -:=")
	if len(digits) == 1 {
		if s := Severity(digits[0] - '0'); s.Valid() {
			return s, nil
		}
	}
	return 0, FieldErrorf("severity", "Severity is one of SEV1, SEV2, SEV3, SEV4.")
}

// NamedSeverity reads a word that can only be a severity: "sev2", "SEV-2", "sev2:".
func NamedSeverity(word string) (Severity, bool) {
	digits, named := strings.CutPrefix(keyword(word), "sev")
	digits = strings.TrimPrefix(strings.TrimSuffix(digits, ":"), "-")
	if !named || len(digits) != 1 || !Severity(digits[0]-'0').Valid() {
		return 0, false
	}
	return Severity(digits[0] - '0'), true
}
