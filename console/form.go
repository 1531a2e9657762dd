package console

import (
	"crypto/rand"
	"encoding/hex"
	"html/template"
	"net/url"
	"slices"
	"strings"
)

// form is one thing that can be done, as its page shows it.
type form struct {
	// Act names it on its page, and Action is the address that it is sent to.
	Act    string
	Action string
	Title  string
	Submit string
	Fields []field
	// Hint stands above the fields.
	Hint string
	// Problem says why it did not work, if that is about no field.
	Problem string
	// Open is whether the fields are shown at once.
	Open bool
	// Extra are forms of a button each, below the fields.
	Extra []form
	// Danger marks what ends an incident as if it had been none.
	Danger bool
	// Key names the form: sent twice it counts once. Try names this sending of it.
	Key, Try string
}

// fieldKind says how a field is filled in.
type fieldKind string

const (
	kindLine   fieldKind = "line"
	kindText   fieldKind = "text"
	kindChoice fieldKind = "choice"
	kindDay    fieldKind = "date"
	kindHidden fieldKind = "hidden"
)

type field struct {
	Kind              fieldKind
	Name, Label, Hint string
	Value             string
	Options           []option
	Optional          bool
	// Placeholder is shown where nothing is typed.
	Placeholder string
	Max         int
	// Since says who made it what it is, and when, or is empty.
	Since template.HTML
	// Error says what is wrong with it.
	Error string
}

type option struct{ Value, Label string }

// fieldView is a field with its id, which no other field of the page has.
type fieldView struct {
	ID string
	field
}

// newKey is what no other form has.
func newKey() string {
	raw := make([]byte, 16)
	_, _ = rand.Read(raw)
	return hex.EncodeToString(raw)
}

// isKey reports whether a browser sent back what newKey made.
func isKey(key string) bool {
	raw, err := hex.DecodeString(key)
	return err == nil && len(raw) == 16
}

// refill puts what was sent into the fields, so that nothing typed is lost.
func (f *form) refill(sent url.Values) {
	f.Open = true
	f.Key = sent.Get("key")
	for n := range f.Fields {
		if values, ok := sent[f.Fields[n].Name]; ok && len(values) > 0 {
			f.Fields[n].Value = strings.ReplaceAll(values[0], "\r\n", "\n")
		}
	}
}

// refuse puts words beside the field that they are about, or above all.
func (f *form) refuse(name, words string) {
	at := slices.IndexFunc(f.Fields, func(f field) bool { return f.Name == name && f.Kind != kindHidden })
	if at < 0 {
		f.Problem = words
		return
	}
	f.Fields[at].Error = words
}
