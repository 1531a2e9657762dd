package console_test

import (
	"net/http"
	"net/url"
	"testing"

	"muster/incident"
)

func (h *house) definitions() incident.Definitions {
	h.t.Helper()
	d, err := h.db.Definitions(h.t.Context())
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

func TestAdministratorsChangeSettings(t *testing.T) {
	t.Parallel()
	h := build(t)
	ana := h.browser().signIn("UANA")
	does := func(section, act string, fields url.Values) incident.Definitions {
		t.Helper()
		ana.post("/settings/"+section+"/"+act, fields).is(http.StatusOK)
		return h.definitions()
	}
	ana.get("/settings").shows("Links, topic and people", "REMINDER_FIRST_AFTER", "Add a role")
	if d := does("severity.1", "save", ana.form("severity.1", "severity.1.name", "SEV1", "severity.1.text", "all <b>down</b>", "severity.1.first", "15m")); d.Severity(1).Text != "all <b>down</b>" || d.Severity(1).First.Minutes() != 15 {
		t.Errorf("%+v", d.Severity(1))
	}
	ana.shows("all &lt;b&gt;down&lt;/b&gt;", "Set by Ana &lt;i&gt;Lima&lt;/i&gt;", "Latest changes", "Restore stock text")
	ana.hides("<b>down", "<i>")
	if d := does("general", "save", ana.form("general", "guide", "https://wiki.example.org/incidents", "guests", "yes")); d.Settings.Guide == "" || !d.Settings.Guests {
		t.Errorf("%+v", d.Settings)
	}
	if d := does("role", "add", ana.form("role", "name", "Scribe", "text", "Writes it down.")); len(d.Roles) != 3 || d.Roles[2].Key != "scribe" {
		t.Errorf("%+v", d.Roles)
	}
	if d := does("role.scribe", "retire", url.Values{"key": {newKey(ana)}}); len(d.Roles) != 2 {
		t.Errorf("%+v", d.Roles)
	}
	if d := does("severity.1", "restore", url.Values{"key": {newKey(ana)}}); d.Severity(1).Text != "as bad as that" {
		t.Errorf("%+v", d.Severity(1))
	}
}

// newKey is the key of some form of the page.
func newKey(b *browser) string { return keyField.FindStringSubmatch(b.get("/settings").page)[1] }

func TestBadSettingsAreRefusedBesideTheirFields(t *testing.T) {
	t.Parallel()
	h := build(t)
	ana := h.browser().signIn("UANA").get("/settings")
	ana.post("/settings/general/save", ana.form("general", "guide", "javascript:alert(1)", "commander_after", "soon", "meeting", "https://meet.example.org")).is(http.StatusUnprocessableEntity)
	ana.shows(`id="general-guide-error"`, `id="general-commander_after-error"`, "javascript:alert(1)", "https://meet.example.org")
	if s := h.definitions().Settings; s != (incident.Settings{}) {
		t.Errorf("%+v", s)
	}
	ana.post("/settings/role/add", ana.form("role", "name", "Technical lead", "text", "")).is(http.StatusUnprocessableEntity)
	ana.shows(`id="role-name-error"`, `id="role-text-error"`)
	ana.post("/settings/nowhere/restore", url.Values{"key": {newKey(ana)}}).is(http.StatusUnprocessableEntity)
	ana.shows("no stock text")
	ana.post("/settings/general/explode", url.Values{"key": {newKey(ana)}}).is(http.StatusNotFound)
}

func TestSettingsThatMovedMeanwhileAreSaid(t *testing.T) {
	t.Parallel()
	h := build(t)
	ana := h.browser().signIn("UANA").get("/settings")
	form := ana.form("general", "guide", "https://one.example.org")
	err := h.desk.ChangeSettings(t.Context(), incident.SettingEdit{Values: map[incident.Setting]string{"guide": "https://two.example.org"}}, incident.Act{By: "UBO", Key: "k"})
	if err != nil {
		t.Fatal(err)
	}
	ana.post("/settings/general/save", form).is(http.StatusConflict)
	ana.shows("Bo Berg set it to", "two.example.org", "https://one.example.org")
	ana.post("/settings/general/save", ana.form("general", "guide", "https://one.example.org")).is(http.StatusOK)
	if got := h.definitions().Settings.Guide; got != "https://one.example.org" {
		t.Error(got)
	}
}

func TestOthersReadSettings(t *testing.T) {
	t.Parallel()
	h := build(t)
	ana, bo := h.browser().signIn("UANA").get("/settings"), h.browser().signIn("UBO").get("/settings")
	bo.shows("as bad as that", "not set, so", "ADMIN_USERS names")
	bo.hides("<input", "<textarea", "Save")
	for section, act := range map[string]string{"general": "save", "severity.1": "restore", "role.lead": "retire", "role": "add"} {
		form := ana.form("general", "guide", "https://bo.example.org", "name", "Boss", "text", "x")
		bo.post("/settings/"+section+"/"+act, form).is(http.StatusForbidden)
		bo.shows("Only administrators")
	}
	if d := h.definitions(); d.Settings.Guide != "" || len(d.Roles) != 2 {
		t.Errorf("%+v", d)
	}
}
