package block

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/kyokomi/emoji/v2"
)

// colons are where an emoji may be, as Slack writes it: its name between colons.
var colons = regexp.MustCompile(`:[a-z0-9_+'-]+:`)

// pictures are the emoji by their names between colons.
var pictures = emoji.CodeMap()

// Pictured puts emoji in the place of their names: Slack's clients send names, which
// nothing outside Slack shows as emoji. Names that only a workspace knows stay, and so
// do colons within words, times and addresses.
func Pictured(text string) string {
	if !strings.Contains(text, ":") {
		return text
	}
	var out strings.Builder
	done, last := 0, false
	for at := colons.FindStringIndex(text); at != nil; at = next(text, at) {
		picture, known := picture(text[at[0]:at[1]], last && at[0] == done)
		before, _ := utf8.DecodeLastRuneInString(text[:at[0]])
		after, _ := utf8.DecodeRuneInString(text[at[1]:])
		if !known || bound(before, `/=&?#%@._-`) && (!last || at[0] != done) || bound(after, `/=&#%@_-`) {
			// Its last colon may begin a name.
			at[1] = max(at[0]+1, at[1]-1)
			continue
		}
		out.WriteString(text[done:at[0]])
		out.WriteString(picture)
		done, last = at[1], true
	}
	out.WriteString(text[done:])
	return out.String()
}

// next finds what may be an emoji behind at.
func next(text string, at []int) []int {
	found := colons.FindStringIndex(text[at[1]:])
	if found == nil {
		return nil
	}
	return []int{at[1] + found[0], at[1] + found[1]}
}

// picture is the emoji of a name between colons. That of a skin is one only behind
// another emoji.
func picture(name string, follows bool) (string, bool) {
	if tone, ok := strings.CutPrefix(name, ":skin-tone-"); ok {
		n, err := strconv.Atoi(strings.TrimSuffix(tone, ":"))
		if err != nil || n < 2 || n > 6 || !follows {
			return "", false
		}
		return string(rune(0x1F3FB + n - 2)), true
	}
	found, known := pictures[name]
	return strings.TrimSpace(found), known
}

// bound reports whether a sign belongs to the word or address beside it.
func bound(sign rune, signs string) bool {
	return sign != utf8.RuneError && (unicode.IsLetter(sign) || unicode.IsDigit(sign) || strings.ContainsRune(signs, sign))
}

// Unicode is the emoji of the code points that Slack gives with it, such as
// "1f44d-1f3fb"; empty if they are none.
func Unicode(points string) string {
	var out strings.Builder
	for point := range strings.SplitSeq(points, "-") {
		n, err := strconv.ParseUint(point, 16, 32)
		if err != nil || !utf8.ValidRune(rune(n)) {
			return ""
		}
		out.WriteRune(rune(n))
	}
	return out.String()
}
