package config

import (
	"fmt"
	"os"
	"reflect"
	"strings"

	"github.com/kelseyhightower/envconfig"
)

// Environment is every variable as it was set, before any check. Tests and the demo fill it by
// hand and call Check, so that no two of them share the process's environment.
type Environment struct {
	SlackAppToken     string `envconfig:"SLACK_APP_TOKEN"`
	SlackAppTokenFile string `envconfig:"SLACK_APP_TOKEN_FILE"`
	SlackBotToken     string `envconfig:"SLACK_BOT_TOKEN"`
	SlackBotTokenFile string `envconfig:"SLACK_BOT_TOKEN_FILE"`
	SlackWorkspaceID  string `envconfig:"SLACK_WORKSPACE_ID"`
	SlackAPIURL       string `envconfig:"SLACK_API_URL"`

	DigestChannel string `envconfig:"INCIDENTS_DIGEST_CHANNEL" default:"incidents"`
	ChannelPrefix string `envconfig:"INCIDENT_CHANNEL_PREFIX" default:"inc"`
	ReactEnabled  string `envconfig:"INCIDENT_AUTO_CREATE_FROM_REACT_ENABLED" default:"false"`
	ReactEmoji    string `envconfig:"INCIDENT_AUTO_CREATE_FROM_REACT_EMOJI_NAME" default:"rotating_light"`
	GroupEnabled  string `envconfig:"INCIDENT_AUTO_GROUP_INVITE_ENABLED" default:"false"`
	GroupName     string `envconfig:"INCIDENT_AUTO_GROUP_INVITE_GROUP_NAME"`
	AdminUsers    string `envconfig:"ADMIN_USERS"`

	ReminderFirstAfter   string `envconfig:"REMINDER_FIRST_AFTER" default:"30m"`
	ReminderEvery        string `envconfig:"REMINDER_EVERY" default:"25m"`
	StaleAfter           string `envconfig:"STALE_AFTER" default:"168h"`
	StaleEvery           string `envconfig:"STALE_EVERY" default:"48h"`
	CommanderPromptAfter string `envconfig:"COMMANDER_PROMPT_AFTER" default:"10m"`
	SchedulerTick        string `envconfig:"SCHEDULER_TICK" default:"15s"`

	AutoCreateRCA          string `envconfig:"AUTO_CREATE_RCA" default:"false"`
	ConfluenceURL          string `envconfig:"CONFLUENCE_API_URL"`
	ConfluenceUsername     string `envconfig:"CONFLUENCE_API_USERNAME"`
	ConfluenceToken        string `envconfig:"CONFLUENCE_API_TOKEN"`
	ConfluenceTokenFile    string `envconfig:"CONFLUENCE_API_TOKEN_FILE"`
	ConfluenceSpace        string `envconfig:"CONFLUENCE_SPACE"`
	ConfluenceParentPage   string `envconfig:"CONFLUENCE_PARENT_PAGE"`
	ConfluencePrivateSpace string `envconfig:"CONFLUENCE_PRIVATE_SPACE"`

	DatabaseURL     string `envconfig:"DATABASE_URL"`
	DatabaseURLFile string `envconfig:"DATABASE_URL_FILE"`
	PGBinDir        string `envconfig:"PG_BINDIR"`
	DataDir         string `envconfig:"DATA_DIR"`
	TemplatesDir    string `envconfig:"TEMPLATES_DIR"`

	ConsoleAddr string `envconfig:"CONSOLE_ADDR"`
	ConsoleURL  string `envconfig:"CONSOLE_URL"`
	HealthAddr  string `envconfig:"HEALTH_ADDR"`
	LogLevel    string `envconfig:"LOG_LEVEL" default:"info"`
	LogFormat   string `envconfig:"LOG_FORMAT"`
}

// Load reads and checks the process's environment. The error, if any, is a [Problems]; names
// that look like a misspelt variable are in it too, or in Config.Warnings when all is well.
func Load() (Config, error) {
	env, err := read()
	if err != nil {
		return Config{}, err
	}
	cfg, err := env.Check()
	suspects := misspelled(names(os.Environ()))
	if problems, bad := err.(Problems); bad {
		return Config{}, append(problems, suspects...)
	}
	cfg.Warnings = append(cfg.Warnings, suspects...)
	return cfg, err
}

// LoadDatabase reads and checks only what a command needs that works through the database
// and never talks to Slack, such as declaring from a terminal. The other fields are zero.
func LoadDatabase() (Config, error) {
	env, err := read()
	if err != nil {
		return Config{}, err
	}
	return env.CheckDatabase()
}

// LoadHealth reads and checks the address of the health listener alone; empty if it is off.
func LoadHealth() (string, error) {
	env, err := read()
	if err != nil {
		return "", err
	}
	c := &checker{env: env.withDefaults()}
	addr := c.listenAddr("HEALTH_ADDR", c.env.HealthAddr)
	if len(c.problems) > 0 {
		return "", c.problems
	}
	return addr, nil
}

// read fills an Environment from the process. Its fields are all texts, so envconfig can
// fail on nothing that an operator sets.
func read() (Environment, error) {
	var env Environment
	if err := envconfig.Process("", &env); err != nil {
		return Environment{}, fmt.Errorf("read the environment: %w", err)
	}
	return env, nil
}

// withDefaults trims every value and puts the default where nothing is left. envconfig alone
// applies defaults only to variables that are absent, not to empty ones.
func (e Environment) withDefaults() Environment {
	v := reflect.ValueOf(&e).Elem()
	for i := range v.NumField() {
		value := strings.TrimSpace(v.Field(i).String())
		if value == "" {
			value = v.Type().Field(i).Tag.Get("default")
		}
		v.Field(i).SetString(value)
	}
	return e
}

// names keeps the variables of "NAME=value" pairs that have a value.
func names(environ []string) []string {
	var set []string
	for _, pair := range environ {
		if name, value, _ := strings.Cut(pair, "="); strings.TrimSpace(value) != "" {
			set = append(set, name)
		}
	}
	return set
}
