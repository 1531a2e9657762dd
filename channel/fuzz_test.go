package channel_test

import (
	"regexp"
	"testing"

	"muster/channel"
)

// slackTakes is what Slack takes for a channel's name.
var slackTakes = regexp.MustCompile(`^[a-z0-9_-]{1,80}$`)

// FuzzName makes names of any title: Slack takes them, and each try is another.
func FuzzName(f *testing.F) {
	for _, title := range []string{
		"db down", "", "  ", "Ärger mit <b>", "データベース", "İstanbul", "ß ſ ﬁ ①", "---", "a\u0301\u0302", "\xff", "x_y", "😀", "<!channel> & @here",
		"long long long long long long long long long long long long long long long long long long long long",
	} {
		f.Add(title, int64(1))
	}
	f.Fuzz(func(t *testing.T, title string, number int64) {
		if number < 1 {
			return
		}
		seen := map[string]bool{}
		for _, ending := range []string{"", "-rca"} {
			for _, try := range []int{1, 2, 99} {
				name := channel.Name("inc", number, title, ending, try)
				if !slackTakes.MatchString(name) || seen[name] {
					t.Errorf("try %d of %q with %q is %q, of %v", try, title, ending, name, seen)
				}
				seen[name] = true
			}
		}
	})
}
