package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// house says which of our packages each package may import. Listeners never
// import speakers, and only main knows store and config.
var house = map[string][]string{
	"muster":                               {"*"},
	"muster/incident":                      {},
	"muster/incident/incidenttest":         {"incident"},
	"muster/config":                        {},
	"muster/templates":                     {},
	"muster/outage":                        {},
	"muster/slackhttp":                     {},
	"muster/store":                         {"incident"},
	"muster/store/embedded":                {},
	"muster/store/storetest":               {"store/embedded"},
	"muster/block":                         {"incident"},
	"muster/bot":                           {"incident", "block", "report", "outage"},
	"muster/console":                       {"incident", "report"},
	"muster/reconcile":                     {"incident", "outage"},
	"muster/channel":                       {"incident", "reconcile"},
	"muster/room":                          {"incident", "block", "reconcile", "channel"},
	"muster/confluence":                    {},
	"muster/report":                        {"incident"},
	"muster/people":                        {"incident"},
	"muster/rca":                           {"incident", "block", "reconcile", "channel", "confluence", "report"},
	"muster/scheduler":                     {},
	"muster/health":                        {"incident"},
	"muster/deploy":                        {},
	"muster/digest":                        {"incident", "block", "reconcile"},
	"muster/sandbox/blockkit":              {},
	"muster/sandbox/blockkit/blockkittest": {"sandbox/blockkit"},
	"muster/sandbox/browser":               {"sandbox/blockkit", "sandbox/wiki", "sandbox/workspace"},
	"muster/sandbox/golden":                {},
	"muster/sandbox/wiki":                  {},
	"muster/sandbox/workspace":             {"sandbox/blockkit"},
}

// outside says which packages may use what talks to the outside.
var outside = map[string][]string{
	"github.com/jackc/pgx":       {"muster/store", "muster/store/storetest", "muster/store/embedded"},
	"github.com/pressly/goose":   {"muster/store"},
	"github.com/slack-go/slack":  {"muster", "muster/bot", "muster/block", "muster/reconcile", "muster/channel", "muster/room", "muster/rca", "muster/digest", "muster/people"},
	"net/http":                   {"muster", "muster/console", "muster/slackhttp", "muster/reconcile", "muster/room", "muster/confluence", "muster/health", "muster/sandbox/workspace", "muster/sandbox/wiki", "muster/sandbox/browser"},
	"github.com/robfig/cron":     {"muster/scheduler"},
	"gonum.org/v1/plot":          {"muster/report"},
	"github.com/kyokomi/emoji":   {"muster/block"},
	"github.com/kelseyhightower": {"muster/config"},

	// Tests read alert rules with it.
	"github.com/prometheus/prometheus": {},
}

type listed struct {
	ImportPath string
	Imports    []string
}

// Whoever reads an incident without asking who may know of it, tells it to
// everybody.
func TestTheBotReadsIncidentsInOnePlace(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("bot/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if file != "bot/sight.go" && strings.Contains(string(text), "Reader.Incident(") {
			t.Errorf("%s reads an incident itself: use Bot.incident", file)
		}
	}
}

func TestTheHouseIsDividedAsDrawn(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		allowed, known := house[p.ImportPath]
		if !known {
			t.Errorf("%s is not on the map: say in the table what it may import", p.ImportPath)
		}
		for _, path := range p.Imports {
			if ours, ok := strings.CutPrefix(path, "muster/"); ok {
				if !slices.Contains(allowed, "*") && !slices.Contains(allowed, ours) {
					t.Errorf("%s must not import %s", p.ImportPath, path)
				}
				continue
			}
			for prefix, users := range outside {
				if strings.HasPrefix(path, prefix) && !slices.Contains(users, p.ImportPath) {
					t.Errorf("%s must not use %s", p.ImportPath, path)
				}
			}
			if p.ImportPath == "muster/incident" && strings.Contains(path, ".") {
				t.Errorf("incident uses %s: it stays with the standard library", path)
			}
		}
	}
}

// The README's map says of each package what the table above allows it.
func TestTheMapIsTheHouse(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ = bytes.Cut(text, []byte("\n## The map of the house\n"))
	text, _, _ = bytes.Cut(text, []byte("\n## "))
	drawn := map[string][]string{}
	name := regexp.MustCompile("`([^`]+)`")
	for line := range strings.Lines(string(text)) {
		if cells := strings.Split(line, "|"); len(cells) == 5 && name.MatchString(cells[1]) {
			imports := []string{}
			for _, found := range name.FindAllStringSubmatch(cells[3], -1) {
				imports = append(imports, found[1])
			}
			drawn["muster/"+name.FindStringSubmatch(cells[1])[1]] = imports
		}
	}
	for path, allowed := range house {
		switch top, _, below := strings.Cut(strings.TrimPrefix(path, "muster/"), "/"); {
		case path == "muster", path == "muster/deploy":
			// One wires all, the other has tests alone.
		case below && drawn["muster/"+top] == nil:
			t.Errorf("%s is not on the README's map", top)
		case !below && !slices.Equal(drawn[path], allowed):
			t.Errorf("the README's map lets %s import %q, and the house %q", path, drawn[path], allowed)
		}
	}
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []listed
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}
