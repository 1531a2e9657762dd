package bot

import "testing"

func TestRoleOf(t *testing.T) {
	t.Parallel()
	for rest, want := range map[string]string{
		"technical lead @ana knows the database": "technical lead", "commander @bo": "commander", "commander": "commander", "@bo": "", "": "",
		"commander to @bo": "commander", "potato @bo": "potato", "lead to": "lead to",
	} {
		if got := roleOf(rest); got != want {
			t.Errorf("%q: %q", rest, got)
		}
	}
}

func TestGivenTo(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][2]string{
		"assign lead <@U012AB3CD|ana>":               {"U012AB3CD", ""},
		"42 assign lead <@W012>":                     {"W012", ""},
		"handover lead <@U1|Ana Lima> knows a & b":   {"U1", "knows a & b"},
		"handover lead <@U1>: ask <@U2|bo> &amp; co": {"U1", "ask @bo & co"},
		"assign lead @ana":                           {},
		"assign lead @zoe ask <@U2|bo>":              {},
		"assign lead <!here> <@U2>":                  {},
		"assign lead <!subteam^S1|@db> <@U2>":        {},
		"<!channel>":                                 {},
		"assign lead":                                {},
	} {
		if id, note := givenTo(text); id != want[0] || note != want[1] {
			t.Errorf("%q: %q, %q", text, id, note)
		}
	}
}
