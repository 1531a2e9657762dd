package config

import (
	"fmt"
	"io"
)

// redacted is what every way of printing a Secret writes.
const redacted = "[secret]"

// Secret is a text that must not reach a log, an error or a file by accident. Every way of
// printing or encoding one gives "[secret]"; only [Secret.Reveal] gives the text.
//
// The text sits behind a pointer because fmt ignores a type's methods when the value is in an
// unexported field of another struct: there it prints an address, and not the token.
// Two Secrets are therefore not comparable with ==.
type Secret struct {
	text *string
	_    [0]func()
}

// NewSecret wraps text.
func NewSecret(text string) Secret { return Secret{text: &text} }

// Reveal gives the text itself, "" for the zero Secret. Call it only where the text is used.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero reports whether there is no text.
func (s Secret) IsZero() bool { return s.Reveal() == "" }

// String gives "[secret]".
func (s Secret) String() string { return redacted }

// GoString gives "[secret]", for %#v.
func (s Secret) GoString() string { return redacted }

// Format writes "[secret]" whatever the verb: %d or %x would otherwise look inside.
func (s Secret) Format(state fmt.State, _ rune) { _, _ = io.WriteString(state, redacted) }

// MarshalText gives "[secret]".
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON gives "[secret]" as a JSON string.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }
