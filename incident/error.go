package incident

import (
	"errors"
	"fmt"
	"strings"
)

// Kind says what sort of refusal an Error is.
type Kind int

const (
	// Invalid means that the input can't be used; Field says which.
	Invalid Kind = iota + 1
	// NotFound means that there is no such incident, or none that the person
	// may see. The two are the same to whoever asks.
	NotFound
	// Conflict means that somebody else changed the thing meanwhile.
	Conflict
	// NothingToDo means that what is asked for is already so.
	NothingToDo
	// Forbidden means that this person may not do it.
	Forbidden
)

// Error is a refusal that a person reads: what happened and what to do next.
// Any other error is ours and is never shown.
type Error struct {
	Kind Kind
	// Field names the input that is at fault ("title", "severity"), or is empty.
	Field string
	// Message is a whole sentence for the person who acted. "{who}" in it stands
	// for the person in Who, whose name only a listener can write; it comes before
	// anything that people typed, so that only the first one is meant.
	Message string
	// Who is the Slack user id of the other person concerned, or empty.
	Who string
	// Level is the severity whose name here "{severity}" stands for in Message; the
	// Desk fills it in.
	Level Severity
	// Ended is the incident that would have to be reopened first, or 0.
	Ended int64
}

func (e *Error) Error() string { return e.Message }

// NameWho puts a name in the place that a Message has for the person in Who. It takes
// the message by itself, since a listener may have to escape it first.
func NameWho(message, name string) string { return strings.Replace(message, "{who}", name, 1) }

// Errorf makes a refusal of the given kind.
func Errorf(kind Kind, format string, args ...any) *Error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// NoSuch refuses an incident that does not exist, or that the person may not see:
// who is told one or the other learns nothing.
func NoSuch(number int64) *Error {
	return Errorf(NotFound, "There is no incident %d that you can see.", number)
}

// FieldErrorf makes an Invalid refusal about one input.
func FieldErrorf(field, format string, args ...any) *Error {
	return &Error{Kind: Invalid, Field: field, Message: fmt.Sprintf(format, args...)}
}

// IsKind reports whether err is, or wraps, a refusal of that kind.
func IsKind(err error, kind Kind) bool {
	refusal, ok := errors.AsType[*Error](err)
	return ok && refusal.Kind == kind
}
