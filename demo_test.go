package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"muster/config"
	"muster/sandbox/golden"
)

// measured are what differs from run to run: how long things took.
var measured = regexp.MustCompile(`\b\d+(\.\d)? m?s\b`)

// wikiAddress is where the demo's Confluence listens.
var wikiAddress = regexp.MustCompile(`127\.0\.0\.1:\d+`)

// brief is what somebody who joins a room is told there. It may come before or
// after what they do next.
const brief = `    │ muster \(only \w+ sees this\)\n    │   You have come to .*\n(?:    │ .*\n)*?    │   \[ Timeline \].*\n`

// briefs are those that are all that is new in a channel, then any.
var briefs = []*regexp.Regexp{regexp.MustCompile(`    #\S+\n` + brief + `\n`), regexp.MustCompile(brief)}

// anyRun leaves out what differs from run to run.
func anyRun(out string) string {
	for _, b := range briefs {
		out = b.ReplaceAllString(out, "")
	}
	return measured.ReplaceAllString(wikiAddress.ReplaceAllString(out, "<wiki>"), "<time>")
}

// day is one in a form and as people read it.
var day = regexp.MustCompile(`\b(\d{4}-\d\d-\d\d|\d{1,2} [A-Z][a-z]{2} \d{4})\b`)

// emojiName is an emoji that the terminal does not draw; only a person types one.
var emojiName = regexp.MustCompile(`:[a-z][a-z_0-9]+:`)

// clockTime is a time of day.
var clockTime = regexp.MustCompile(`\b\d\d:\d\d\b`)

func TestDemoPlaysToItsEnd(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	if code := demoCommand(t.Context(), []string{"-play"}, strings.NewReader(""), &out, &errs); code != 0 || errs.Len() > 0 {
		t.Fatalf("exit code %d\n%s\n%s", code, errs.String(), out.String())
	}
	for line := range strings.Lines(out.String()) {
		if n := columns(strings.TrimRight(line, "\n")); n > pageWidth {
			t.Errorf("%d columns: %s", n, line)
		}
	}
	if names := emojiName.FindAllString(out.String(), -1); len(names) != 1 {
		t.Errorf("emoji are shown by their names: %q", names)
	}
	golden.Check(t, "demo-play", day.ReplaceAllString(anyRun(out.String()), "<a week later>"))
}

func TestDemoTellsTheCadence(t *testing.T) {
	t.Parallel()
	var out, errs bytes.Buffer
	if code := demoCommand(t.Context(), []string{"-play", "cadence"}, strings.NewReader(""), &out, &errs); code != 0 || errs.Len() > 0 {
		t.Fatalf("exit code %d\n%s\n%s", code, errs.String(), out.String())
	}
	golden.Check(t, "demo-cadence", anyRun(out.String()))
}

// script is typed at the prompt, good lines and bad ones.
const script = `
@ana /incident new checkout is down
in inc-2
click Severity
fill Severity = SEV2
submit
@bo in #incidents
click Join channel
click Claim
@lee in #inc-2-checkout-is-down
click Claim on Technical lead
say the deploy is rolled back
see dm
crash
/incident status monitoring
@bo click Resolve
submit
fill what fixed = rolled back
SUBMIT
@ana shortcut declare an incident
fill Severity = SEV9
fill Colour = red
close
people
channels
@zoe see
foo
click Teapot
fill x
@muster list
in #alerts
react rotating_light on SearchLatency
shortcut declare as incident on SearchLatency
fill nothing = x
close
shortcut Eat cake on SearchLatency
in inc
see #nowhere
/nonsense
/incident list
exit
say this is not read any more
`

func TestDemoPromptObeys(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := demo(t.Context(), show{timers: demoTimers(nobody)}, strings.NewReader(strings.TrimSpace(script)), &out, io.Discard); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	golden.Check(t, "demo-prompt", clockTime.ReplaceAllString(anyRun(out.String()), "<now>"))
}

// With timers of seconds, the whole cadence is to be seen at the prompt.
func TestDemoPromptReminds(t *testing.T) {
	t.Parallel()
	set := map[string]string{"REMINDER_FIRST_AFTER": "2s", "REMINDER_EVERY": "1s", "STALE_AFTER": "3s", "SCHEDULER_TICK": "100ms"}
	typed := "/incident new pay\nin inc-2\n/incident severity sev2\nwait 2s\nsee\nwait 1s\nwait 3s\nwait soon\nquit"
	var out bytes.Buffer
	if err := demo(t.Context(), show{timers: demoTimers(func(name string) string { return set[name] })}, strings.NewReader(typed), &out, io.Discard); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, words := range []string{"readers wait for it", "superseded by a newer one", "Open for too long", "Is it over", `"soon"`} {
		if !strings.Contains(out.String(), words) {
			t.Errorf("it does not show %q:\n%s", words, out.String())
		}
	}
}

func TestAStepThatFailsEndsTheStory(t *testing.T) {
	t.Parallel()
	s, err := openStage(t.Context(), &demoClock{}, config.Environment{}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	tale := &tale{ctx: ctx, screen: newScreen(s, newPainter(&out)), ana: s.people[0]}
	tale.says(tale.ana, "#general", "good morning")
	tale.sees(tale.ana, "#general", "#general", "good night")
	told := out.String()
	tale.say("And they lived happily ever after.")
	if tale.err == nil || out.String() != told {
		t.Errorf("the story goes on after %v:\n%s", tale.err, out.String())
	}
	var errs bytes.Buffer
	if code := report(&errs, tale.err); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	for _, words := range []string{`"good night"`, "good morning"} {
		if !strings.Contains(errs.String(), words) {
			t.Errorf("it does not say %s: %s", words, errs.String())
		}
	}
	interruptAtThePrompt(t, s)
	dir := s.server.Dir()
	if err := s.close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is left behind: %v", dir, err)
	}
}

// interruptAtThePrompt presses ctrl-C while the prompt waits for a line.
func interruptAtThePrompt(t *testing.T, s *stage) {
	t.Helper()
	keyboard, fingers := io.Pipe()
	defer fingers.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	asked := &waitFor{words: "in #general> ", then: cancel}
	if err := prompt(ctx, s, newPainter(asked), keyboard); err != nil {
		t.Errorf("ctrl-C ends the prompt with %v", err)
	}
}

// waitFor is a screen that does something when it shows the words.
type waitFor struct {
	bytes.Buffer
	words string
	then  func()
}

func (w *waitFor) Write(p []byte) (int, error) {
	n, err := w.Buffer.Write(p)
	if strings.Contains(w.String(), w.words) {
		w.then()
	}
	return n, err
}

func TestTheDemoNeedsPostgreSQL(t *testing.T) {
	t.Setenv("PG_BINDIR", t.TempDir())
	var out, errs bytes.Buffer
	if code := demoCommand(t.Context(), []string{"-play"}, nil, &out, &errs); code != exitPostgreSQL {
		t.Errorf("exit code %d", code)
	}
	if !strings.Contains(errs.String(), "PG_BINDIR") || out.Len() > 0 {
		t.Errorf("it says\n%s\n%s", errs.String(), out.String())
	}
}

func TestTheDemoRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"-paly"}, {"play"}, {"-play", "plays"}, {"-play", "cadence", "plays"}} {
		var errs bytes.Buffer
		if code := demoCommand(t.Context(), args, nil, io.Discard, &errs); code != exitSetup || !strings.Contains(errs.String(), "pla") {
			t.Errorf("%v: exit code %d, %s", args, code, errs.String())
		}
	}
}
