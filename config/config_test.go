package config

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	appSecret = "xapp-1-A111-222-abcdef"
	botSecret = "xoxb-333-444-ghijkl"
)

// enough is the least that starts muster.
func enough() Environment {
	return Environment{SlackAppToken: appSecret, SlackBotToken: botSecret}
}

func check(t *testing.T, env Environment) Config {
	t.Helper()
	cfg, err := env.Check()
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func problems(t *testing.T, env Environment) Problems {
	t.Helper()
	_, err := env.Check()
	var ps Problems
	if !errors.As(err, &ps) {
		t.Fatalf("got error %v, want Problems", err)
	}
	for _, p := range ps {
		if p.Variable == "" || p.What == "" || p.Remedy == "" {
			t.Errorf("incomplete problem %+v", p)
		}
	}
	return ps
}

func TestDefaultsApplyToAbsentAndToEmptyVariables(t *testing.T) {
	t.Parallel()
	blank := enough()
	blank.DigestChannel, blank.ReminderEvery, blank.ReactEnabled, blank.LogLevel = "", "  ", "", "\t"
	for name, env := range map[string]Environment{"absent": enough(), "blank": blank} {
		cfg := check(t, env)
		want := Timers{ReminderFirstAfter: 30 * time.Minute, ReminderEvery: 25 * time.Minute, StaleAfter: 168 * time.Hour,
			StaleEvery: 48 * time.Hour, CommanderPromptAfter: 10 * time.Minute, SchedulerTick: 15 * time.Second}
		if cfg.Timers != want {
			t.Errorf("%s: timers %+v, want %+v", name, cfg.Timers, want)
		}
		if cfg.Digest.String() != "#incidents" || cfg.ChannelPrefix != "inc" || cfg.React != (React{Emoji: "rotating_light"}) {
			t.Errorf("%s: digest %v, prefix %q, react %+v", name, cfg.Digest, cfg.ChannelPrefix, cfg.React)
		}
		if cfg.Log != (Log{Level: "info"}) || cfg.Confluence.Enabled || cfg.Console != (Console{}) || cfg.Slack.APIURL != "" {
			t.Errorf("%s: log %+v, confluence %+v, console %+v, slack %+v", name, cfg.Log, cfg.Confluence, cfg.Console, cfg.Slack)
		}
		if !cfg.Database.URL.IsZero() {
			t.Errorf("%s: a database address from nowhere", name)
		}
	}
}

func TestValuesArriveInTheFormThatTheProgramUses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := enough()
	env.SlackWorkspaceID, env.SlackAPIURL = "FooBar", "http://127.0.0.1:4000/api"
	env.DigestChannel, env.ReactEmoji, env.ReactEnabled = "#ops-incidents", ":fire:", "TRUE"
	env.GroupEnabled, env.GroupName = "1", "@oncall"
	env.AdminUsers = "U0123ABC, W9876XYZ,"
	env.AutoCreateRCA, env.ConfluenceURL = "true", "https://example.atlassian.net/"
	env.ConfluenceUsername, env.ConfluenceToken, env.ConfluenceSpace, env.ConfluenceParentPage = "a@example.org", "tok", "OPS", "123"
	env.TemplatesDir, env.PGBinDir, env.DatabaseURL = dir, dir, "postgres://u:p%2F@db/x?sslmode=disable"
	env.ConsoleAddr, env.ConsoleURL, env.HealthAddr = ":8080", "https://muster.example.org/", "127.0.0.1:0"
	env.LogLevel, env.LogFormat = "DEBUG", "JSON"
	cfg := check(t, env)
	for what, pair := range map[string][2]any{
		"workspace":  {cfg.Slack.WorkspaceID, "foobar"},
		"api":        {cfg.Slack.APIURL, "http://127.0.0.1:4000/api/"},
		"app token":  {cfg.Slack.AppToken.Reveal(), appSecret},
		"digest":     {cfg.Digest, Channel{Name: "ops-incidents"}},
		"react":      {cfg.React, React{Enabled: true, Emoji: "fire"}},
		"group":      {cfg.GroupInvite, GroupInvite{Enabled: true, Name: "oncall"}},
		"admins":     {strings.Join(cfg.AdminUsers, " "), "U0123ABC W9876XYZ"},
		"confluence": {cfg.Confluence.URL, "https://example.atlassian.net/wiki"},
		"token":      {cfg.Confluence.Token.Reveal(), "tok"},
		"database":   {cfg.Database.URL.Reveal(), env.DatabaseURL},
		"console":    {cfg.Console, Console{Addr: ":8080", URL: "https://muster.example.org"}},
		"health":     {cfg.HealthAddr, "127.0.0.1:0"},
		"log":        {cfg.Log, Log{Level: "debug", Format: "json"}},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: got %v, want %v", what, pair[0], pair[1])
		}
	}
}

func TestConfluenceAddressEndsInWikiWhateverWasPasted(t *testing.T) {
	t.Parallel()
	for pasted, want := range map[string]string{
		"https://x.atlassian.net":                          "https://x.atlassian.net/wiki",
		"https://x.atlassian.net/wiki/":                    "https://x.atlassian.net/wiki",
		"https://x.atlassian.net/wiki/api/v2":              "https://x.atlassian.net/wiki",
		"https://x.atlassian.net/wiki/spaces/OPS/overview": "https://x.atlassian.net/wiki",
		"https://api.atlassian.com/ex/confluence/abc-1":    "https://api.atlassian.com/ex/confluence/abc-1/wiki",
		"http://localhost:9000":                            "http://localhost:9000/wiki",
	} {
		c := &checker{env: Environment{ConfluenceURL: pasted}}
		if got := c.confluenceURL(); got != want || c.problems != nil {
			t.Errorf("%s: got %s (%v), want %s", pasted, got, c.problems, want)
		}
	}
}

func TestEachBadValueIsReported(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "nothing")
	for _, tc := range []struct {
		variable string
		change   func(*Environment)
		word     string // a word that the operator needs to see
	}{
		{"SLACK_APP_TOKEN", func(e *Environment) { e.SlackAppToken = " " }, "connections:write"},
		{"SLACK_BOT_TOKEN", func(e *Environment) { e.SlackBotToken = "" }, "OAuth"},
		{"SLACK_BOT_TOKEN", func(e *Environment) { e.SlackBotToken = "xoxp-1-2" }, "user token"},
		{"SLACK_BOT_TOKEN", func(e *Environment) { e.SlackBotToken = "hunter2" }, "xoxb-"},
		{"SLACK_BOT_TOKEN", func(e *Environment) { e.SlackBotToken = `"xoxb-1-2"` }, "quotation marks"},
		{"SLACK_BOT_TOKEN", func(e *Environment) { e.SlackBotToken = "xoxb-1 -2" }, "spaces"},
		{"SLACK_APP_TOKEN", func(e *Environment) { e.SlackAppToken = "xapp-…" }, "whole token"},
		{"SLACK_APP_TOKEN", func(e *Environment) { e.SlackAppToken = botSecret }, "bot token"},
		{"SLACK_APP_TOKEN", func(e *Environment) { e.SlackAppToken, e.SlackBotToken = botSecret, appSecret }, "swapped"},
		{"SLACK_APP_TOKEN", func(e *Environment) { e.SlackAppTokenFile = missing }, "only one"},
		{"SLACK_APP_TOKEN_FILE", func(e *Environment) { e.SlackAppToken, e.SlackAppTokenFile = "", missing }, "not exist"},
		{"SLACK_WORKSPACE_ID", func(e *Environment) { e.SlackWorkspaceID = "foobar.slack.com" }, "foobar of"},
		{"SLACK_WORKSPACE_ID", func(e *Environment) { e.SlackWorkspaceID = "T0123ABCD" }, "foobar of"},
		{"SLACK_API_URL", func(e *Environment) { e.SlackAPIURL = "http://slack.example.org/api/" }, "https"},
		{"INCIDENTS_DIGEST_CHANNEL", func(e *Environment) { e.DigestChannel = "Incidents" }, "lower case"},
		{"INCIDENTS_DIGEST_CHANNEL", func(e *Environment) { e.DigestChannel = "#" }, "lower case"},
		{"INCIDENTS_DIGEST_CHANNEL", func(e *Environment) { e.DigestChannel = strings.Repeat("i", 81) }, "lower case"},
		{"INCIDENT_CHANNEL_PREFIX", func(e *Environment) { e.ChannelPrefix = "Inc" }, "lower-case"},
		{"INCIDENT_CHANNEL_PREFIX", func(e *Environment) { e.ChannelPrefix = "inc-" }, "letter or digit"},
		{"INCIDENT_CHANNEL_PREFIX", func(e *Environment) { e.ChannelPrefix = strings.Repeat("a", 31) }, "30"},
		{"INCIDENT_AUTO_CREATE_FROM_REACT_ENABLED", func(e *Environment) { e.ReactEnabled = "yes" }, "true or false"},
		{"INCIDENT_AUTO_CREATE_FROM_REACT_EMOJI_NAME", func(e *Environment) { e.ReactEmoji = "🚨" }, "rotating_light"},
		{"INCIDENT_AUTO_GROUP_INVITE_GROUP_NAME", func(e *Environment) { e.GroupEnabled = "true" }, "handle"},
		{"ADMIN_USERS", func(e *Environment) { e.AdminUsers = "U0123ABC,@ana" }, "member ID"},
		{"REMINDER_EVERY", func(e *Environment) { e.ReminderEvery = "25" }, "30m"},
		{"STALE_AFTER", func(e *Environment) { e.StaleAfter = "7d" }, "168h"},
		{"SCHEDULER_TICK", func(e *Environment) { e.SchedulerTick = "0s" }, "above zero"},
		{"COMMANDER_PROMPT_AFTER", func(e *Environment) { e.CommanderPromptAfter = "-5m" }, "above zero"},
		{"AUTO_CREATE_RCA", func(e *Environment) { e.AutoCreateRCA = "ja" }, "true or false"},
		{"DATABASE_URL", func(e *Environment) { e.DatabaseURL = "mysql://a:b@c/d" }, "postgres://"},
		{"DATABASE_URL", func(e *Environment) { e.DatabaseURL = "postgres://a:b/c@d:x/e" }, "%2F"},
		{"DATABASE_URL", func(e *Environment) { e.DatabaseURL = "db.example.org" }, "key=value"},
		{"DATABASE_URL", func(e *Environment) { e.DatabaseURL = `"postgres://a/b"` }, "quotation marks"},
		{"PG_BINDIR", func(e *Environment) { e.PGBinDir = missing }, "existing folder"},
		{"TEMPLATES_DIR", func(e *Environment) { e.TemplatesDir = missing }, "existing folder"},
		{"CONSOLE_ADDR", func(e *Environment) { e.ConsoleAddr = "8080" }, "127.0.0.1:8080"},
		{"CONSOLE_URL", func(e *Environment) { e.ConsoleAddr = "0.0.0.0:8080" }, "people type"},
		{"CONSOLE_URL", func(e *Environment) { e.ConsoleAddr, e.ConsoleURL = ":1", "muster.example.org" }, "whole address"},
		{"CONSOLE_URL", func(e *Environment) { e.ConsoleAddr, e.ConsoleURL = ":1", "https://example.org/muster" }, "host name of its own: https://example.org"},
		{"HEALTH_ADDR", func(e *Environment) { e.HealthAddr = "localhost:99999" }, "listen"},
		{"LOG_LEVEL", func(e *Environment) { e.LogLevel = "verbose" }, "trace"},
		{"LOG_FORMAT", func(e *Environment) { e.LogFormat = "xml" }, "json"},
	} {
		env := enough()
		tc.change(&env)
		ps := problems(t, env)
		if len(ps) != 1 || ps[0].Variable != tc.variable || !strings.Contains(ps[0].String(), tc.word) {
			t.Errorf("want one problem of %s with %q, got %v", tc.variable, tc.word, ps)
		}
	}
}

func TestEveryProblemIsReportedAtOnceInOrder(t *testing.T) {
	t.Parallel()
	env := Environment{ReminderEvery: "x", AutoCreateRCA: "true", LogLevel: "x", HealthAddr: "x"}
	ps := problems(t, env)
	var got []string
	for _, p := range ps {
		got = append(got, p.Variable)
	}
	want := []string{"SLACK_APP_TOKEN", "SLACK_BOT_TOKEN", "REMINDER_EVERY", "CONFLUENCE_API_URL", "CONFLUENCE_API_USERNAME",
		"CONFLUENCE_API_TOKEN", "CONFLUENCE_SPACE", "CONFLUENCE_PARENT_PAGE", "HEALTH_ADDR", "LOG_LEVEL"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if text := ps.Error(); !strings.HasPrefix(text, "the configuration has 10 problems:\n  SLACK_APP_TOKEN: it is not set; generate") {
		t.Errorf("error reads\n%s", text)
	}
}

// writer writes files to a folder, and gives their paths.
func writer(t *testing.T, dir string) func(name, content string) string {
	return func(name, content string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
}

func TestTokenFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := writer(t, dir)
	cfg := check(t, Environment{SlackAppTokenFile: write("app", appSecret+"\r\n"), SlackBotTokenFile: write("bot", botSecret+"\n")})
	if cfg.Slack.AppToken.Reveal() != appSecret || cfg.Slack.BotToken.Reveal() != botSecret {
		t.Errorf("tokens are not what the files hold")
	}
	ps := problems(t, Environment{SlackAppTokenFile: write("empty", "\n"), SlackBotTokenFile: dir})
	if len(ps) != 2 || ps[0].Variable != "SLACK_APP_TOKEN_FILE" || ps[1].Variable != "SLACK_BOT_TOKEN_FILE" {
		t.Errorf("got %v", ps)
	}
}

func TestOtherSecretsComeFromFilesToo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := writer(t, dir)
	env := enough()
	env.AutoCreateRCA, env.ConfluenceURL, env.ConfluenceUsername = "true", "https://example.atlassian.net", "a@example.org"
	env.ConfluenceSpace, env.ConfluenceParentPage = "OPS", "123"
	env.ConfluenceTokenFile, env.DatabaseURLFile = write("wiki", "tok\n"), write("database", "postgres://a:b@c/d\n")
	if cfg := check(t, env); cfg.Confluence.Token.Reveal() != "tok" || cfg.Database.URL.Reveal() != "postgres://a:b@c/d" {
		t.Error("the secrets are not what the files hold")
	}
	env.ConfluenceTokenFile, env.DatabaseURLFile = filepath.Join(dir, "nothing"), write("wrong", "mysql://a:hunter2@c/d")
	ps := problems(t, env)
	if len(ps) != 2 || ps[0].Variable != "CONFLUENCE_API_TOKEN_FILE" || ps[1].Variable != "DATABASE_URL_FILE" || strings.Contains(ps.Error(), "hunter2") {
		t.Errorf("got %v", ps)
	}
}

func TestCommandsThatUseTheDatabaseAloneNeedNoTokens(t *testing.T) {
	t.Parallel()
	cfg, err := Environment{DatabaseURL: "host=/tmp dbname='a b' user=x"}.CheckDatabase()
	if err != nil || cfg.Database.URL.Reveal() == "" || cfg.Log.Level != "info" {
		t.Errorf("got %+v, %v", cfg, err)
	}
}

func TestConsoleAddressWithoutAConsoleIsAWarning(t *testing.T) {
	t.Parallel()
	env := enough()
	env.ConsoleURL = "http://muster.example.org"
	if w := check(t, env).Warnings; len(w) != 1 || w[0].Variable != "CONSOLE_URL" {
		t.Errorf("got warnings %v", w)
	}
	env.ConsoleAddr = ":8080"
	if w := check(t, env).Warnings; len(w) != 1 || !strings.Contains(w[0].What, "read the network") {
		t.Errorf("got warnings %v", w)
	}
	env.ConsoleURL = "http://localhost:8080"
	if w := check(t, env).Warnings; len(w) != 0 {
		t.Errorf("got warnings %v", w)
	}
}
