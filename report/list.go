package report

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"

	"muster/incident"
)

// Format is how many incidents are written down together.
type Format string

// The formats.
const (
	FormatCSV      Format = "csv"
	FormatJSON     Format = "json"
	FormatMarkdown Format = "md"
)

// Formats lists them.
func Formats() []Format { return []Format{FormatCSV, FormatJSON, FormatMarkdown} }

// Writer writes incidents one after the other: a table, an array, or a document
// with a part for each. Nothing of them stays in memory.
type Writer struct {
	out    io.Writer
	format Format
	table  *csv.Writer
	count  int
}

// NewWriter begins to write in a format; Close ends it.
func NewWriter(out io.Writer, format Format) *Writer {
	return &Writer{out: out, format: format, table: csv.NewWriter(out)}
}

// Add writes one incident. name gives a person's name, or their id.
func (w *Writer) Add(i *incident.Incident, d incident.Definitions, timeline []incident.Entry, name func(user string) string) error {
	if err := w.begin(); err != nil {
		return err
	}
	w.count++
	switch w.format {
	case FormatCSV:
		return w.table.Write(RecordOf(i, d, timeline, name).Row())
	case FormatJSON:
		raw, err := RecordOf(i, d, timeline, name).json("")
		if err != nil {
			return err
		}
		return w.print("%s", bytes.TrimSpace(raw))
	default:
		return w.print("%s", Markdown(i, d, timeline, name))
	}
}

// begin writes what stands before an incident.
func (w *Writer) begin() error {
	switch {
	case w.format == FormatCSV && w.count == 0:
		return w.table.Write(Columns())
	case w.format == FormatJSON && w.count == 0:
		return w.print("[\n")
	case w.format == FormatJSON:
		return w.print(",\n")
	case w.format == FormatMarkdown && w.count > 0:
		return w.print("\n---\n\n")
	}
	return nil
}

// Close ends what was written. A table without incidents has its columns all the
// same, and an array is one.
func (w *Writer) Close() error {
	if w.count == 0 {
		if err := w.begin(); err != nil {
			return err
		}
	}
	if w.format == FormatJSON {
		end := "\n]\n"
		if w.count == 0 {
			end = "]\n"
		}
		return w.print("%s", end)
	}
	w.table.Flush()
	return w.table.Error()
}

func (w *Writer) print(format string, args ...any) error {
	_, err := fmt.Fprintf(w.out, format, args...)
	return err
}
