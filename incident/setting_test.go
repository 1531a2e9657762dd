package incident_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"muster/incident"
)

func settingsDesk(t *testing.T) (*desk, *incident.Desk) {
	store, d := newDesk(t, incident.Investigating, incident.SEV2)
	return store, d.WithDefaults(incident.Defaults{Stock: stock()})
}

// set changes settings without having looked at them.
func set(t *testing.T, d *incident.Desk, values map[incident.Setting]string) error {
	t.Helper()
	return d.ChangeSettings(t.Context(), incident.SettingEdit{Values: values}, incident.Act{By: "UANA", Key: "K"})
}

func TestEachBadSettingIsRefusedBesideItsField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		setting     incident.Setting
		typed, says string
	}{
		{"severity.1.name", " \u200b", "Write a name"},
		{"severity.1.name", strings.Repeat("x", 41), "41 characters; 40 fit"},
		{"severity.1.name", "sev2", "called so already"},
		{"severity.1.text", "", "when the severity applies"},
		{"severity.4.text", strings.Repeat("é", 76), "76 characters; 75 fit"},
		{"severity.1.first", "soon", "no length of time"},
		{"severity.1.first", "30s", "between 1m and 168h"},
		{"severity.2.every", "200h", "between 1m and 168h"},
		{"severity.2.every", "-5m", "between 1m and 168h"},
		{"severity.3.every", "5m", "no such setting"},
		{"role.commander.name", "Technical LEAD", "called so already"},
		{"role.lead.name", "comms", "called so already"},
		{"role.lead.text", "\n", "what the role is for"},
		{"role.lead.text", strings.Repeat("x", 601), "601 characters; 600 fit"},
		{"role.boss.text", "does all", "no such setting"},
		{"guide", "wiki/incidents", "whole address"},
		{"guide", "javascript:alert(1)", "whole address"},
		{"meeting", "https://ana:secret@example.org", "whole address"},
		{"meeting", "https://example.org/<!channel>", "whole address"},
		{"topic", "{severity} {sevrity}", "no {sevrity}"},
		{"topic", strings.Repeat("x", 201), "201 characters; 200 fit"},
		{"group", "on call", "handle"},
		{"group", strings.Repeat("o", 81), "handle"},
		{"commander_after", "1d", "no length of time"},
		{"guests", "perhaps", "yes or no"},
	} {
		_, d := settingsDesk(t)
		err := set(t, d, map[incident.Setting]string{c.setting: c.typed})
		refusals, ok := errors.AsType[incident.Refusals](err)
		if !ok || len(refusals) != 1 || refusals[0].Field != string(c.setting) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s %q: %v, want one refusal that says %q", c.setting, c.typed, err, c.says)
		}
	}
}

func TestAllBadFieldsAreToldAtOnceAndNothingIsChanged(t *testing.T) {
	t.Parallel()
	store, d := settingsDesk(t)
	err := set(t, d, map[incident.Setting]string{"guide": "https://example.org", "meeting": "x", "commander_after": "x"})
	if refusals, _ := errors.AsType[incident.Refusals](err); len(refusals) != 2 {
		t.Errorf("%v, want two refusals", err)
	}
	if store.book.Settings != (incident.Settings{}) {
		t.Errorf("changed: %+v", store.book.Settings)
	}
}

func TestSettingsAreKeptAsTheyAreMeant(t *testing.T) {
	t.Parallel()
	store, d := settingsDesk(t)
	err := set(t, d, map[incident.Setting]string{
		"severity.1.first": " 90 min", "severity.1.every": "15", "commander_after": "1h30m", "guests": "Yes",
		"group": "@OnCall", "guide": " https://example.org/guide ", "topic": "{ref}\n{lead}", "severity.2.name": "Major",
		"role.lead.text": "finds out\r\nwhat is wrong",
	})
	if err != nil {
		t.Fatal(err)
	}
	for s, want := range map[incident.Setting]string{
		"severity.1.first": "1h30m", "severity.1.every": "15m", "commander_after": "1h30m", "guests": "yes",
		"group": "oncall", "guide": "https://example.org/guide", "topic": "{ref} {lead}", "severity.2.name": "Major",
		"role.lead.text": "finds out\nwhat is wrong",
	} {
		if got, ok := store.book.Value(s); !ok || got != want {
			t.Errorf("%s is %q, want %q", s, got, want)
		}
		if c := store.book.Last[s]; c.By != "UANA" || c.To != want || c.At != changedAt {
			t.Errorf("%s: recorded %+v", s, c)
		}
	}
	if _, err := store.book.FindSeverity("awful"); err == nil || err.Error() != "Severity is one of SEV1, Major, SEV3, SEV4." {
		t.Errorf("an unknown severity: %v", err)
	}
	if level, err := store.book.FindSeverity("major"); err != nil || level != incident.SEV2 {
		t.Errorf("major is %v, %v", level, err)
	}
	if !incident.IsKind(set(t, d, map[incident.Setting]string{"guests": "yes"}), incident.NothingToDo) {
		t.Error("the same again is a change")
	}
}

// What a section shows can be sent back as it is, and changes nothing.
func TestWhatIsShownCanBeSentBack(t *testing.T) {
	t.Parallel()
	_, d := settingsDesk(t)
	if err := set(t, d, map[incident.Setting]string{"severity.1.first": "5m", "guests": "yes", "meeting": "http://m.example/1"}); err != nil {
		t.Fatal(err)
	}
	sections, _, err := d.Sections(t.Context())
	if err != nil || len(sections) != 8 {
		t.Fatalf("%d sections, %v", len(sections), err)
	}
	for _, s := range sections {
		e := incident.SettingEdit{Values: map[incident.Setting]string{}}
		for _, f := range s.Fields {
			e.Values[f.Setting] = f.Value
		}
		if err := d.ChangeSettings(t.Context(), e, incident.Act{}); !incident.IsKind(err, incident.NothingToDo) {
			t.Errorf("%s: %v", s.Key, err)
		}
	}
}

func TestAFormOfSettingsChangesOnlyWhatThePersonChanged(t *testing.T) {
	t.Parallel()
	store, d := settingsDesk(t)
	sections, _, _ := d.Sections(t.Context())
	general, _ := incident.FindSection(sections, incident.SectionGeneral)
	form := incident.SettingEdit{Values: map[incident.Setting]string{}, Shown: general.Fingerprints()}
	for _, f := range general.Fields {
		form.Values[f.Setting] = f.Value
	}
	if err := set(t, d, map[incident.Setting]string{"guide": "https://bo.example", "meeting": "https://bo.example/m"}); err != nil {
		t.Fatal(err)
	}
	form.Values["guide"], form.Values["topic"] = "https://ana.example", "{ref}"
	act := incident.Act{By: "UBO", Key: "V1", Try: "T1"}
	err := d.ChangeSettings(t.Context(), form, act)
	refusals, _ := errors.AsType[incident.Refusals](err)
	if len(refusals) != 1 || refusals[0].Field != "guide" || refusals[0].Who != "UANA" || !strings.Contains(err.Error(), "https://bo.example") {
		t.Fatalf("%v %+v", err, refusals)
	}
	if err := d.ChangeSettings(t.Context(), form, act); err == nil {
		t.Error("the same envelope again insists")
	}
	act.Try = "T2"
	if err := d.ChangeSettings(t.Context(), form, act); err != nil {
		t.Fatal(err)
	}
	got := store.book.Settings
	if got.Guide != "https://ana.example" || got.Meeting != "https://bo.example/m" || got.Topic != "{ref}" {
		t.Errorf("settings are %+v", got)
	}
}

func TestRolesAreAddedRenamedAndRetired(t *testing.T) {
	t.Parallel()
	store, d := settingsDesk(t)
	act := incident.Act{By: "UANA"}
	if err := d.AddRole(t.Context(), " Scribe (Ops) ", "writes", act); err != nil {
		t.Fatal(err)
	}
	role, err := store.book.FindRole("scribe")
	if err != nil || role.Key != "scribeops" || role.Position != 4 || role.Name != "Scribe (Ops)" {
		t.Fatalf("%+v, %v", role, err)
	}
	if _, _, err := d.Claim(t.Context(), 42, "scribe", incident.Act{By: "UBO"}); err != nil {
		t.Fatal(err)
	}
	if err := set(t, d, map[incident.Setting]string{"role.scribeops.name": "Note taker", "topic": "{scribeops}"}); err != nil {
		t.Fatal(err)
	}
	if err := d.RetireRole(t.Context(), "scribeops", act); !incident.IsKind(err, incident.Invalid) {
		t.Errorf("a role that the topic names is retired: %v", err)
	}
	if err := set(t, d, map[incident.Setting]string{"topic": ""}); err != nil {
		t.Fatal(err)
	}
	if err := d.RetireRole(t.Context(), "scribeops", act); err != nil {
		t.Fatal(err)
	}
	if roles := store.book.RolesOf(&store.i); len(roles) != 4 || roles[3].Name != "Note taker" {
		t.Errorf("who holds it does not keep it: %+v", roles)
	}
	if _, err := store.book.FindRole("taker"); err == nil {
		t.Error("a word of its name still means the role")
	}
	if _, _, err := d.Assign(t.Context(), 42, "scribeops", incident.Handing{To: "UBO"}, act); !incident.IsKind(err, incident.Invalid) {
		t.Errorf("it is given away: %v", err)
	}
	if _, _, err := d.Leave(t.Context(), 42, "scribeops", incident.Act{By: "UBO"}); err != nil {
		t.Errorf("leaving: %v", err)
	}
	if roles := store.book.RolesOf(&store.i); len(roles) != 3 {
		t.Errorf("nobody holds it: %+v", roles)
	}
	if err := d.AddRole(t.Context(), "note taker", "writes again", act); err != nil {
		t.Fatal(err)
	}
	if role, _ := store.book.Role("scribeops"); role.Retired || role.Text != "writes again" || len(store.book.Retired) != 0 {
		t.Errorf("taken up again: %+v", role)
	}
	if err := d.RetireRole(t.Context(), incident.Commander, act); !incident.IsKind(err, incident.Invalid) {
		t.Errorf("a stock role is retired: %v", err)
	}
}

func TestKeysOfRolesAreUsableAndTheirOwn(t *testing.T) {
	t.Parallel()
	store, d := settingsDesk(t)
	for _, name := range []string{"Наблюдатель", "観察", "Lead!", "Title", strings.Repeat("Ab", 20)} {
		if err := d.AddRole(t.Context(), name, "x", incident.Act{}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	var keys []string
	for _, r := range store.book.Roles[3:] {
		keys = append(keys, r.Key)
	}
	if want := []string{"role", "role2", "lead2", "title2", strings.Repeat("ab", 15)}; !slices.Equal(keys, want) {
		t.Errorf("keys %q, want %q", keys, want)
	}
	err := d.AddRole(t.Context(), "technical lead", " ", incident.Act{})
	if refusals, _ := errors.AsType[incident.Refusals](err); len(refusals) != 2 || refusals[0].Field != incident.FieldRoleName || refusals[1].Field != incident.FieldRoleText {
		t.Errorf("a taken name and no text: %v", err)
	}
}

func TestStockTextIsRestored(t *testing.T) {
	t.Parallel()
	store, d := settingsDesk(t)
	if err := set(t, d, map[incident.Setting]string{"severity.1.name": "Fire", "severity.1.text": "burns", "severity.1.first": "5m"}); err != nil {
		t.Fatal(err)
	}
	if err := d.RestoreStock(t.Context(), "severity.1", incident.Act{By: "UBO"}); err != nil {
		t.Fatal(err)
	}
	if got, want := store.book.Severities[0], stock().Severities[0]; got.Name != want.Name || got.Text != want.Text || got.First != 5*time.Minute {
		t.Errorf("severity is %+v", got)
	}
	for _, section := range []string{incident.SectionGeneral, "role.boss", ""} {
		if err := d.RestoreStock(t.Context(), section, incident.Act{}); !incident.IsKind(err, incident.Invalid) {
			t.Errorf("%q: %v", section, err)
		}
	}
}

func TestWhatIsSetRulesFromTheNextChangeOn(t *testing.T) {
	t.Parallel()
	store, d := settingsDesk(t)
	if err := set(t, d, map[incident.Setting]string{"severity.2.first": "10m", "severity.1.every": "3m"}); err != nil {
		t.Fatal(err)
	}
	act := incident.Act{By: "UANA"}
	i, err := d.Note(t.Context(), 42, "x", act)
	if err != nil || i.Cadence.Due.Update != i.Cadence.From.Add(10*time.Minute) {
		t.Errorf("due %v, %v; the clock began %v", i.Cadence.Due.Update, err, i.Cadence.From)
	}
	i, err = d.SetSeverity(t.Context(), 42, incident.SEV1, 0, act)
	if err != nil || i.Cadence.Due.Update != i.Cadence.From.Add(30*time.Minute) {
		t.Errorf("at SEV1 due %v, %v", i.Cadence.Due.Update, err)
	}
	store.i = *i
	i, _, err = d.Declare(t.Context(), incident.Declaration{Title: "x", Severity: incident.SEV2, By: "UANA", Origin: incident.Origin{Key: "k"}}, false)
	if err != nil || i.Cadence.Due.Update != changedAt.Add(10*time.Minute) {
		t.Errorf("declared: due %v, %v", i.Cadence.Due.Update, err)
	}
}

func TestTopicTemplates(t *testing.T) {
	t.Parallel()
	literal := func(s string) string { return strings.ToUpper(s) }
	fill := func(s string) string { return "<" + s + ">" }
	for template, want := range map[string]string{
		"":            "<severity> · <status> · IC <commander> · <ref>",
		"a {ref} b":   "A <ref> B",
		"{ref}{lead}": "<ref><lead>",
		"{a {ref} }":  "{A <ref> }",
	} {
		if got := incident.Topic(template, literal, fill); got != want {
			t.Errorf("%q: %q, want %q", template, got, want)
		}
	}
}
