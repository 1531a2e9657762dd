package channel

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"muster/incident"
)

// maxName is Slack's limit on a channel name. It refuses what is longer, and
// everything but lower-case letters, digits, "-" and "_".
const maxName = 80

// maxTry is room for the suffix of any try that will ever be made: "-999".
const maxTry = 4

// Name makes a channel name of a title in any script: "inc-42-checkout", or with
// the ending "-rca" "inc-42-checkout-rca". try counts from 1; a later one gets a
// suffix, since the name before was taken.
func Name(prefix string, number int64, title, ending string, try int) string {
	name := fmt.Sprintf("%s-%d", prefix, number)
	suffix := ending
	if try > 1 {
		suffix += fmt.Sprintf("-%d", try)
	}
	if words := slug(title); words != "" {
		name += "-" + words
	}
	// Each try cuts at the same place, or the next name could be the same again.
	if room := maxName - len(ending) - maxTry; len(name) > room {
		name = strings.TrimRight(name[:room], "-_")
	}
	return name + suffix
}

// Words are what an incident's channels are named after.
func Words(i *incident.Incident) string {
	if i.Test {
		return "test " + i.Title
	}
	return i.Title
}

// slug keeps what Slack takes of a title: accents come off, the rest becomes
// single dashes.
func slug(title string) string {
	var out strings.Builder
	dash := false
	for _, r := range norm.NFKD.String(strings.ToLower(title)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if dash && out.Len() > 0 {
				out.WriteByte('-')
			}
			dash = false
			out.WriteRune(r)
		case unicode.Is(unicode.Mn, r):
		default:
			dash = true
		}
	}
	return out.String()
}
