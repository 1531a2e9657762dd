package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"muster/sandbox/blockkit"
)

// order is one line that somebody typed at the demo's prompt.
type order struct {
	// who acts; "" is whoever acted last.
	who string
	// verb is one of demoVerbs, "/" for a slash command, or "" when the line
	// only names a person.
	verb string
	// words are what the verb is about: a label, a text, a channel, a command.
	words string
	// on are words of the message on which something is clicked.
	on string
	// value is what a field is filled with.
	value string
}

// takes says what may follow a verb.
type takes int

const (
	takesNothing takes = iota
	takesMaybe         // words, or none
	takesWords         // words that must be there
	takesPair          // a field and its value, with "=" between
	takesLabel         // a label, and perhaps " on " with words of the message
	takesSpot          // the same, but the message must be named
)

// demoVerbs are what can be typed at the prompt.
var demoVerbs = map[string]takes{
	"in": takesWords, "see": takesMaybe, "say": takesWords, "click": takesLabel, "fill": takesPair,
	"wait": takesWords, "submit": takesNothing, "close": takesNothing, "shortcut": takesLabel, "react": takesSpot, "pin": takesWords, "channels": takesNothing, "people": takesNothing,
	"crash": takesNothing, "dump": takesNothing, "help": takesNothing, "quit": takesNothing,
}

// otherWords are what people also type for a verb.
var otherWords = map[string]string{"exit": "quit", "q": "quit", "?": "help", "go": "in", "goto": "in", "look": "see", "send": "submit"}

// errMentioned tells who wrote to muster as in Slack what the prompt wants.
var errMentioned = errors.New("put say in front to write to muster, such as: say @muster list")

// parseOrder reads a line of the prompt:
//
//	@ana /incident new db down
//	@bo click Claim on Technical lead
//	fill Severity = SEV2
//
// The error is one line for whoever typed.
func parseOrder(line string) (order, error) {
	var o order
	rest := strings.TrimSpace(line)
	if strings.HasPrefix(rest, "@") {
		o.who, rest = firstWord(rest)
		o.who = strings.ToLower(o.who[1:])
		if o.who == "" {
			return o, fmt.Errorf("which person? Write their name at once behind the @, such as @ana")
		}
	}
	if strings.HasPrefix(rest, "/") {
		o.verb, o.words = "/", rest
		return o, nil
	}
	first, rest := firstWord(rest)
	o.verb = strings.ToLower(first)
	if verb, ok := otherWords[o.verb]; ok {
		o.verb = verb
	}
	kind, known := demoVerbs[o.verb]
	switch {
	case first == "" && o.who == "muster":
		return o, errMentioned
	case first == "":
		return o, nil
	case !known && o.who == "muster":
		return o, errMentioned
	case !known:
		return o, fmt.Errorf("the demo does not know %q; help lists what it knows, and say in front of words posts them as a message", first)
	}
	return o.with(kind, rest)
}

// with reads what follows the verb.
func (o order) with(kind takes, rest string) (order, error) {
	switch kind {
	case takesNothing:
		if rest != "" {
			return o, fmt.Errorf("%s stands alone; what is %q?", o.verb, rest)
		}
	case takesPair:
		field, value, ok := strings.Cut(rest, "=")
		o.words, o.value = strings.TrimSpace(field), strings.TrimSpace(value)
		if !ok || o.words == "" {
			return o, fmt.Errorf("fill needs a field and a value, such as: fill Severity = SEV2")
		}
	case takesLabel, takesSpot:
		o.words = rest
		if n := strings.LastIndex(rest, " on "); n > 0 {
			o.words, o.on = strings.TrimSpace(rest[:n]), strings.TrimSpace(rest[n+len(" on "):])
		}
		o.words = strings.TrimSpace(strings.Trim(o.words, "[]"))
	default:
		o.words = rest
	}
	if (kind == takesWords || kind == takesLabel || kind == takesSpot) && o.words == "" || kind == takesSpot && o.on == "" {
		return o, fmt.Errorf("%s needs something behind it, such as: %s", o.verb, examples[o.verb])
	}
	return o, nil
}

var examples = map[string]string{
	"in": "in #alerts", "say": "say I am on it", "click": "click Claim", "shortcut": "shortcut Declare an incident", "wait": "wait 30m",
	"react": "react pushpin on CheckoutErrors", "pin": "pin CheckoutErrors",
}

// firstWord takes the first word off.
func firstWord(text string) (word, rest string) {
	text = strings.TrimSpace(text)
	end := strings.IndexFunc(text, unicode.IsSpace)
	if end < 0 {
		return text, ""
	}
	return text[:end], strings.TrimSpace(text[end:])
}

// findPlace finds the channel that somebody means among names: the very name, or
// the only one that begins so. "dm" and the app's name are direct messages.
func findPlace(meant string, names []string) (string, error) {
	name := strings.ToLower(strings.TrimPrefix(strings.TrimPrefix(meant, "#"), "@"))
	if name == "dm" || name == "muster" {
		return "dm", nil
	}
	if slices.Contains(names, name) {
		return "#" + name, nil
	}
	var near []string
	for _, n := range names {
		if name != "" && strings.HasPrefix(n, name) {
			near = append(near, "#"+n)
		}
	}
	switch len(near) {
	case 1:
		return near[0], nil
	case 0:
		return "", fmt.Errorf("there is no channel #%s to look at; channels lists them", name)
	default:
		return "", fmt.Errorf("#%s may be %s; write some more of it", name, strings.Join(near, " or "))
	}
}

// findField finds the label that somebody means: the very words, or the only
// label that begins with them; case, emoji and a mark at the end don't count.
func findField(meant string, labels []string) (string, error) {
	var begin []string
	for _, label := range labels {
		if blockkit.SameWords(label, meant) {
			return label, nil
		}
		if strings.HasPrefix(strings.ToLower(label), strings.ToLower(meant)) {
			begin = append(begin, label)
		}
	}
	switch {
	case len(begin) == 1:
		return begin[0], nil
	case len(labels) == 0:
		return "", errors.New("the form that is open has nothing to fill in; click one of its buttons, or close it")
	}
	return "", fmt.Errorf("the form has no field %q, only %s", meant, inQuotes(labels))
}

// inQuotes lists words for a sentence.
func inQuotes(words []string) string { return "“" + strings.Join(words, "”, “") + "”" }
