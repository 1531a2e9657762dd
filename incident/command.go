package incident

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Verb is the first word of a command.
type Verb string

// The verbs of /incident. VerbForm is no word: it opens the declare form.
const (
	VerbForm     Verb = ""
	VerbNew      Verb = "new"
	VerbList     Verb = "list"
	VerbShow     Verb = "show"
	VerbSeverity Verb = "severity"
	VerbStatus   Verb = "status"
	VerbClaim    Verb = "claim"
	VerbAssign   Verb = "assign"
	VerbHandOver Verb = "handover"
	VerbLeave    Verb = "leave"
	VerbResolve  Verb = "resolve"
	VerbReopen   Verb = "reopen"
	VerbExport   Verb = "export"
	VerbHelp     Verb = "help"
)

// synonyms are other words that people use for a verb.
var synonyms = map[string]Verb{
	"declare": VerbNew, "create": VerbNew, "sev": VerbSeverity, "ls": VerbList, "info": VerbShow, "?": VerbHelp,
}

// verbs lists the words of the grammar with how many words may follow. What is
// longer is no command but the title of an incident ("status page is down").
var verbs = map[Verb]int{
	VerbNew: -1, VerbList: 1, VerbShow: 1, VerbSeverity: 2, VerbStatus: 1,
	VerbClaim: 2, VerbAssign: -1, VerbHandOver: -1, VerbLeave: 2, VerbResolve: -1, VerbReopen: 1, VerbExport: 1, VerbHelp: 1,
}

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
	cmd := parseVerb(rest)
	if cmd.Verb == VerbForm || cmd.Verb == VerbNew || cmd.Number != 0 {
		return Command{Rest: text}
	}
	cmd.Number = number
	return cmd
}

// parseVerb reads a command that does not begin with a number.
func parseVerb(text string) Command {
	first, rest := cutWord(text)
	verb, ok := findVerb(first)
	if !ok {
		return unknown(text, first, rest)
	}
	if most := verbs[verb]; most >= 0 && len(strings.Fields(rest)) > most {
		return Command{Rest: text}
	}
	if (verb == VerbAssign || verb == VerbHandOver) && !strings.Contains(rest, "@") && len(strings.Fields(rest)) > 2 {
		return Command{Rest: text}
	}
	if rest != "" && (verb == VerbShow || verb == VerbReopen) {
		number, ok := ParseRef(rest)
		if !ok {
			return Command{Rest: text}
		}
		return Command{Verb: verb, Number: number}
	}
	return Command{Verb: verb, Rest: rest}
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
	word = strings.ToLower(strings.TrimPrefix(word, "#"))
	word = strings.TrimPrefix(word, "inc-")
	number, err := strconv.ParseInt(word, 10, 64)
	if err != nil || number <= 0 || word[0] == '+' {
		return 0, false
	}
	return number, true
}

func findVerb(word string) (Verb, bool) {
	word = strings.ToLower(word)
	if verb, ok := synonyms[word]; ok {
		return verb, true
	}
	_, ok := verbs[Verb(word)]
	return Verb(word), ok
}

// unknown is a title, unless it is a single word that is nearly a verb.
func unknown(text, first, rest string) Command {
	cmd := Command{Rest: text}
	if rest != "" || len(first) < 3 {
		return cmd
	}
	best := 3
	for _, verb := range sortedVerbs() {
		if d := distance(strings.ToLower(first), string(verb)); d < best && d < len(verb)-1 {
			best, cmd.Near = d, verb
		}
	}
	return cmd
}

func sortedVerbs() []Verb {
	var list []Verb
	for verb := range verbs {
		list = append(list, verb)
	}
	slices.Sort(list)
	return list
}

// distance is how many letters must be added, dropped or changed to make a of b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			diagonal, row[j+1] = row[j+1], min(diagonal+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
