package incident

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The longest values, in characters. A severity's text stands in one line of a
// menu, a role's in a direct message with links and buttons.
const (
	MaxName         = 40
	MaxSeverityText = 75
	MaxRoleText     = 600
	MaxTopicText    = 200
	maxLink         = 2000
)

// A length of time that is set is between these.
const (
	minLength = time.Minute
	maxLength = 7 * 24 * time.Hour
)

// checkText gives what is kept of a text that is typed for a setting.
func (d *Definitions) checkText(s Setting, typed string) (string, *Error) {
	line := CleanLine(typed)
	switch s {
	case SettingGuide, SettingMeeting:
		return line, checkLink(s, line)
	case SettingTopic:
		return line, d.checkTopic(line)
	case SettingGroup:
		group := strings.ToLower(strings.TrimPrefix(line, "@"))
		if group != "" && (!handle.MatchString(group) || utf8.RuneCountInString(group) > maxHandle) {
			return "", refuse(s, "Write the handle of a user group, such as oncall, or %s for nobody.", NoGroup)
		}
		return group, nil
	}
	isRole := strings.HasPrefix(string(s), "role.")
	switch {
	case s.Part() == partName:
		return line, d.checkName(s, line)
	case isRole:
		text := CleanText(typed)
		return text, checkFull(s, text, MaxRoleText, "Say what the role is for: who gets it reads this.")
	}
	return line, checkFull(s, line, MaxSeverityText, "Say when the severity applies.")
}

// handle says nothing of the length: repeated 80 times, classes of so many letters
// make a program of 5 MB.
var handle = regexp.MustCompile(`^[\p{Ll}\p{Lo}\p{N}._-]+$`)

const maxHandle = 80 // characters

func checkFull(s Setting, text string, most int, empty string) *Error {
	if !visible(text) {
		return refuse(s, "%s", empty)
	}
	if n := utf8.RuneCountInString(text); n > most {
		return refuse(s, "That has %d characters; %d fit.", n, most)
	}
	return nil
}

// checkName wants a name that means one thing: people type names.
func (d *Definitions) checkName(s Setting, name string) *Error {
	if err := checkFull(s, name, MaxName, "Write a name."); err != nil {
		return err
	}
	low := strings.ToLower(name)
	taken := func(of, key, other string) bool {
		return part(of, partName) != s && (low == key || low == strings.ToLower(other))
	}
	if strings.HasPrefix(string(s), "role.") {
		for _, r := range d.Roles {
			if taken(OfRole(r.Key), r.Key, r.Name) {
				return refuse(s, "The role %s (%s) is called so already.", r.Name, r.Key)
			}
		}
		return nil
	}
	for _, sev := range d.Severities {
		if taken(OfSeverity(sev.Level), strings.ToLower(sev.Level.String()), sev.Name) {
			return refuse(s, "%s (%s) is called so already.", sev.Name, sev.Level)
		}
	}
	return nil
}

func checkLink(s Setting, link string) *Error {
	if link == "" {
		return nil
	}
	if n := utf8.RuneCountInString(link); n > maxLink {
		return refuse(s, "That has %d characters; %d fit.", n, maxLink)
	}
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || strings.ContainsAny(link, " <>|\"") {
		return refuse(s, "Write a whole address, such as https://example.org/incidents.")
	}
	return nil
}

// Length writes a length of time as parseLength reads it: "1h30m"; zero is empty.
func Length(d time.Duration) string {
	if d == 0 {
		return ""
	}
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// parseLength reads "30m", "1h30m", "45 min", "45"; empty is not set.
func parseLength(s Setting, typed string) (time.Duration, *Error) {
	text := strings.ToLower(strings.ReplaceAll(CleanLine(typed), " ", ""))
	if text == "" {
		return 0, nil
	}
	if _, err := strconv.Atoi(text); err == nil {
		text += "m"
	}
	for _, long := range []string{"minutes", "minute", "mins", "min"} {
		if rest, ok := strings.CutSuffix(text, long); ok {
			text = rest + "m"
			break
		}
	}
	length, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return 0, refuse(s, "“%s” is no length of time. Write it like 30m or 1h30m.", Shorten(CleanLine(typed), 40))
	case length < minLength || length > maxLength:
		return 0, refuse(s, "Write a length between %s and %s.", Length(minLength), Length(maxLength))
	}
	return length.Truncate(time.Second), nil
}

// StockTopic is the template of topics where none is set.
const StockTopic = "{severity} · {status} · IC {commander} · {ref}"

// topicWords are what a template of topics may name besides the keys of roles.
var topicWords = []string{"severity", "status", "ref", "title"}

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

func (d *Definitions) checkTopic(template string) *Error {
	if n := utf8.RuneCountInString(template); n > MaxTopicText {
		return refuse(SettingTopic, "That has %d characters; %d fit.", n, MaxTopicText)
	}
	words := slices.Clone(topicWords)
	for _, r := range d.Roles {
		words = append(words, r.Key)
	}
	for _, found := range placeholder.FindAllStringSubmatch(template, -1) {
		if !slices.Contains(words, found[1]) {
			return refuse(SettingTopic, "There is no {%s}. It may name {%s}.", Shorten(found[1], 40), strings.Join(words, "}, {"))
		}
	}
	return nil
}

// Topic fills a template of topics, the stock one if it is empty: literal gets
// what stands between the placeholders, and fill the name of each.
func Topic(template string, literal, fill func(string) string) string {
	if template == "" {
		template = StockTopic
	}
	var out strings.Builder
	end := 0
	for _, at := range placeholder.FindAllStringSubmatchIndex(template, -1) {
		out.WriteString(literal(template[end:at[0]]))
		out.WriteString(fill(template[at[2]:at[3]]))
		end = at[1]
	}
	out.WriteString(literal(template[end:]))
	return out.String()
}
