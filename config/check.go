package config

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

// checker collects problems while it turns text into values. Its methods give a zero value
// after they noted a problem, so that checking can go on.
type checker struct {
	env      Environment
	problems Problems
	warnings Problems
}

// Check turns the texts into a Config. The error, if any, is a [Problems] with every problem.
func (e Environment) Check() (Config, error) {
	c := &checker{env: e.withDefaults()}
	cfg := Config{
		Slack:         c.slack(),
		Digest:        c.digest(),
		ChannelPrefix: c.prefix(),
		React:         c.react(),
		GroupInvite:   c.groupInvite(),
		AdminUsers:    c.adminUsers(),
		Timers:        c.timers(),
		Confluence:    c.confluence(),
		Database:      c.database(),
		TemplatesDir:  c.folder("TEMPLATES_DIR", c.env.TemplatesDir),
		Console:       c.console(),
		HealthAddr:    c.listenAddr("HEALTH_ADDR", c.env.HealthAddr),
		Log:           c.log(),
	}
	return c.result(cfg)
}

// CheckDatabase is Check for commands that use only Database and Log.
func (e Environment) CheckDatabase() (Config, error) {
	c := &checker{env: e.withDefaults()}
	return c.result(Config{Database: c.database(), Log: c.log()})
}

func (c *checker) result(cfg Config) (Config, error) {
	if len(c.problems) > 0 {
		return Config{}, c.problems
	}
	cfg.Warnings = c.warnings
	return cfg, nil
}

func (c *checker) problem(variable, what, remedy string) {
	c.problems = append(c.problems, Problem{Variable: variable, What: what, Remedy: remedy})
}

func (c *checker) timers() Timers {
	return Timers{
		ReminderFirstAfter:   c.duration("REMINDER_FIRST_AFTER", c.env.ReminderFirstAfter),
		ReminderEvery:        c.duration("REMINDER_EVERY", c.env.ReminderEvery),
		StaleAfter:           c.duration("STALE_AFTER", c.env.StaleAfter),
		StaleEvery:           c.duration("STALE_EVERY", c.env.StaleEvery),
		CommanderPromptAfter: c.duration("COMMANDER_PROMPT_AFTER", c.env.CommanderPromptAfter),
		SchedulerTick:        c.duration("SCHEDULER_TICK", c.env.SchedulerTick),
	}
}

func (c *checker) duration(variable, value string) time.Duration {
	d, err := time.ParseDuration(value)
	switch {
	case err != nil:
		c.problem(variable, shown(value)+" is not a duration",
			"write numbers with the units h, m or s, such as 30m or 1h30m (a week is 168h)")
		return 0
	case d <= 0:
		c.problem(variable, shown(value)+" is not a positive duration",
			"write a duration above zero, such as 30m")
		return 0
	}
	return d
}

func (c *checker) boolean(variable, value string) bool {
	b, err := strconv.ParseBool(value)
	if err != nil {
		c.problem(variable, shown(value)+" is neither true nor false", "write true or false")
	}
	return b
}

// folder accepts a folder that exists, or nothing.
func (c *checker) folder(variable, path string) string {
	if path == "" {
		return ""
	}
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		c.problem(variable, shown(path)+" is not a folder that can be read",
			"name an existing folder, or leave the variable out")
	}
	return path
}

func (c *checker) log() Log {
	// The names that zerolog knows.
	levels := []string{"trace", "debug", "info", "warn", "error", "fatal", "panic", "disabled"}
	l := Log{Level: strings.ToLower(c.env.LogLevel), Format: strings.ToLower(c.env.LogFormat)}
	if !slices.Contains(levels, l.Level) {
		c.problem("LOG_LEVEL", shown(c.env.LogLevel)+" is not a level",
			fmt.Sprintf("write one of %s", strings.Join(levels, ", ")))
	}
	if !slices.Contains([]string{"", "json", "console"}, l.Format) {
		c.problem("LOG_FORMAT", shown(c.env.LogFormat)+" is not a format",
			"write json or console, or leave the variable out to choose by the terminal")
	}
	return l
}
