package incident

import (
	"slices"
	"strings"
)

// Verb is the first word of a command.
type Verb string

// The verbs of /incident. VerbForm is no word: it opens the declare form.
const (
	VerbForm     Verb = ""
	VerbNew      Verb = "new"
	VerbList     Verb = "list"
	VerbFind     Verb = "find"
	VerbShow     Verb = "show"
	VerbTimeline Verb = "timeline"
	VerbNote     Verb = "note"
	VerbTodo     Verb = "todo"
	VerbSeverity Verb = "severity"
	VerbStatus   Verb = "status"
	VerbUpdate   Verb = "update"
	VerbTitle    Verb = "title"
	VerbSummary  Verb = "summary"
	VerbClaim    Verb = "claim"
	VerbAssign   Verb = "assign"
	VerbHandOver Verb = "handover"
	VerbLeave    Verb = "leave"
	VerbResolve  Verb = "resolve"
	VerbCancel   Verb = "cancel"
	VerbDup      Verb = "duplicate"
	VerbReopen   Verb = "reopen"
	VerbExport   Verb = "export"
	VerbResync   Verb = "resync"
	VerbStats    Verb = "stats"
	VerbConsole  Verb = "console"
	VerbSettings Verb = "settings"
	VerbHelp     Verb = "help"
)

// Group is a heading of the help.
type Group string

// The groups in the order of the help.
const (
	GroupStart  Group = "Start and find"
	GroupRun    Group = "Run an incident"
	GroupPeople Group = "Who does what"
	GroupEnd    Group = "End"
)

// Groups lists the headings of the help in order.
func Groups() []Group { return []Group{GroupStart, GroupRun, GroupPeople, GroupEnd} }

// Word is one verb of the grammar.
type Word struct {
	Verb  Verb
	Group Group
	// Synonyms are other words that people use for the verb.
	Synonyms []string
	// Args is what may follow, as the help shows it.
	Args string
	// Help says in one line what the verb does.
	Help string
	// About is whether the verb is about one incident: the room's own, or one
	// whose number stands before it.
	About bool
	// fits reports whether what follows is what the verb takes. What doesn't fit
	// is no command but the title of an incident ("status page is down").
	fits func(rest string) bool
}

// grammar is all of /incident, in the order of the help. A verb added here is
// parsed, found by its near misses and told in the help.
var grammar = []Word{
	{Verb: VerbNew, Group: GroupStart, Synonyms: []string{"declare", "create"}, Args: "[sev2] checkout returns 500",
		Help: "declares at once", fits: anything},
	{Verb: VerbList, Group: GroupStart, Synonyms: []string{"ls"}, Args: "[open|all|mine|resolved] [page]",
		Help: "what is open, the worst first; or all, or yours", fits: isList},
	{Verb: VerbFind, Group: GroupStart, Synonyms: []string{"search"}, Args: "words",
		Help: "incidents with these words in title or summary, or with this number", fits: anything},
	{Verb: VerbConsole, Group: GroupStart, Help: "a link that signs you in to the web page", fits: upTo(0)},
	{Verb: VerbSettings, Group: GroupStart, Help: "texts, roles, reminders and links, for administrators to change", fits: upTo(0)},
	{Verb: VerbStats, Group: GroupStart, Synonyms: []string{"statistics"}, Args: "[months]",
		Help: "how many there were, and how long they took", fits: isMonths},
	{Verb: VerbHelp, Group: GroupStart, Synonyms: []string{"?", "-h", "--help"}, Args: "[word]", Help: "this, or one word of it", fits: upTo(1)},

	{Verb: VerbShow, Group: GroupRun, Synonyms: []string{"info"}, About: true,
		Help: "how it stands, who does what, what is stuck", fits: isRef},
	{Verb: VerbTimeline, Group: GroupRun, Synonyms: []string{"log", "history"}, Args: "[page]", About: true,
		Help: "what happened; page 1 is the latest", fits: isPage},
	{Verb: VerbNote, Group: GroupRun, Args: "what happened", About: true, Help: "writes it into the timeline", fits: anything},
	{Verb: VerbTodo, Group: GroupRun, Synonyms: []string{"todos", "followup", "followups"}, Args: "alert on the disk @bo by 2026-12-31", About: true,
		Help: "writes down what is to be done; alone, lists it", fits: anything},
	{Verb: VerbSeverity, Group: GroupRun, Synonyms: []string{"sev"}, Args: "sev2", About: true, Help: "promotes or demotes", fits: upTo(2)},
	{Verb: VerbStatus, Group: GroupRun, Args: "monitoring", About: true,
		Help: "investigating, identified, monitoring or resolved", fits: isStatus},
	{Verb: VerbUpdate, Group: GroupRun, Args: "what changed", About: true,
		Help: "tells everybody outside, in the digest channel", fits: anything},
	{Verb: VerbTitle, Group: GroupRun, Args: "checkout is slow", About: true, Help: "gives it another title", fits: anything},
	{Verb: VerbSummary, Group: GroupRun, Args: "what is known", About: true, Help: "says anew what is known", fits: anything},
	{Verb: VerbExport, Group: GroupRun, About: true, Help: "all of it, to be copied, and as files", fits: isRef},

	{Verb: VerbResync, Group: GroupRun, About: true,
		Help: "makes Slack match again after somebody changed channel or messages by hand", fits: isRef},

	{Verb: VerbClaim, Group: GroupPeople, Args: "commander", About: true, Help: "takes a role that is free", fits: upTo(2)},
	{Verb: VerbAssign, Group: GroupPeople, Args: "commander @ana", About: true, Help: "gives a role to somebody", fits: person},
	{Verb: VerbHandOver, Group: GroupPeople, Args: "commander @bo what they should know", About: true,
		Help: "gives a role of yours away", fits: person},
	{Verb: VerbLeave, Group: GroupPeople, Args: "commander", About: true, Help: "gives a role up", fits: upTo(2)},

	{Verb: VerbResolve, Group: GroupEnd, Args: "what fixed it", About: true, Help: "asks in a form, then ends it; with a number before it, at once", fits: anything},
	{Verb: VerbDup, Group: GroupEnd, Synonyms: []string{"dup"}, Args: "of 41", About: true, Help: "ends it, since it is the same as another", fits: isDuplicate},
	{Verb: VerbCancel, Group: GroupEnd, Args: "false alarm", About: true, Help: "asks in a form, then ends what was no incident", fits: anything},
	{Verb: VerbReopen, Group: GroupEnd, About: true, Help: "takes it up again", fits: isRef},
}

// Grammar lists the verbs in the order of the help.
func Grammar() []Word { return slices.Clone(grammar) }

// wordOf is the word of a verb.
func wordOf(v Verb) (Word, bool) {
	n := slices.IndexFunc(grammar, func(w Word) bool { return w.Verb == v })
	if n < 0 {
		return Word{}, false
	}
	return grammar[n], true
}

// FindWord finds the verb that a word means, by its name or a synonym.
func FindWord(word string) (Word, bool) {
	word = keyword(word)
	for _, w := range grammar {
		if string(w.Verb) == word || slices.Contains(w.Synonyms, word) {
			return w, true
		}
	}
	return Word{}, false
}

// alike are words that people type for a command and that may well begin a title:
// alone, they are asked about.
var alike = map[string]string{
	"close": "resolve", "closed": "resolve", "done": "resolve", "end": "resolve", "finish": "resolve", "fix": "resolve", "fixed": "resolve",
	"mitigated": "resolve", "investigating": "status investigating", "identified": "status identified", "monitoring": "status monitoring",
	"abort": "cancel", "delete": "cancel", "remove": "cancel", "merge": "duplicate", "same": "duplicate",
	"open": "list", "all": "list all", "active": "list", "mine": "list mine", "start": "new", "add": "new",
	"escalate": "severity", "promote": "severity", "demote": "severity", "downgrade": "severity", "priority": "severity",
	"edit": "title", "rename": "title", "take": "claim", "who": "show", "ic": "claim commander", "commander": "claim commander",
	"comms": "claim comms", "lead": "claim lead", "tl": "claim lead", "role": "assign", "roles": "assign",
	"unassign": "leave", "task": "todo", "action": "todo", "post": "update", "config": "settings",
	"download": "export", "web": "console", "sync": "resync",
}

// nearest finds what a mistyped word is nearly, or nothing. Of two verbs that are
// equally near, it is the one as long as the word: letters are swapped more often
// than left out. Words of two letters are too short to be mistyped.
func nearest(word string) string {
	word = keyword(word)
	if means, ok := alike[word]; ok {
		return means
	}
	if len(word) < 3 {
		return ""
	}
	best, off, near := 3, 0, VerbForm
	for _, w := range grammar {
		for _, name := range append([]string{string(w.Verb)}, w.Synonyms...) {
			d, apart := distance(word, name), max(len(word)-len(name), len(name)-len(word))
			if d <= len(name)/3 && (d < best || d == best && near != VerbForm && apart < off) {
				best, off, near = d, apart, w.Verb
			}
		}
	}
	return string(near)
}

func anything(string) bool { return true }

func upTo(most int) func(string) bool {
	return func(rest string) bool { return len(strings.Fields(rest)) <= most }
}

func isRef(rest string) bool {
	_, ok := ParseRef(rest)
	return ok || rest == ""
}

// isStatus also takes what fixed it behind "resolved".
func isStatus(rest string) bool {
	first, fix := cutWord(rest)
	to, err := ParseStatus(first)
	return fix == "" || err == nil && to == Resolved
}

func isDuplicate(rest string) bool {
	_, ok := ParseDuplicate(rest)
	return ok || rest == ""
}

// ParseDuplicate reads what follows "duplicate": "of 41", "of INC-41", "41".
func ParseDuplicate(rest string) (of int64, ok bool) {
	if first, after := cutWord(rest); strings.EqualFold(first, "of") {
		rest = after
	}
	return ParseRef(rest)
}

func isList(rest string) bool {
	_, _, ok := ParseList(rest)
	return ok
}

func isMonths(rest string) bool {
	_, ok := ParseMonths(rest)
	return ok
}

func isPage(rest string) bool {
	_, ok := ParsePage(rest)
	return ok
}

// person wants somebody to be mentioned behind two words at most.
func person(rest string) bool { return strings.Contains(rest, "@") || upTo(2)(rest) }
