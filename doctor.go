package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"muster/config"
	"muster/templates"
)

// grade says how a check ended.
type grade string

const (
	fine    grade = "ok"
	warning grade = "warn"
	faulty  grade = "FAIL"
	skipped grade = "skip"
)

// finding is what a check found: about what, and in a sentence with the remedy.
type finding struct {
	grade grade
	what  string
	says  string
}

// doctor looks for what is wrong before it shows in an incident. It changes
// nothing anywhere.
type doctor struct {
	cfg config.Config
	now func() time.Time
	// transport carries the calls; nil is the usual one.
	transport http.RoundTripper
}

// doctorLimit bounds all checks together.
const doctorLimit = 40 * time.Second

// doctorCommand checks everything that muster needs, and prints it. The exit code
// is 0 if muster can work, else exitSetup.
func doctorCommand(ctx context.Context, out, errs io.Writer) int {
	cfg, err := config.Load()
	if problems, bad := err.(config.Problems); bad {
		for _, p := range problems {
			printFinding(out, finding{faulty, p.Variable, p.What + ": " + p.Remedy})
		}
		if cfg, err := config.LoadDatabase(); err == nil {
			ctx, cancel := context.WithTimeout(ctx, doctorLimit)
			defer cancel()
			for _, f := range (doctor{cfg: cfg, now: time.Now}).database(ctx) {
				printFinding(out, f)
			}
		}
		fmt.Fprintln(out, "\nMend the configuration first; the checks of Slack, Confluence and templates need it.")
		return exitSetup
	}
	if err != nil {
		return report(errs, err)
	}
	return examine(ctx, doctor{cfg: cfg, now: time.Now}, out)
}

// examine runs the checks side by side, and tells them in order.
func examine(ctx context.Context, d doctor, out io.Writer) int {
	ctx, cancel := context.WithTimeout(ctx, doctorLimit)
	defer cancel()
	checks := []func(context.Context) []finding{d.configuration, d.listeners, d.templates, d.database, d.slack, d.confluence}
	found := make([][]finding, len(checks))
	var all sync.WaitGroup
	for n, check := range checks {
		all.Go(func() { found[n] = check(ctx) })
	}
	all.Wait()
	count := map[grade]int{}
	for _, list := range found {
		for _, f := range list {
			count[f.grade]++
			printFinding(out, f)
		}
	}
	switch {
	case count[faulty] > 0:
		fmt.Fprintf(out, "\nmuster can't work like this: %d to mend, %d to look at.\n", count[faulty], count[warning])
		return exitSetup
	case count[warning] > 0:
		fmt.Fprintf(out, "\nmuster can work; %d to look at.\n", count[warning])
	default:
		fmt.Fprintln(out, "\nAll is well.")
	}
	return 0
}

func printFinding(out io.Writer, f finding) {
	fmt.Fprintf(out, "%-4s  %-16s  %s\n", f.grade, f.what, f.says)
}

func (d doctor) configuration(context.Context) []finding {
	list := []finding{{fine, "configuration", "every variable can be read"}}
	for _, w := range d.cfg.Warnings {
		list = append(list, finding{warning, w.Variable, w.What + ": " + w.Remedy})
	}
	return list
}

func (d doctor) templates(context.Context) []finding {
	if _, err := stockDefinitions(d.cfg.TemplatesDir); err != nil {
		return []finding{{faulty, "TEMPLATES_DIR", strings.TrimPrefix(err.Error(), "TEMPLATES_DIR: ") + ": mend that file, or leave TEMPLATES_DIR out"}}
	}
	if _, _, err := pageTemplate(d.cfg.TemplatesDir); err != nil {
		return []finding{{warning, "TEMPLATES_DIR", fmt.Sprintf("the stock page is used until the own one is mended: %v", err)}}
	}
	if unused, err := templates.Unused(d.cfg.TemplatesDir); err != nil || len(unused) > 0 {
		return []finding{unusedTemplates(unused, err)}
	}
	return []finding{{fine, "templates", "roles, severities and the root-cause page can be read"}}
}

func unusedTemplates(unused []string, err error) finding {
	if err != nil {
		return finding{warning, "TEMPLATES_DIR", fmt.Sprintf("not every folder in it can be read: %v", err)}
	}
	return finding{warning, "TEMPLATES_DIR", fmt.Sprintf("nothing uses %s there: files replace stock ones by their names, such as roles/lead.md or severities/sev1.md", strings.Join(unused, ", "))}
}

// The differences of clocks that are told, and that are too much: due times and
// leases would be felt to be wrong.
const (
	skewTold  = 5 * time.Second
	skewLimit = time.Minute
)

// clock compares this machine's clock with another one, which is right to a
// second and was read not long before.
func (d doctor) clock(what string, other time.Time) finding {
	ahead := d.now().Sub(other).Round(time.Second)
	side := "ahead of"
	if ahead < 0 {
		ahead, side = -ahead, "behind"
	}
	f := finding{fine, what, "agrees with this machine's"}
	if ahead > skewTold {
		f = finding{warning, what, fmt.Sprintf("this machine's clock is %s %s it: let it be set by NTP", ahead, side)}
	}
	if ahead > skewLimit {
		f.grade = faulty
	}
	return f
}
