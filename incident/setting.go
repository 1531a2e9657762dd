package incident

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Settings are what administrators may set besides severities and roles. What is
// empty is not set: then the environment's value rules, or nothing does.
type Settings struct {
	// Guide is the address of how incidents are run here, Meeting that of the
	// standing call. Both are http or https.
	Guide   string
	Meeting string
	// Topic is the template of the topic of a room; see Topic.
	Topic string
	// Group is the handle of the user group that is invited to each room, or
	// NoGroup.
	Group string
	// CommanderAfter is how long nobody may be commander before people are asked.
	CommanderAfter time.Duration
	// Guests is whether guests may claim roles and write notes.
	Guests bool
}

// NoGroup is the group that is nobody, also where the environment names one.
const NoGroup = "none"

// Pace is how people are reminded at one severity; what is zero is not set.
type Pace struct{ First, Every time.Duration }

// Set is what administrators set of the times after which people are reminded.
// What is zero is not set, and follows the Rules.
type Set struct {
	// Paces are of SEV1 to SEV4.
	Paces     [SEV4]Pace
	Commander time.Duration
}

// Set gives the times that are set.
func (d Definitions) Set() Set {
	set := Set{Commander: d.Settings.CommanderAfter}
	for _, s := range d.Severities {
		if s.Level.Valid() {
			set.Paces[s.Level-1] = Pace{s.First, s.Every}
		}
	}
	return set
}

// under puts what is set for a severity in the place of the environment's rules.
// Unknown rules stay unknown.
func (r Rules) under(set Set, severity Severity) Rules {
	if r == (Rules{}) || !severity.Valid() {
		return r
	}
	pace := set.Paces[severity-1]
	for _, rule := range []struct {
		to   *time.Duration
		from time.Duration
	}{{&r.First, pace.First}, {&r.Every, pace.Every}, {&r.Commander, set.Commander}} {
		if rule.from > 0 {
			*rule.to = rule.from
		}
	}
	return r
}

// Setting names one thing that administrators may change: "guide",
// "severity.1.text", "role.commander.name".
type Setting string

// The settings that are neither of a severity nor of a role.
const (
	SettingGuide     Setting = "guide"
	SettingMeeting   Setting = "meeting"
	SettingTopic     Setting = "topic"
	SettingGroup     Setting = "group"
	SettingCommander Setting = "commander_after"
	SettingGuests    Setting = "guests"
)

// The last part of the names of what severities and roles have.
const (
	partName  = "name"
	partText  = "text"
	partFirst = "first"
	partEvery = "every"
)

// OfSeverity names a section of settings, OfRole another. A dot and a part make
// a Setting of it.
func OfSeverity(level Severity) string { return fmt.Sprintf("severity.%d", int(level)) }

// OfRole is OfSeverity for a role.
func OfRole(key string) string { return "role." + key }

func part(section, of string) Setting { return Setting(section + "." + of) }

// Part is the last word of the name of a setting: "name" of "role.lead.name".
func (s Setting) Part() string { return string(s)[strings.LastIndex(string(s), ".")+1:] }

// settings lists the names of all that may be changed.
func (d Definitions) settings() []Setting {
	var list []Setting
	for _, s := range d.Severities {
		of := OfSeverity(s.Level)
		list = append(list, part(of, partName), part(of, partText))
		if s.Level.Critical() {
			list = append(list, part(of, partFirst), part(of, partEvery))
		}
	}
	for _, r := range d.Roles {
		list = append(list, part(OfRole(r.Key), partName), part(OfRole(r.Key), partText))
	}
	return append(list, SettingGuide, SettingMeeting, SettingTopic, SettingGroup, SettingCommander, SettingGuests)
}

// Value gives a setting as people type it; ok is false if there is no such
// setting.
func (d Definitions) Value(s Setting) (value string, ok bool) {
	if !slices.Contains(d.settings(), s) {
		return "", false
	}
	if text := d.text(s); text != nil {
		return *text, true
	}
	if length := d.length(s); length != nil {
		return Length(*length), true
	}
	if d.Settings.Guests {
		return Yes, true
	}
	return No, true
}

// Yes and No are the values of a setting that is a switch.
const (
	Yes = "yes"
	No  = "no"
)

// text points to a setting that is a text.
func (d *Definitions) text(s Setting) *string {
	switch s {
	case SettingGuide:
		return &d.Settings.Guide
	case SettingMeeting:
		return &d.Settings.Meeting
	case SettingTopic:
		return &d.Settings.Topic
	case SettingGroup:
		return &d.Settings.Group
	}
	for n := range d.Severities {
		switch of := OfSeverity(d.Severities[n].Level); s {
		case part(of, partName):
			return &d.Severities[n].Name
		case part(of, partText):
			return &d.Severities[n].Text
		}
	}
	for n := range d.Roles {
		switch of := OfRole(d.Roles[n].Key); s {
		case part(of, partName):
			return &d.Roles[n].Name
		case part(of, partText):
			return &d.Roles[n].Text
		}
	}
	return nil
}

// length points to a setting that is a length of time.
func (d *Definitions) length(s Setting) *time.Duration {
	if s == SettingCommander {
		return &d.Settings.CommanderAfter
	}
	for n := range d.Severities {
		switch of := OfSeverity(d.Severities[n].Level); s {
		case part(of, partFirst):
			return &d.Severities[n].First
		case part(of, partEvery):
			return &d.Severities[n].Every
		}
	}
	return nil
}

// put changes a setting to what somebody typed, or says what is wrong with it.
func (d *Definitions) put(s Setting, typed string) *Error {
	if text := d.text(s); text != nil {
		value, err := d.checkText(s, typed)
		if err == nil {
			*text = value
		}
		return err
	}
	if length := d.length(s); length != nil {
		value, err := parseLength(s, typed)
		if err == nil {
			*length = value
		}
		return err
	}
	switch strings.ToLower(CleanLine(typed)) {
	case Yes:
		d.Settings.Guests = true
	case No, "":
		d.Settings.Guests = false
	default:
		return refuse(s, "Write yes or no.")
	}
	return nil
}

func refuse(s Setting, format string, args ...any) *Error {
	return FieldErrorf(string(s), format, args...)
}
