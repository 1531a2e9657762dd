package reconcile

import (
	"slices"
	"strings"
)

// sortTS orders message ids oldest first. A ts is "seconds.micros" and no
// float: sixteen digits do not fit one safely.
func sortTS(list []string) {
	slices.SortFunc(list, CompareTS)
}

// CompareTS orders two message ids by age.
func CompareTS(a, b string) int {
	aSeconds, aMicros, _ := strings.Cut(a, ".")
	bSeconds, bMicros, _ := strings.Cut(b, ".")
	if byLength := len(aSeconds) - len(bSeconds); byLength != 0 {
		return byLength
	}
	if bySeconds := strings.Compare(aSeconds, bSeconds); bySeconds != 0 {
		return bySeconds
	}
	return strings.Compare(aMicros, bMicros)
}
