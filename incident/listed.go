package incident

import (
	"strconv"
	"strings"
	"time"
	"unicode"
)

// Scope says which incidents a list is of.
type Scope string

// The scopes.
const (
	// ScopeOpen is what is not resolved, the worst and oldest first.
	ScopeOpen Scope = "open"
	// ScopeAll is everything, the newest first.
	ScopeAll Scope = "all"
	// ScopeMine is what the viewer declared or has a role in, open ones first.
	ScopeMine Scope = "mine"
	// ScopeHeld is the open incidents in which the viewer has a role.
	ScopeHeld Scope = "held"
	// ScopeResolved is what is resolved, the latest first.
	ScopeResolved Scope = "resolved"
)

// ListLimit is how many incidents a list holds, the newest of them, except of
// open ones: so that it takes no longer after years.
const ListLimit = 1000

// Query asks for a page of a list.
type Query struct {
	Scope Scope
	// Words must all be in the title or the summary. In ScopeAll, which is then
	// ordered by open ones first, they may also be the number of an incident.
	Words string
	// Viewer is the Slack user id of who looks.
	Viewer string
	// Limit and Offset count incidents.
	Limit, Offset int
}

// Page is a part of a list.
type Page struct {
	List []Listed
	// Offset is where the page begins: that of the query, or 0 if the list is not
	// that long any more.
	Offset int
	// Total counts the whole list, which has no more than ListLimit unless it is
	// of open incidents.
	Total int
}

// Listed is an incident as a list shows it.
type Listed struct {
	Number   int64
	Title    string
	Severity Severity
	// SeverityName is what that is called here.
	SeverityName string
	Status       Status
	DeclaredAt   time.Time
	// ResolvedAt is zero while it is open.
	ResolvedAt time.Time
	Test       bool
	Private    bool
	// Room is the channel id, empty while there is none.
	Room string
	// Commander is the holder's Slack user id, or empty.
	Commander string
	// Mine are the keys of the roles that the viewer has in it.
	Mine []string
}

// ParseList reads what follows "list": "", "all", "mine 2", "3". page counts
// from 1.
func ParseList(rest string) (scope Scope, page int, ok bool) {
	scope, page = ScopeOpen, 1
	words := strings.Fields(strings.ToLower(rest))
	if len(words) > 0 {
		switch s := Scope(words[0]); s {
		case ScopeOpen, ScopeAll, ScopeMine, ScopeResolved:
			scope, words = s, words[1:]
		case "closed", "done":
			scope, words = ScopeResolved, words[1:]
		}
	}
	if len(words) == 0 {
		return scope, page, true
	}
	page, ok = ParsePage(words[0])
	return scope, page, ok && len(words) == 1
}

// TimelinePage is a part of a timeline.
type TimelinePage struct {
	// Entries are in the order in which they happened.
	Entries []Entry
	// Offset counts the entries that are newer than the page.
	Offset int
	// Total counts all entries.
	Total int
}

// maxPage is a page that no list has; its offset still fits an integer anywhere.
const maxPage = 1_000_000

// ParsePage reads the number of a page, 1 if nothing is typed.
func ParsePage(rest string) (page int, ok bool) {
	if rest == "" {
		return 1, true
	}
	page, err := strconv.Atoi(rest)
	return page, err == nil && page > 0 && page < maxPage && unicode.IsDigit(rune(rest[0]))
}

// What is looked for is cut to so many words of so many characters.
const maxFindWords, maxFindWord = 10, 100

// FindWords splits what somebody looks for into words.
func FindWords(text string) []string {
	words := strings.Fields(CleanLine(text))
	words = words[:min(len(words), maxFindWords)]
	for n, word := range words {
		runes := []rune(word)
		words[n] = string(runes[:min(len(runes), maxFindWord)])
	}
	return words
}
