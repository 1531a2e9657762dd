package main

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"muster/bot"
	"muster/config"
	"muster/sandbox/workspace"
)

// TestSetupFaultsAreSaidInOneSentence starts a muster on each wrong setup: it
// must end with exit code 2, name the remedy, and never a secret.
func TestSetupFaultsAreSaidInOneSentence(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		// wrong spoils the world or the configuration.
		wrong func(w *world, cfg *config.Config)
		says  []string
	}{
		{"bad bot token", func(w *world, cfg *config.Config) {
			cfg.Slack.BotToken = config.NewSecret("xoxb-not-a-token")
		}, []string{"SLACK_BOT_TOKEN", "invalid_auth", "OAuth & Permissions"}},
		{"bad app token", func(w *world, cfg *config.Config) {
			cfg.Slack.AppToken = config.NewSecret("xapp-not-a-token")
		}, []string{"SLACK_APP_TOKEN", "connections:write"}},
		{"missing scope", func(w *world, _ *config.Config) { w.RevokeScope("pins:write") },
			[]string{"lacks the scopes pins:write", "muster manifest", "install it again"}},
		{"no digest channel", func(w *world, cfg *config.Config) { cfg.Digest.Name = "nowhere" },
			[]string{"#nowhere does not exist", "INCIDENTS_DIGEST_CHANNEL"}},
		{"not in the digest channel", func(w *world, _ *config.Config) {
			w.do(w.Kick("lee", "incidents", "muster"))
		}, []string{"muster is not in the digest channel #incidents", "/invite @muster"}},
		{"archived digest channel", func(w *world, _ *config.Config) { w.do(w.Archive("lee", "incidents")) },
			[]string{"#incidents is archived", "unarchive"}},
		{"unknown digest id", func(w *world, cfg *config.Config) {
			cfg.Digest = config.Channel{ID: "C0NOWHERE"}
		}, []string{"C0NOWHERE", "/invite @muster"}},
		{"parameter of the database that nobody knows", func(w *world, cfg *config.Config) {
			cfg.Database.URL = config.NewSecret(w.dsn + "&connect_timeout=soon")
		}, []string{"DATABASE_URL can't be understood"}},
		{"console where there is none", func(_ *world, cfg *config.Config) { cfg.Console.Addr = "192.0.2.1:80" },
			[]string{"CONSOLE_ADDR", "port that nothing uses"}},
		{"health where there is none", func(_ *world, cfg *config.Config) { cfg.HealthAddr = "192.0.2.1:80" },
			[]string{"HEALTH_ADDR", "port that nothing uses"}},
		{"broken templates", func(w *world, cfg *config.Config) {
			cfg.TemplatesDir = "testdata/brokentemplates"
		}, []string{"TEMPLATES_DIR", "sev2.md"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, workspace.Config{})
			cfg := w.config()
			c.wrong(w, &cfg)
			ctx, cancel := context.WithTimeout(w.ctx, patience)
			defer cancel()
			var said bytes.Buffer
			if code := report(&said, run(ctx, cfg, testLog(t), quick())); code != exitSetup {
				t.Errorf("exit code %d, not %d", code, exitSetup)
			}
			for _, words := range c.says {
				if !strings.Contains(said.String(), words) {
					t.Errorf("it does not say %q:\n%s", words, said.String())
				}
			}
			for _, secret := range []string{cfg.Slack.BotToken.Reveal(), cfg.Slack.AppToken.Reveal()} {
				if strings.Contains(said.String(), secret) {
					t.Errorf("it says a token:\n%s", said.String())
				}
			}
			if strings.Count(strings.TrimSpace(said.String()), "\n") > 0 {
				t.Errorf("it takes more than one line:\n%s", said.String())
			}
		})
	}
}

func TestAllConfigurationProblemsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := config.Environment{SlackAppToken: "xoxb-1", ReminderEvery: "soon", HealthAddr: "nonsense"}.Check()
	var said bytes.Buffer
	if code := report(&said, err); code != exitSetup {
		t.Errorf("exit code %d, not %d", code, exitSetup)
	}
	for _, variable := range []string{"SLACK_APP_TOKEN", "SLACK_BOT_TOKEN", "REMINDER_EVERY", "HEALTH_ADDR"} {
		if !strings.Contains(said.String(), variable) {
			t.Errorf("%s is not named:\n%s", variable, said.String())
		}
	}
}

func TestCommandLine(t *testing.T) {
	t.Parallel()
	cases := []struct {
		args []string
		code int
		out  string
		errs string
	}{
		{[]string{"help"}, 0, "muster demo", ""},
		{[]string{"--help"}, 0, "muster demo", ""},
		{[]string{"help", "declare"}, 0, "-severity sev2", ""},
		{[]string{"declare", "-h"}, 0, "-summary text", ""},
		{[]string{"demo", "--help"}, 0, "-log ", ""},
		{[]string{"version"}, 0, "muster ", ""},
		{[]string{"help", "dance"}, exitSetup, "", `there is no "dance"`},
		{[]string{"version", "-x"}, exitSetup, "", `version takes no "-x"`},
		{[]string{"run", "-fast"}, exitSetup, "", `run takes no "-fast"`},
		{[]string{"doctor", "now"}, exitSetup, "", `doctor takes no "now"`},
		{[]string{"declare", "-level", "1", "x"}, exitSetup, "", `declare takes no "-level"`},
		{[]string{"declare", "x", "--help"}, 0, "-summary text", ""},
		{[]string{"export", "all"}, exitSetup, "", `export takes no "all"`},
		{[]string{"demo", "-fast"}, exitSetup, "", `demo takes no "-fast"`},
		{[]string{"health", "now"}, exitSetup, "", `health takes no "now"`},
		{[]string{"-x"}, exitSetup, "", `there is no "-x"`},
		{[]string{"manifest"}, 0, "socket_mode_enabled: true", ""},
		{[]string{"manifest", "please"}, exitSetup, "", `manifest takes no "please"`},
		{[]string{"dance"}, exitSetup, "", `there is no "dance"`},
	}
	for _, c := range cases {
		var out, errs bytes.Buffer
		code := command(t.Context(), c.args, strings.NewReader(""), &out, &errs)
		if code != c.code || !strings.Contains(out.String(), c.out) || !strings.Contains(errs.String(), c.errs) {
			t.Errorf("%v: exit %d, out %q, errors %q", c.args, code, out.String(), errs.String())
		}
	}
}

// Each command has a help of its own, and each flag of a command is in it.
func TestEveryCommandIsExplained(t *testing.T) {
	t.Parallel()
	for _, v := range verbs() {
		var out, errs bytes.Buffer
		if code := command(t.Context(), []string{"help", v.name}, strings.NewReader(""), &out, &errs); code != 0 || !strings.HasPrefix(out.String(), "usage: muster "+v.name) {
			t.Errorf("%s: exit code %d\n%s", v.name, code, out.String())
		}
		for _, word := range strings.FieldsFunc(v.args, func(r rune) bool { return strings.ContainsRune(" []\"", r) }) {
			if strings.HasPrefix(word, "-") && !strings.Contains(v.more, "  "+word) {
				t.Errorf("%s: %s is not explained", v.name, word)
			}
		}
		if v.run != nil && v.more == "" {
			t.Errorf("%s: nothing more is said", v.name)
		}
	}
}

func TestMigrateBringsADatabaseUpToDate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	for range 2 {
		var out, errs bytes.Buffer
		if code := migrate(w.ctx, w.dsn, streams{nil, &out, &errs}); code != 0 || !strings.HasPrefix(out.String(), "the database has schema ") {
			t.Errorf("exit code %d: %s%s", code, out.String(), errs.String())
		}
	}
	var out, errs bytes.Buffer
	if code := migrate(w.ctx, "host=/nowhere dbname=x", streams{nil, &out, &errs}); code != exitFailed {
		t.Errorf("exit code %d: %s", code, errs.String())
	}
}

// Each scope of the manifest says why it is asked for, or follows one that does.
func TestEachScopeHasItsReason(t *testing.T) {
	t.Parallel()
	_, list, found := strings.Cut(string(bot.Manifest), "    bot:\n")
	if !found {
		t.Fatal("the manifest has no bot scopes")
	}
	list, _, _ = strings.Cut(list, "\nsettings:")
	lines := strings.Split(strings.TrimSpace(list), "\n")
	if len(lines) < 10 {
		t.Fatalf("%d scopes", len(lines))
	}
	for _, line := range lines {
		if scope, reason, _ := strings.Cut(line, " # "); reason == "" {
			t.Errorf("%s has no reason", strings.TrimSpace(scope))
		}
	}
}

func TestManifestNamesWhatTheBotNeeds(t *testing.T) {
	t.Parallel()
	list, err := bot.Scopes()
	if err != nil {
		t.Fatal(err)
	}
	for _, scope := range []string{"chat:write", "channels:manage", "commands", "im:write"} {
		if !strings.Contains(strings.Join(list, " "), scope) {
			t.Errorf("the manifest lacks %s", scope)
		}
	}
}
