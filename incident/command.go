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
	// Near is the verb that a single unknown word is nearly, if any: then Verb
	// is VerbForm and Rest the word.
	Near Verb
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
	word, ok := FindWord(firstWord(rest))
	cmd := parseVerb(rest)
	if !ok || !word.About || cmd.Verb == VerbForm || cmd.Number != 0 {
		return Command{Rest: text}
	}
	cmd.Number = number
	return cmd
}

// parseVerb reads a command that does not begin with a number.
func parseVerb(text string) Command {
	first, rest := cutWord(text)
	word, ok := FindWord(first)
	switch {
	case !ok:
		return unknown(text, first, rest)
	case !word.fits(rest), word.Verb == VerbHelp && !isVerb(rest):
		return Command{Rest: text}
	}
	if number, ok := ParseRef(rest); ok && takesRef(word.Verb) {
		return Command{Verb: word.Verb, Number: number}
	}
	return Command{Verb: word.Verb, Rest: rest}
}

// takesRef reports whether a number behind the verb is an incident's.
func takesRef(v Verb) bool {
	return v == VerbShow || v == VerbReopen || v == VerbExport || v == VerbCancel
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

// ParseRef reads "42", "#42" or "INC-42" as incident 42.
func ParseRef(word string) (int64, bool) {
	word = strings.TrimPrefix(strings.TrimPrefix(keyword(word), "#"), "inc-")
	number, err := strconv.ParseInt(word, 10, 64)
	if err != nil || number <= 0 || word[0] == '+' {
		return 0, false
	}
	return number, true
}

// unknown is a title, unless it is a single word that is nearly a verb.
func unknown(text, first, rest string) Command {
	cmd := Command{Rest: text}
	if rest == "" && len(first) >= 3 {
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
