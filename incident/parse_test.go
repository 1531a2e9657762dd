package incident_test

import (
	"testing"

	"muster/incident"
)

func TestParseSeverity(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]incident.Severity{
		"sev2": 2, "SEV-2": 2, "2": 2, "s2": 2, "P1": 1, " sev 3 ": 3, "severity 4": 4, "severity: 1": 1, "Sev=2": 2, "SEV\u00a02": 2, "ｓｅｖ２": 2, "SEV\u2013 2": 2, "“sev2”": 2, "\u200bsev2": 2,
		"": 0, "sev": 0, "0": 0, "5": 0, "22": 0, "sev2!": 0, "-": 0, "/": 0, ":": 0, "٢": 0, "critical": 0, "\xb4": 0,
	} {
		got, err := incident.ParseSeverity(text)
		if got != want || (err == nil) != (want != 0) {
			t.Errorf("ParseSeverity(%q) = %d, %v; want %d", text, got, err, want)
		}
	}
	for _, s := range incident.Severities() {
		if got, err := incident.ParseSeverity(s.String()); got != s || err != nil {
			t.Errorf("%s reads as %d, %v", s, got, err)
		}
	}
}

func TestCritical(t *testing.T) {
	t.Parallel()
	for s, want := range map[incident.Severity]bool{1: true, 2: true, 3: false, 4: false} {
		if s.Critical() != want {
			t.Errorf("%s critical: %v", s, s.Critical())
		}
	}
}

func TestParseStatus(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]incident.Status{
		"investigating": "investigating", "Identified": "identified", " MONITORING ": "monitoring", "resolved": "resolved",
		"ｍｏｎｉｔｏｒｉｎｇ": "monitoring", "‘resolved’": "resolved", "in": "investigating", "id": "identified", "mon": "monitoring", "resolve": "resolved",
		"": "", "i": "", "m": "", "done": "", "monitoringx": "", "open": "",
	} {
		got, err := incident.ParseStatus(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("ParseStatus(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
}

func stock() incident.Definitions {
	return incident.Definitions{Roles: []incident.Role{
		{Key: incident.Commander, Name: "Incident commander", Text: "decides", Position: 1},
		{Key: incident.CommsLiaison, Name: "Communications liaison", Text: "tells", Position: 2},
		{Key: incident.TechnicalLead, Name: "Technical lead", Text: "finds out", Position: 3},
	}, Severities: []incident.SeverityDefinition{
		{Level: 1, Name: "SEV1", Text: "all"}, {Level: 2, Name: "SEV2", Text: "much"},
		{Level: 3, Name: "SEV3", Text: "some"}, {Level: 4, Name: "SEV4", Text: "odd"},
	}}
}

func TestFindRole(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]string{
		"commander": "commander", "IC": "commander", "incident commander": "commander", "Incident  Commander": "commander", "inc": "commander",
		"comms": "comms", "cl": "comms", "liaison": "comms", "communications": "comms",
		"lead": "lead", "tl": "lead", " technical ": "lead", "tech": "lead",
		"": "", "co": "", "comm": "", "boss": "", "é": "", "\x00": "",
	} {
		got, err := stock().FindRole(word)
		if got.Key != want || (err == nil) != (want != "") {
			t.Errorf("FindRole(%q) = %q, %v; want %q", word, got.Key, err, want)
		}
		if err != nil && !incident.IsKind(err, incident.Invalid) {
			t.Errorf("FindRole(%q): %v is no refusal of the input", word, err)
		}
	}
}

// Administrators may call roles what they like; a button's key still means its
// own role, and names in other scripts can be found.
func TestFindRoleAmongOddNames(t *testing.T) {
	t.Parallel()
	d := stock()
	d.Roles = append(d.Roles,
		incident.Role{Key: "ic", Name: "Commander"},
		incident.Role{Key: "tl", Name: ""},
		incident.Role{Key: "uber", Name: "Éclair Über"})
	for word, want := range map[string]string{
		"ic": "ic", "tl": "tl", "commander": "commander", "éü": "uber", "über": "uber", "übe": "uber", "": "", "Ã": "",
	} {
		if got, _ := d.FindRole(word); got.Key != want {
			t.Errorf("FindRole(%q) = %q, want %q", word, got.Key, want)
		}
	}
}

func TestDefinitionsAlwaysAnswer(t *testing.T) {
	t.Parallel()
	d := incident.Definitions{Severities: []incident.SeverityDefinition{{Level: 2, Name: "Major", Text: "hurts"}}}
	if got := d.Severity(2); got.Name != "Major" || got.Text != "hurts" {
		t.Errorf("SEV2 is %+v", got)
	}
	if got := d.Severity(3); got.Name != "SEV3" || got.Level != 3 {
		t.Errorf("SEV3 without a definition is %+v", got)
	}
	if _, ok := d.Role("commander"); ok {
		t.Error("found a role that is not defined")
	}
}

func TestSubjectNumber(t *testing.T) {
	t.Parallel()
	for subject, want := range map[string]int64{
		incident.Subject(42): 42, "workspace": 0, "incident:": 0, "incident:x": 0, "incident:99999999999999999999": 0,
	} {
		if got := incident.SubjectNumber(subject); got != want {
			t.Errorf("SubjectNumber(%q) = %d, want %d", subject, got, want)
		}
	}
}
