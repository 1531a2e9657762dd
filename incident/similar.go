package incident

import (
	"cmp"
	"slices"
	"unicode"
)

// Alike is an open incident that may be the same as another.
type Alike struct {
	Number   int64
	Title    string
	Severity Severity
	// SeverityName is what that is called here.
	SeverityName string
	// Room is the channel id, empty while there is none.
	Room string
}

const (
	// likeEnough is the share of trigrams that two titles have in common from which
	// they are told to be similar: PostgreSQL's pg_trgm has the same.
	likeEnough = 0.3
	// maxAlike is how many are named: who has to read a list does not click.
	maxAlike = 2
)

// MostAlike picks those whose titles are most like a title, the likest first, the
// newer first among equals.
//
// It compares the titles of open incidents alone, which are few however many are
// closed, so that it needs no extension of PostgreSQL that somebody would have to
// install.
func MostAlike(title string, open []Alike) []Alike {
	type scored struct {
		Alike
		score float64
	}
	mine := trigrams(title)
	var list []scored
	for _, a := range open {
		if score := shared(mine, trigrams(a.Title)); score >= likeEnough {
			list = append(list, scored{a, score})
		}
	}
	slices.SortFunc(list, func(a, b scored) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(b.Number, a.Number))
	})
	var best []Alike
	for _, s := range list[:min(len(list), maxAlike)] {
		best = append(best, s.Alike)
	}
	return best
}

// trigrams are all of a text's words, each with two spaces before and one behind
// it, so that its beginning counts more. Three letters are one number; they are in
// order, each once.
func trigrams(text string) []uint64 {
	const letter, three = 21, 1<<63 - 1
	list := make([]uint64, 0, len(text)+8)
	blank := uint64(' ')<<letter | ' '
	last := blank
	for _, r := range text + " " {
		r = unicode.ToLower(r)
		inside := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
		switch {
		case inside:
			last = (last<<letter | uint64(r)) & three
			list = append(list, last)
		case last != blank:
			list = append(list, (last<<letter|' ')&three)
			last = blank
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// shared is how much of both sets is in both, from 0 to 1.
func shared(a, b []uint64) float64 {
	if len(a) == 0 || len(b) == 0 {
		return 0
	}
	both := 0
	for n, m := 0, 0; n < len(a) && m < len(b); {
		switch {
		case a[n] < b[m]:
			n++
		case a[n] > b[m]:
			m++
		default:
			both++
			n++
			m++
		}
	}
	return float64(both) / float64(len(a)+len(b)-both)
}
