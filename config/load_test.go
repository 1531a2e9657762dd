package config

import (
	"strings"
	"testing"
)

// clear removes what the machine may have set, for the length of a test.
func clear(t *testing.T) {
	t.Helper()
	for _, name := range allNames() {
		t.Setenv(name, "")
	}
}

func TestLoadReadsTheProcessEnvironment(t *testing.T) {
	clear(t)
	t.Setenv("SLACK_APP_TOKEN", appSecret)
	t.Setenv("SLACK_BOT_TOKEN", botSecret+"\n")
	t.Setenv("REMINDER_EVERY", "1h")
	t.Setenv("INCIDENT_DIGEST_CHANNEL", "war-room")
	cfg, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Slack.BotToken.Reveal() != botSecret || cfg.Timers.ReminderEvery.Minutes() != 60 || cfg.Digest.Name != "incidents" {
		t.Errorf("got %+v", cfg)
	}
	if len(cfg.Warnings) != 1 || !strings.Contains(cfg.Warnings[0].String(), "did you mean INCIDENTS_DIGEST_CHANNEL?") {
		t.Errorf("got warnings %v", cfg.Warnings)
	}
}

func TestLoadShowsTheMisspellingBesideWhatIsMissing(t *testing.T) {
	clear(t)
	t.Setenv("SLACK_APP_TOKEN", appSecret)
	t.Setenv("SLACK_BOT_TOKNE", botSecret)
	_, err := Load()
	if err == nil || !strings.Contains(err.Error(), "SLACK_BOT_TOKEN: it is not set") ||
		!strings.Contains(err.Error(), "SLACK_BOT_TOKNE: it is not a variable") || strings.Contains(err.Error(), botSecret) {
		t.Errorf("got %v", err)
	}
}

func TestLoadDatabaseReadsTheProcessEnvironment(t *testing.T) {
	clear(t)
	t.Setenv("DATABASE_URL", "postgres://localhost/muster")
	if cfg, err := LoadDatabase(); err != nil || cfg.Database.URL.Reveal() != "postgres://localhost/muster" {
		t.Errorf("got %+v, %v", cfg, err)
	}
}

func TestNearest(t *testing.T) {
	t.Parallel()
	ours := allNames()
	for name, want := range map[string]string{
		"INCIDENT_DIGEST_CHANNEL":               "INCIDENTS_DIGEST_CHANNEL",
		"INCIDENTS_CHANNEL_PREFIX":              "INCIDENT_CHANNEL_PREFIX",
		"SLACK_APP_TOKENS":                      "SLACK_APP_TOKEN",
		"SLAKC_BOT_TOKEN":                       "SLACK_BOT_TOKEN",
		"DATABASE_URI":                          "DATABASE_URL",
		"CONFLUENCE_API_USER_NAME":              "CONFLUENCE_API_USERNAME",
		"INCIDENT_AUTO_GROUP_INVITE_GROUP_NAMS": "INCIDENT_AUTO_GROUP_INVITE_GROUP_NAME",
		"BETA_DIR":                              "",
		"SLACK_USER_TOKEN":                      "",
		"PATH":                                  "",
		"HOME":                                  "",
		"TEST_DATABASE_URL":                     "",
	} {
		if got := nearest(name, ours); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}
