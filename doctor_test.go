package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"muster/config"
	"muster/sandbox/wiki"
	"muster/sandbox/workspace"
	"muster/store"
)

// doctorWorld is a world in which all is well, with Confluence and a migrated
// database.
func doctorWorld(t *testing.T) *world {
	t.Helper()
	w := newWorld(t, workspace.Config{})
	var err error
	if w.wiki, err = wiki.Start("OPS"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.do(w.wiki.Close()) })
	_, err = w.AddGroup("oncall", "On call", "bo")
	w.do(err)
	w.group = "oncall"
	w.do(store.Migrate(w.ctx, w.dsn))
	return w
}

func (w *world) examined(d doctor) (code int, said string) {
	w.t.Helper()
	var out bytes.Buffer
	code = examine(w.ctx, d, &out)
	return code, out.String()
}

func TestTheDoctorFindsNothingWhereAllIsWell(t *testing.T) {
	t.Parallel()
	w := doctorWorld(t)
	code, said := w.examined(doctor{cfg: w.config(), now: time.Now})
	if code != 0 || strings.Contains(said, "FAIL") || strings.Contains(said, "skip") {
		t.Errorf("exit code %d:\n%s", code, said)
	}
	// The test server may take few connections.
	if said := strings.ReplaceAll(said, "raise max_connections", ""); strings.Contains(said, "warn") && !strings.Contains(said, "the server takes") {
		t.Errorf("it warns:\n%s", said)
	}
	for _, words := range []string{"SLACK_BOT_TOKEN", "are granted, and no others", "Socket Mode is on", "#incidents", "@oncall", "schema", "space OPS", "“Home” is there", "may make pages"} {
		if !strings.Contains(said, words) {
			t.Errorf("it does not say %q:\n%s", words, said)
		}
	}
}

func TestTheDoctorFindsEachFault(t *testing.T) {
	t.Parallel()
	own := t.TempDir()
	if err := os.MkdirAll(filepath.Join(own, "confluence"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(own, "confluence", "rca.html"), []byte("<p>{{.Nonsense}}</p>"), 0o600); err != nil {
		t.Fatal(err)
	}
	misplaced := t.TempDir()
	if err := os.WriteFile(filepath.Join(misplaced, "commander.md"), []byte("# Commander\nLeads"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		wrong func(w *world, d *doctor)
		grade grade
		// what the finding is about, and words of its remedy.
		what string
		says []string
	}{
		"bad bot token": {func(_ *world, d *doctor) { d.cfg.Slack.BotToken = config.NewSecret("xoxb-not-a-token") },
			faulty, "SLACK_BOT_TOKEN", []string{"invalid_auth", "OAuth & Permissions"}},
		"removed app": {func(w *world, _ *doctor) {
			w.Fault(workspace.Fault{Method: "auth.test", Kind: workspace.Refuse, Code: "account_inactive"})
		}, faulty, "SLACK_BOT_TOKEN", []string{"removed from the workspace"}},
		"no way to Slack": {func(_ *world, d *doctor) { d.cfg.Slack.APIURL = "http://127.0.0.1:1/api/" },
			faulty, "Slack", []string{"HTTPS_PROXY"}},
		"bad app token": {func(_ *world, d *doctor) { d.cfg.Slack.AppToken = config.NewSecret("xapp-not-a-token") },
			faulty, "SLACK_APP_TOKEN", []string{"connections:write"}},
		"Socket Mode off": {func(w *world, _ *doctor) { w.DisableSocketMode() },
			faulty, "SLACK_APP_TOKEN", []string{"switch Socket Mode on"}},
		"missing scopes": {func(w *world, _ *doctor) { w.RevokeScope("pins:write"); w.RevokeScope("im:write") },
			faulty, "scopes", []string{"im:write", "pins:write", "muster manifest", "install it again"}},
		"too many scopes": {func(w *world, _ *doctor) { w.GrantScope("emoji:read") },
			warning, "scopes", []string{"not needed are emoji:read"}},
		"another workspace": {func(_ *world, d *doctor) { d.cfg.Slack.WorkspaceID = "elsewhere" },
			warning, "SLACK_WORKSPACE_ID", []string{"elsewhere"}},
		"no digest channel": {func(_ *world, d *doctor) { d.cfg.Digest.Name = "nowhere" },
			faulty, "digest channel", []string{"#nowhere", "INCIDENTS_DIGEST_CHANNEL"}},
		"not in the digest channel": {func(w *world, _ *doctor) { w.do(w.Kick("lee", "incidents", "muster")) },
			faulty, "digest channel", []string{"/invite @muster"}},
		"archived digest channel": {func(w *world, _ *doctor) { w.do(w.Archive("lee", "incidents")) },
			faulty, "digest channel", []string{"unarchive"}},
		"unknown digest id": {func(_ *world, d *doctor) { d.cfg.Digest = config.Channel{ID: "C0NOWHERE"} },
			faulty, "digest channel", []string{"C0NOWHERE"}},
		"no user group": {func(_ *world, d *doctor) { d.cfg.GroupInvite.Name = "offcall" },
			faulty, "user group", []string{"@offcall", "INCIDENT_AUTO_GROUP_INVITE_GROUP_NAME"}},
		"console elsewhere": {func(_ *world, d *doctor) { d.cfg.Console.Addr = "192.0.2.1:8080" },
			faulty, "CONSOLE_ADDR", []string{"192.0.2.1 is no address of this machine"}},
		"two listeners": {func(_ *world, d *doctor) { d.cfg.HealthAddr, d.cfg.Console.Addr = "127.0.0.1:1", "127.0.0.1:1" },
			faulty, "CONSOLE_ADDR", []string{"another port"}},
		"broken templates": {func(_ *world, d *doctor) { d.cfg.TemplatesDir = "testdata/brokentemplates" },
			faulty, "TEMPLATES_DIR", []string{"sev2.md"}},
		"broken page": {func(_ *world, d *doctor) { d.cfg.TemplatesDir = own },
			warning, "TEMPLATES_DIR", []string{"stock page", "Nonsense"}},
		"unused template": {func(_ *world, d *doctor) { d.cfg.TemplatesDir = misplaced },
			warning, "TEMPLATES_DIR", []string{"commander.md", "roles/lead.md"}},
		"no database": {func(_ *world, d *doctor) {
			d.cfg.Database.URL = config.NewSecret("postgres://me:hunter2@127.0.0.1:1/muster")
		}, faulty, "DATABASE_URL", []string{"127.0.0.1:1: connect: connection refused", "Check host"}},
		"another database": {func(w *world, d *doctor) { d.cfg.Database.URL = config.NewSecret(w.dsn + "&dbname=nowhere") },
			faulty, "DATABASE_URL", []string{"does not exist"}},
		"newer schema": {func(w *world, _ *doctor) {
			w.exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
		},
			faulty, "database", []string{"9999", "start the newer muster"}},
		"no schema": {func(w *world, _ *doctor) { w.exec(`DROP TABLE goose_db_version`) },
			warning, "database", []string{"muster migrate"}},
		"read-only database": {func(w *world, _ *doctor) {
			w.exec(`DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || quote_ident(current_database()) || ' SET default_transaction_read_only = on'; END $$`)
		}, faulty, "database", []string{"primary"}},
		"wrong clock": {func(_ *world, d *doctor) { d.now = func() time.Time { return time.Now().Add(10 * time.Minute) } },
			faulty, "Slack's clock", []string{"10m", "ahead", "NTP"}},
		"slow clock": {func(_ *world, d *doctor) { d.now = func() time.Time { return time.Now().Add(-30 * time.Second) } },
			warning, "database's clock", []string{"behind", "NTP"}},
		"bad Confluence token": {func(_ *world, d *doctor) { d.cfg.Confluence.Token = config.NewSecret("no") },
			faulty, "CONFLUENCE_API_TOKEN", []string{"CONFLUENCE_API_USERNAME"}},
		"no space": {func(_ *world, d *doctor) { d.cfg.Confluence.Space = "NOWHERE" },
			faulty, "CONFLUENCE_SPACE", []string{"NOWHERE", "key"}},
		"no parent page": {func(_ *world, d *doctor) { d.cfg.Confluence.ParentPage = "Nowhere" },
			faulty, "CONFLUENCE_PARENT_PAGE", []string{"“Nowhere”"}},
		"may not write": {func(w *world, _ *doctor) { w.wiki.SetReadOnly(true) },
			faulty, "CONFLUENCE_SPACE", []string{"Add Page"}},
		"no private space": {func(_ *world, d *doctor) { d.cfg.Confluence.PrivateSpace = "SECRET" },
			faulty, "CONFLUENCE_PRIVATE_SPACE", []string{"SECRET"}},
		"no Confluence": {func(_ *world, d *doctor) { d.cfg.Confluence.URL = "http://127.0.0.1:1/wiki" },
			faulty, "CONFLUENCE_API_URL", []string{"check the address"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := doctorWorld(t)
			d := doctor{cfg: w.config(), now: time.Now}
			c.wrong(w, &d)
			code, said := w.examined(d)
			if (code == 0) != (c.grade == warning) || code != 0 && code != exitSetup {
				t.Errorf("exit code %d", code)
			}
			line := ""
			for l := range strings.Lines(said) {
				if f := strings.TrimSpace(l); strings.HasPrefix(f, string(c.grade)) && strings.HasPrefix(strings.TrimSpace(f[len(c.grade):]), c.what) {
					line += f
				}
			}
			for _, words := range c.says {
				if !strings.Contains(line, words) {
					t.Errorf("no %s about %s says %q:\n%s", c.grade, c.what, words, said)
				}
			}
			for _, secret := range []string{d.cfg.Slack.BotToken.Reveal(), d.cfg.Slack.AppToken.Reveal(), wiki.Token, "hunter2"} {
				if strings.Contains(said, secret) {
					t.Errorf("it says a secret:\n%s", said)
				}
			}
		})
	}
}

// Whoever mends the configuration is told of the database in the same go.
func TestTheDoctorLooksAtTheDatabaseBesideABadConfiguration(t *testing.T) {
	t.Setenv("REMINDER_EVERY", "30")
	t.Setenv("DATABASE_URL", "postgres://me:hunter2@127.0.0.1:1/muster")
	var out, errs bytes.Buffer
	code := doctorCommand(t.Context(), &out, &errs)
	said := out.String()
	if code != exitSetup || strings.Contains(said, "hunter2") || errs.Len() > 0 {
		t.Errorf("exit code %d:\n%s%s", code, said, errs.String())
	}
	for _, words := range []string{"FAIL  REMINDER_EVERY", "FAIL  DATABASE_URL", "refused", "Mend the configuration first"} {
		if !strings.Contains(said, words) {
			t.Errorf("it does not say %q:\n%s", words, said)
		}
	}
}

func TestAppOf(t *testing.T) {
	t.Parallel()
	for token, want := range map[string]string{"xapp-1-A0123-456-abc": "A0123", "xapp-x": "", "": ""} {
		if got := appOf(token); got != want {
			t.Errorf("%s: %q", token, got)
		}
	}
}
