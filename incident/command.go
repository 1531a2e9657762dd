package incident

import (
	"strconv"
	"strings"
	"unicode"
)

// Command is what a person typed after /incident.
type Command struct {
	Verb Verb
	// Number is the incident that was named, or 0 for the room's own.
	Number int64
	// Rest is what follows the verb; for VerbForm, the title so far.
	Rest string
	// Near is what a single unknown word was probably meant to be, if it is nearly a
	// verb: "resolve", "status monitoring". Then Verb is VerbForm and Rest the text.
	Near string
}

// ParseCommand reads the text of a command. Nothing is an error: what is no
// command is the title of an incident that somebody wants to declare.
func ParseCommand(text string) Command {
	text = CleanText(text)
	first, rest := cutWord(text)
	number, numbered := ParseRef(first)
	switch {
	case !numbered:
		return parseVerb(text)
	case rest == "":
		return Command{Verb: VerbShow, Number: number}
	}
	cmd := parseVerb(rest)
	near, _ := FindWord(firstWord(cmd.Near))
	switch word, _ := wordOf(cmd.Verb); {
	case near.About:
		return Command{Number: number, Rest: text, Near: cmd.Near}
	case !word.About, cmd.Number != 0:
		return Command{Rest: text}
	}
	cmd.Number = number
	return cmd
}

// parseVerb reads a command that does not begin with a number.
func parseVerb(text string) Command {
	first, rest := cutWord(text)
	word, ok := FindWord(first)
	if !ok {
		return unknown(text, first, rest)
	}
	if number, after, ok := numberBehind(word.Verb, rest); ok && word.fits(after) {
		return Command{Verb: word.Verb, Number: number, Rest: after}
	}
	if !word.fits(rest) || word.Verb == VerbHelp && !isVerb(rest) {
		return Command{Rest: text}
	}
	return Command{Verb: word.Verb, Rest: rest}
}

// numberBehind takes the incident that people name behind the verb and not before
// it ("resolve INC-42", "severity 42 sev1"), where it can be nothing else.
func numberBehind(v Verb, rest string) (number int64, after string, ok bool) {
	number, after, bare := cutRef(rest)
	if number == 0 {
		return 0, rest, false
	}
	switch v {
	case VerbShow, VerbReopen, VerbExport, VerbResync, VerbCancel:
		return number, after, after == ""
	case VerbTimeline, VerbResolve, VerbUpdate, VerbTodo:
		// A bare number is a page, or what somebody wrote.
		return number, after, after == "" && !bare
	case VerbSeverity, VerbStatus, VerbClaim, VerbAssign, VerbHandOver, VerbLeave, VerbDup:
		return number, after, after != "" || !bare && v != VerbDup
	}
	return 0, rest, false
}

// Elsewhere is the command as it is meant where no incident is at hand: a number
// behind the verb is the incident's ("resolve 42 rolled back"). What is free text
// begins with a bare number more often than it names an incident.
func (c Command) Elsewhere() Command {
	word, _ := wordOf(c.Verb)
	number, after, bare := cutRef(c.Rest)
	if c.Number != 0 || !word.About || number == 0 {
		return c
	}
	switch c.Verb {
	case VerbDup:
		return c
	case VerbNote, VerbTodo, VerbTitle, VerbSummary, VerbUpdate:
		if bare && after != "" {
			return c
		}
	case VerbSeverity:
		if Severity(number).Valid() && after == "" {
			return c
		}
	}
	return Command{Verb: c.Verb, Number: number, Rest: after}
}

func isVerb(rest string) bool {
	_, known := FindWord(rest)
	return known || rest == ""
}

func firstWord(text string) string {
	word, _ := cutWord(text)
	return word
}

// cutWord takes the first word off; people also press Enter or Tab after it.
func cutWord(text string) (word, rest string) {
	end := strings.IndexFunc(text, unicode.IsSpace)
	if end < 0 {
		return text, ""
	}
	return text[:end], strings.TrimSpace(text[end:])
}

// ParseRef reads "42", "#42", "INC-42" or "inc42" as incident 42.
func ParseRef(word string) (int64, bool) {
	word = strings.TrimPrefix(keyword(word), "#")
	if rest, named := strings.CutPrefix(word, "inc"); named {
		word = strings.TrimPrefix(rest, "-")
	}
	number, err := strconv.ParseInt(word, 10, 64)
	if err != nil || number <= 0 || word[0] == '+' {
		return 0, false
	}
	return number, true
}

// cutRef takes the incident off the beginning of a text, 0 if it begins with none;
// bare is whether it is a number alone, and not "INC-42".
func cutRef(text string) (number int64, after string, bare bool) {
	first, after := cutWord(text)
	number, ok := ParseRef(first)
	if !ok {
		return 0, text, false
	}
	_, err := strconv.Atoi(keyword(first))
	return number, after, err == nil
}

// unknown is a title, unless it is a single word that is nearly a verb, or the name
// of a severity.
func unknown(text, first, rest string) Command {
	if _, named := NamedSeverity(first); named && rest == "" {
		return Command{Verb: VerbSeverity, Rest: first}
	}
	cmd := Command{Rest: text}
	if rest == "" {
		cmd.Near = nearest(first)
	}
	return cmd
}

// distance is how many letters must be added, dropped, changed or swapped with
// their neighbour to make a of b.
func distance(a, b string) int {
	before, row := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		next := make([]int, len(b)+1)
		next[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			next[j+1] = min(row[j]+cost, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}
