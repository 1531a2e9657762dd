package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"time"

	"muster/config"
	"muster/incident"
	"muster/people"
	papers "muster/report"
)

// exportOrder is what to export.
type exportOrder struct {
	since   time.Time
	format  papers.Format
	private bool
	// file is where to, or empty for standard output.
	file string
}

// exportCommand writes incidents down through the database alone, one at a time.
// People have the names that are known there: Slack is not asked.
func exportCommand(ctx context.Context, args []string, out, errs io.Writer) int {
	order, err := parseExport(args)
	if err != nil {
		return misused(errs, "export", err)
	}
	cfg, err := config.LoadDatabase()
	if err != nil {
		return report(errs, err)
	}
	return report(errs, export(ctx, cfg, order, out))
}

func parseExport(args []string) (exportOrder, error) {
	flags := flag.NewFlagSet("export", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	since := flags.String("since", "", "")
	format := flags.String("format", string(papers.FormatCSV), "")
	order := exportOrder{}
	flags.BoolVar(&order.private, "private", false, "")
	flags.StringVar(&order.file, "o", "", "")
	if err := flags.Parse(args); err != nil {
		return order, err
	}
	if flags.NArg() > 0 {
		return order, fmt.Errorf("export takes no %q", flags.Arg(0))
	}
	if order.format = papers.Format(*format); !slices.Contains(papers.Formats(), order.format) {
		return order, fmt.Errorf("-format is one of csv, json, md, not %q", *format)
	}
	if *since != "" {
		var err error
		if order.since, err = time.Parse(time.DateOnly, *since); err != nil {
			return order, fmt.Errorf("-since is a day such as 2026-01-31, not %q", *since)
		}
	}
	return order, nil
}

func export(ctx context.Context, cfg config.Config, order exportOrder, out io.Writer) (err error) {
	db, done, err := terminalStore(ctx, cfg)
	if err != nil {
		return err
	}
	defer done()
	definitions, err := db.Definitions(ctx)
	if err != nil {
		return err
	}
	if order.file != "" {
		// What is private stays with who asked for it.
		file, err := os.OpenFile(order.file, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, file.Close()) }()
		out = file
	}
	to := bufio.NewWriter(out)
	list := papers.NewWriter(to, order.format)
	known := &people.Names{Store: db, Now: time.Now}
	err = db.Export(ctx, order.since, order.private, func(i *incident.Incident, timeline []incident.Entry) error {
		names, err := known.Of(ctx, papers.People(i, timeline)...)
		if err != nil {
			return err
		}
		return list.Add(i, definitions, timeline, papers.Namer(names))
	})
	if err != nil {
		return err
	}
	return errors.Join(list.Close(), to.Flush())
}
