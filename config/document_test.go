package config

import (
	"os"
	"slices"
	"strings"
	"testing"
)

func TestEveryFieldOfTheEnvironmentIsDocumentedOnce(t *testing.T) {
	t.Parallel()
	documented := allNames()
	byName := defaults()
	for name := range byName {
		if !slices.Contains(documented, name) {
			t.Errorf("%s is read but not documented", name)
		}
	}
	if len(documented) != len(byName) {
		t.Errorf("%d variables are documented, %d are read", len(documented), len(byName))
	}
	for _, s := range sections {
		for _, v := range s.variables {
			if (v.unset == "") != (byName[v.name] != "") {
				t.Errorf("%s: exactly one of a default and a word for its absence is needed", v.name)
			}
		}
	}
}

func TestTableIsMarkdown(t *testing.T) {
	t.Parallel()
	lines := strings.Split(strings.TrimSpace(Table()), "\n")
	if len(lines) != len(allNames())+2 {
		t.Errorf("%d lines for %d variables", len(lines), len(allNames()))
	}
	for _, line := range lines {
		if strings.Count(line, "|") != 4 {
			t.Errorf("not three cells: %s", line)
		}
	}
	if !slices.Contains(lines, "| `REMINDER_EVERY` | further reminders while no update comes | `25m` |") {
		t.Error("REMINDER_EVERY is not as expected")
	}
}

func TestExampleFileIsCurrent(t *testing.T) {
	t.Parallel()
	onDisk, err := os.ReadFile("../.env.example")
	if err != nil {
		t.Fatal(err)
	}
	if string(onDisk) != Example() {
		t.Errorf(".env.example is not what config.Example() gives now:\n%s", Example())
	}
}

// Filling in the two tokens of the example must be enough.
func TestExampleNeedsOnlyTheTokens(t *testing.T) {
	t.Parallel()
	var empty []string
	for line := range strings.Lines(Example()) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			empty = append(empty, line)
		}
	}
	if !slices.Equal(empty, []string{"SLACK_APP_TOKEN=", "SLACK_BOT_TOKEN="}) {
		t.Errorf("got %v", empty)
	}
}
