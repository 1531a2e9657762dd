package incident

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Book is all that administrators may change, with who changed it.
type Book struct {
	Definitions
	// Last are the latest changes of each setting; what was never changed has
	// none.
	Last map[Setting]SettingChange
	// Recent are the latest changes, newest first.
	Recent []SettingChange

	news []SettingChange
}

// SettingChange is one change of one setting. A role that was added is a change
// of its section, "role.scribe", from nothing to its name; one that was retired,
// the other way round.
type SettingChange struct {
	Setting Setting
	// From and To are as people type them.
	From, To string
	// By is the Slack user id of who did it.
	By string
	At time.Time
}

// News hands over the changes that have not been saved yet, and forgets them.
func (b *Book) News() []SettingChange {
	news := b.news
	b.news = nil
	return news
}

// SettingEdit is a form of settings that somebody sent.
type SettingEdit struct {
	// Values are what was typed.
	Values map[Setting]string
	// Shown are the Fingerprints of what the person was looking at. A setting
	// without one is changed whatever it was.
	Shown map[Setting]string
}

// Refusals are errors beside several fields of one form: the Field of each is a
// Setting.
type Refusals []*Error

func (r Refusals) Error() string {
	lines := make([]string, len(r))
	for n, refusal := range r {
		lines[n] = refusal.Message
	}
	return strings.Join(lines, " ")
}

// Edit changes the settings that the person changed. A setting that somebody else
// changed meanwhile, too, is refused unless known holds what it is now.
func (b *Book) Edit(e SettingEdit, known []string, by string, now time.Time) error {
	var wrong Refusals
	var moved movedSettings
	for _, s := range b.settings() {
		typed, sent := e.Values[s]
		if !sent || Fingerprint(typed) == e.Shown[s] {
			continue
		}
		before, _ := b.Value(s)
		if Fingerprint(typed) == Fingerprint(before) {
			continue
		}
		if refusal := b.put(s, typed); refusal != nil {
			wrong = append(wrong, refusal)
			continue
		}
		after, _ := b.Value(s)
		if after == before {
			continue
		}
		if shown := e.Shown[s]; shown != "" && Fingerprint(before) != shown && !slices.Contains(known, toldOf(s, before)) {
			moved = append(moved, b.moved(s, before))
		}
		b.changed(s, before, after, by, now)
	}
	for s := range e.Values {
		if _, ok := b.Value(s); !ok {
			wrong = append(wrong, refuse(s, "There is no such setting any more."))
		}
	}
	switch {
	case len(wrong) > 0:
		return wrong
	case len(moved) > 0:
		return moved
	case len(b.news) == 0:
		return Errorf(NothingToDo, "It is so already.")
	}
	return nil
}

func (b *Book) changed(s Setting, from, to, by string, now time.Time) {
	b.news = append(b.news, SettingChange{Setting: s, From: from, To: to, By: by, At: now})
}

// toldOf stands for a value of a setting that a person was told of.
func toldOf(s Setting, value string) string { return string(s) + " " + Fingerprint(value) }

// movedSettings are conflicts that a person may overrule by sending again.
type movedSettings []*movedError

func (m movedSettings) Error() string { return m[0].Error() }

func (b *Book) moved(s Setting, present string) *movedError {
	words := "nothing"
	if present != "" {
		words = "“" + Shorten(CleanLine(present), presentText) + "”"
	}
	moved := movedMeanwhile(string(s), words, b.Last[s].By)
	moved.present = toldOf(s, present)
	return moved
}

// MaxRoles is how many roles may be in use.
const MaxRoles = 20

// The fields of a role that is added.
const (
	FieldRoleName = "name"
	FieldRoleText = "text"
)

// AddRole adds a role, or takes one up again that was retired.
func (b *Book) AddRole(name, text, by string, now time.Time) (Role, error) {
	name, text = CleanLine(name), CleanText(text)
	if len(b.Roles) >= MaxRoles {
		return Role{}, FieldErrorf(FieldRoleName, "There are %d roles; retire one first.", len(b.Roles))
	}
	role := Role{Key: b.freeKey(name), Name: name, Text: text}
	for n, r := range b.Retired {
		if strings.EqualFold(r.Name, name) {
			role.Key = r.Key
			b.Retired = slices.Delete(slices.Clone(b.Retired), n, n+1)
			break
		}
	}
	for _, r := range b.Roles {
		role.Position = max(role.Position, r.Position)
	}
	role.Position++
	b.Roles = append(slices.Clone(b.Roles), role)
	var wrong Refusals
	for _, f := range []struct{ field, part, typed string }{{FieldRoleName, partName, name}, {FieldRoleText, partText, text}} {
		if refusal := b.put(part(OfRole(role.Key), f.part), f.typed); refusal != nil {
			refusal.Field = f.field
			wrong = append(wrong, refusal)
		}
	}
	if len(wrong) > 0 {
		return Role{}, wrong
	}
	b.changed(Setting(OfRole(role.Key)), "", name, by, now)
	return role, nil
}

// freeKey makes the key of a new role from its name: lower-case letters and
// digits, unlike all other keys and the words of topics.
func (b *Book) freeKey(name string) string {
	stem := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
	if stem == "" {
		stem = "role"
	}
	stem = stem[:min(len(stem), 30)]
	taken := func(key string) bool {
		same := func(r Role) bool { return r.Key == key }
		return slices.ContainsFunc(b.Roles, same) || slices.ContainsFunc(b.Retired, same) || slices.Contains(topicWords, key)
	}
	key := stem
	for n := 2; taken(key); n++ {
		key = fmt.Sprintf("%s%d", stem, n)
	}
	return key
}

// RetireRole takes a role out of use. Who holds it keeps it.
func (b *Book) RetireRole(key, by string, now time.Time) error {
	if Stock(key) {
		return Errorf(Invalid, "This role stays: reminders, topics and reviews address it. It can be renamed.")
	}
	for n, r := range b.Roles {
		if r.Key != key {
			continue
		}
		if strings.Contains(b.Settings.Topic, "{"+key+"}") {
			return Errorf(Invalid, "The topic names {%s}. Change the topic first.", key)
		}
		b.Roles = slices.Delete(slices.Clone(b.Roles), n, n+1)
		r.Retired = true
		b.Retired = append(slices.Clone(b.Retired), r)
		b.changed(Setting(OfRole(key)), r.Name, "", by, now)
		return nil
	}
	return Errorf(NothingToDo, "There is no such role any more.")
}

// Stock reports whether a role is one of those that muster came with.
func Stock(key string) bool { return key == Commander || key == CommsLiaison || key == TechnicalLead }

// Restore gives a severity or a role, by its section, the name and the text that
// it came with.
func (b *Book) Restore(section string, stock Definitions, by string, now time.Time) error {
	e := SettingEdit{Values: map[Setting]string{}}
	for _, of := range []string{partName, partText} {
		if value, ok := stock.Value(part(section, of)); ok {
			e.Values[part(section, of)] = value
		}
	}
	if len(e.Values) == 0 {
		return Errorf(Invalid, "This has no stock text.")
	}
	return b.Edit(e, nil, by, now)
}
