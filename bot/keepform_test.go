package bot

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"muster/incident"
)

func TestAFormCarriesAnyMessage(t *testing.T) {
	t.Parallel()
	file := incident.File{ID: "F0123456789", Name: strings.Repeat("n", 100), Type: "image/png", Size: 1, Address: "https://files.slack.com/" + strings.Repeat("a", 200)}
	for name, said := range map[string]incident.Said{
		"quotes":  {Text: strings.Repeat("\"\n", 1500)},
		"signs":   {Text: strings.Repeat("<&>😀", 700)},
		"files":   {Text: strings.Repeat("x", 3000), Files: []incident.File{file, file, file, file, file, file, file, file}},
		"nothing": {},
	} {
		packed := keepShown{Channel: "C0123456789", TS: "1515449522.000016", Said: said}.pack()
		var back keepShown
		if err := json.Unmarshal([]byte(packed), &back); err != nil || utf8.RuneCountInString(packed) > 3000 || (back.Said.Text == "") != (said.Text == "") {
			t.Errorf("%s: %d characters, %v, %q", name, utf8.RuneCountInString(packed), err, back.Said.Text)
		}
	}
}
