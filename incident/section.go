package incident

import (
	"fmt"
	"time"
)

// FieldKind says how a setting is written.
type FieldKind int

// The kinds. A link and a length of time are one line each.
const (
	KindLine FieldKind = iota
	KindText
	KindLength
	KindLink
	KindSwitch
)

// SettingField is one setting as it is shown and changed.
type SettingField struct {
	Setting Setting
	Label   string
	Hint    string
	Kind    FieldKind
	// Value is as people type it. Where it is empty, Rules says what rules
	// instead.
	Value string
	Rules string
	// Optional is whether it may be empty, and Most how many characters fit, 0
	// if that is not the limit.
	Optional bool
	Most     int
	// Changed is the latest change; its By is empty if there was none.
	Changed SettingChange
}

// Section is what is changed together.
type Section struct {
	// Key is "severity.1", "role.lead" or "general".
	Key    string
	Title  string
	Fields []SettingField
	// Stock is whether there is a stock text that it differs from.
	Stock bool
	// Role is the key of the role that may be retired here, or empty.
	Role string
}

// SectionGeneral is the key of what belongs to no severity and no role.
const SectionGeneral = "general"

// FindSection finds a section by its key.
func FindSection(list []Section, key string) (Section, bool) {
	for _, s := range list {
		if s.Key == key {
			return s, true
		}
	}
	return Section{}, false
}

// Fingerprints are what a form carries of the values that it shows.
func (s Section) Fingerprints() map[Setting]string {
	shown := map[Setting]string{}
	for _, f := range s.Fields {
		shown[f.Setting] = Fingerprint(f.Value)
	}
	return shown
}

// Sections lists all that may be changed, in the order in which it is shown.
func (b *Book) Sections(r Rules, x Defaults) []Section {
	var list []Section
	for _, sev := range b.Severities {
		list = append(list, b.severitySection(sev, r, x))
	}
	for _, role := range b.Roles {
		list = append(list, b.roleSection(role, x))
	}
	return append(list, b.generalSection(r, x))
}

func (b *Book) field(s Setting, label, hint string, kind FieldKind, most int) SettingField {
	value, _ := b.Value(s)
	return SettingField{Setting: s, Label: label, Hint: hint, Kind: kind, Value: value, Most: most, Changed: b.Last[s]}
}

func (b *Book) optional(s Setting, label, hint string, kind FieldKind, most int, rules string) SettingField {
	f := b.field(s, label, hint, kind, most)
	f.Optional, f.Rules = true, rules
	return f
}

func (b *Book) severitySection(sev SeverityDefinition, r Rules, x Defaults) Section {
	of := OfSeverity(sev.Level)
	s := Section{Key: of, Title: sev.Name, Fields: []SettingField{
		b.field(part(of, partName), "Name", "", KindLine, MaxName),
		b.field(part(of, partText), "When it applies", "One line, shown wherever the severity is chosen.", KindLine, MaxSeverityText),
	}}
	if sev.Name != sev.Level.String() {
		s.Title = fmt.Sprintf("%s (%s)", sev.Name, sev.Level)
	}
	if sev.Level.Critical() {
		s.Fields = append(s.Fields,
			b.optional(part(of, partFirst), "First reminder after", "So long without an update, such as 30m. Empty: the environment's value.",
				KindLength, 0, environment(r.First, "REMINDER_FIRST_AFTER")),
			b.optional(part(of, partEvery), "Further reminders every", "While nobody answers, such as 25m. Empty: the environment's value.",
				KindLength, 0, environment(r.Every, "REMINDER_EVERY")))
	}
	s.Stock = b.differs(of, x.Stock)
	return s
}

func (b *Book) roleSection(role Role, x Defaults) Section {
	of := OfRole(role.Key)
	s := Section{Key: of, Title: role.Name, Fields: []SettingField{
		b.field(part(of, partName), "Name", "Commands take it by any word of this, or by "+role.Key+".", KindLine, MaxName),
		b.field(part(of, partText), "What it is for", "Who gets the role is sent this.", KindText, MaxRoleText),
	}}
	s.Stock = b.differs(of, x.Stock)
	if !Stock(role.Key) {
		s.Role = role.Key
	}
	return s
}

func (b *Book) generalSection(r Rules, x Defaults) Section {
	group := "nobody"
	if x.Group != "" {
		group = "@" + x.Group + ", the environment's INCIDENT_AUTO_GROUP_INVITE_GROUP_NAME"
	}
	return Section{Key: SectionGeneral, Title: "Links, topic and people", Fields: []SettingField{
		b.optional(SettingGuide, "Guide", "How incidents are run here: a button on the digest message and a bookmark of each incident channel.", KindLink, maxLink, "no guide"),
		b.optional(SettingMeeting, "Meeting", "The standing call: a bookmark of each incident channel.", KindLink, maxLink, "no meeting"),
		b.optional(SettingTopic, "Topic of incident channels", "May name {severity}, {status}, {ref}, {title} and roles, such as {commander}. Empty: the stock one.",
			KindLine, MaxTopicText, StockTopic),
		b.optional(SettingGroup, "User group to invite", "Its handle; "+NoGroup+" invites nobody. Empty: the environment's value.", KindLine, 0, group),
		b.optional(SettingCommander, "Ask for a commander after", "So long without one, such as 10m. Empty: the environment's value.",
			KindLength, 0, environment(r.Commander, "COMMANDER_PROMPT_AFTER")),
		b.field(SettingGuests, "Guests may claim roles and write notes", "Also people of other organisations in shared channels.", KindSwitch, 0),
	}}
}

func environment(value time.Duration, variable string) string {
	return fmt.Sprintf("%s, the environment's %s", Length(value), variable)
}

// differs reports whether a section says other than what it came with.
func (b *Book) differs(section string, stock Definitions) bool {
	for _, of := range []string{partName, partText} {
		is, _ := b.Value(part(section, of))
		if was, ok := stock.Value(part(section, of)); ok && was != is {
			return true
		}
	}
	return false
}

// Name says which setting a change was about, in words.
func (b *Book) Name(s Setting) string {
	for _, section := range b.Sections(Rules{}, Defaults{}) {
		for _, f := range section.Fields {
			if f.Setting != s {
				continue
			}
			if section.Key == SectionGeneral {
				return f.Label
			}
			return section.Title + ", " + f.Label
		}
	}
	for _, r := range append(b.Roles, b.Retired...) {
		if s == Setting(OfRole(r.Key)) || s == part(OfRole(r.Key), partName) || s == part(OfRole(r.Key), partText) {
			return "Role " + r.Name
		}
	}
	return string(s)
}
