package config

import (
	"slices"
	"strings"
)

// misspelled finds names that look like one of ours but are not: INCIDENT_DIGEST_CHANNEL
// would otherwise be ignored without a word, and the default used.
func misspelled(set []string) Problems {
	ours := allNames()
	var found Problems
	for _, name := range set {
		if slices.Contains(ours, name) {
			continue
		}
		if near := nearest(name, ours); near != "" {
			found = append(found, Problem{Variable: name, What: "it is not a variable of muster and has no effect",
				Remedy: "did you mean " + near + "?"})
		}
	}
	return found
}

// nearest gives our variable that name is a slip of the keyboard away from, or "".
func nearest(name string, ours []string) string {
	best, bestDistance := "", 3 // two slips at most
	for _, candidate := range ours {
		d := distance(name, candidate)
		// Short names are near to many things: DATA_DIR is two letters from BETA_DIR.
		if len(candidate) < 12 && d > 1 || !shareWord(name, candidate) {
			continue
		}
		if d < bestDistance {
			best, bestDistance = candidate, d
		}
	}
	return best
}

// shareWord reports whether the names have one of their _-separated words in common, which
// keeps other programs' variables out.
func shareWord(a, b string) bool {
	words := strings.Split(b, "_")
	for word := range strings.SplitSeq(a, "_") {
		if slices.Contains(words, word) {
			return true
		}
	}
	return false
}

// distance is how many letters must be inserted, deleted, replaced or swapped with their
// neighbour to turn a into b.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			replace := 1
			if a[i-1] == b[j-1] {
				replace = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+replace)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
