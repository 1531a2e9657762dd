package main

import (
	"strings"
	"testing"
)

func TestOrdersAreRead(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]order{
		"":                                   {},
		"   ":                                {},
		"@ana":                               {who: "ana"},
		"@Bo /incident new db down":          {who: "bo", verb: "/", words: "/incident new db down"},
		"/incident":                          {verb: "/", words: "/incident"},
		"click Claim":                        {verb: "click", words: "Claim"},
		"CLICK [ Post update ]":              {verb: "click", words: "Post update"},
		"@lee click Claim on Technical lead": {who: "lee", verb: "click", words: "Claim", on: "Technical lead"},
		"fill Severity = SEV2":               {verb: "fill", words: "Severity", value: "SEV2"},
		"fill What fixed it?=a = b":          {verb: "fill", words: "What fixed it?", value: "a = b"},
		"fill Summary =":                     {verb: "fill", words: "Summary"},
		"submit":                             {verb: "submit"},
		"in #alerts":                         {verb: "in", words: "#alerts"},
		"go dm":                              {verb: "in", words: "dm"},
		"see":                                {verb: "see"},
		"@ana  see   #incidents":             {who: "ana", verb: "see", words: "#incidents"},
		"say  click Claim = on":              {verb: "say", words: "click Claim = on"},
		"shortcut Declare an incident":       {verb: "shortcut", words: "Declare an incident"},
		"q":                                  {verb: "quit"},
		"react pushpin on it is slow":        {verb: "react", words: "pushpin", on: "it is slow"},
		"pin it is slow":                     {verb: "pin", words: "it is slow"},
		"shortcut Add to timeline on slow":   {verb: "shortcut", words: "Add to timeline", on: "slow"},
		"?":                                  {verb: "help"},
	} {
		if got, err := parseOrder(line); err != nil || got != want {
			t.Errorf("%q: %+v, %v", line, got, err)
		}
	}
}

func TestBadOrdersAreOneFriendlyLine(t *testing.T) {
	t.Parallel()
	for line, says := range map[string]string{
		"@ ana see":      "@ana",
		"dance":          `"dance"`,
		"submit now":     `"now"`,
		"fill Severity":  "fill Severity = SEV2",
		"fill = SEV2":    "fill Severity = SEV2",
		"click":          "click Claim",
		"click []":       "click Claim",
		"in":             "in #alerts",
		"@bo say":        "say I am on it",
		"shortcut":       "shortcut Declare an incident",
		"quit right now": `"right now"`,
		"react pushpin":  "react pushpin on",
		"@muster list":   "say @muster list",
		"@muster":        "say @muster list",
	} {
		_, err := parseOrder(line)
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v", line, err)
		}
	}
}

func TestPlacesAreFoundByTheirBeginning(t *testing.T) {
	t.Parallel()
	names := []string{"general", "inc-1-db-down", "inc-2-slow", "inc-22-late", "inc-2"}
	for meant, want := range map[string]string{
		"#general": "#general", "GEN": "#general", "inc-1": "#inc-1-db-down", "#inc-2": "#inc-2", "inc-22": "#inc-22-late",
		"dm": "dm", "@muster": "dm", "inc": "", "nowhere": "", "#": "", "inc-2-": "#inc-2-slow",
	} {
		got, err := findPlace(meant, names)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", meant, got, err)
		}
	}
}

func TestFieldsAreFoundByTheirBeginning(t *testing.T) {
	t.Parallel()
	labels := []string{"What changed?", "What is wrong?", "Severity", "Status"}
	for meant, want := range map[string]string{
		"Severity": "Severity", "severity": "Severity", "sev": "Severity", "what changed": "What changed?", "what is wrong?": "What is wrong?",
	} {
		if got, err := findField(meant, labels); err != nil || got != want {
			t.Errorf("%q: %q, %v", meant, got, err)
		}
	}
	for _, meant := range []string{"What", "S", "Title"} {
		if got, err := findField(meant, labels); err == nil || !strings.Contains(err.Error(), "“Status”") {
			t.Errorf("%q: %q, %v", meant, got, err)
		}
	}
	if _, err := findField("Title", nil); err == nil || !strings.Contains(err.Error(), "nothing to fill in") {
		t.Errorf("a form without fields: %v", err)
	}
}
