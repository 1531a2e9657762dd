package block_test

import (
	"testing"

	"muster/block"
)

func TestPictured(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                             "",
		":fire: db down":               "🔥 db down",
		"db down :fire::fire:!":        "db down 🔥🔥!",
		"(:warning:)":                  "(⚠\ufe0f)",
		":+1::skin-tone-3: from :ana:": "👍🏼 from :ana:",
		":skin-tone-3: alone":          ":skin-tone-3: alone",
		":ana::fire:":                  ":ana:🔥",
		"at 12:100:30":                 "at 12:100:30",
		"std::map:x:y":                 "std::map:x:y",
		"https://x.test/:fire:/a:x:":   "https://x.test/:fire:/a:x:",
		"10:30: :fire:":                "10:30: 🔥",
		":fire:x":                      ":fire:x",
		"::1 :: :":                     "::1 :: :",
		":fire":                        ":fire",
	} {
		if got := block.Pictured(text); got != want {
			t.Errorf("Pictured(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestUnicode(t *testing.T) {
	t.Parallel()
	for points, want := range map[string]string{"1f525": "🔥", "1f44d-1f3fb": "👍🏻", "": "", "fire": "", "d800": "", "110000": ""} {
		if got := block.Unicode(points); got != want {
			t.Errorf("Unicode(%q) = %q, want %q", points, got, want)
		}
	}
}

func FuzzPictured(f *testing.F) {
	f.Add(":fire::x: :a")
	f.Fuzz(func(t *testing.T, text string) {
		once := block.Pictured(text)
		_ = block.Pictured(once)
	})
}
