package console

import (
	"cmp"
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // readers' zones, on machines without their names

	"muster/incident"
	"muster/report"
)

const (
	perPage = 50
	// perRead is how many incidents of an export are read at once.
	perRead = 500
)

// filterForm is a filter as it stands in an address.
type filterForm struct {
	// Show is "open", "all", or a status.
	Show, Severity, Words, From, Until, Zone string
	Mine                                     bool
	After, Before                            int64
}

func readFilter(q url.Values) filterForm {
	f := filterForm{
		Show: q.Get("show"), Severity: q.Get("severity"), Words: strings.TrimSpace(q.Get("words")),
		From: q.Get("from"), Until: q.Get("until"), Zone: q.Get("zone"), Mine: q.Get("mine") != "",
	}
	if f.Show == "" {
		f.Show = "open"
	}
	f.After, _ = strconv.ParseInt(q.Get("after"), 10, 64)
	f.Before, _ = strconv.ParseInt(q.Get("before"), 10, 64)
	return f
}

// filter is what the form asks for. What makes no sense asks for nothing.
func (f filterForm) filter(viewer string, limit int) incident.Filter {
	out := incident.Filter{Viewer: viewer, Words: f.Words, Open: f.Show == "open", Mine: f.Mine, After: max(0, f.After), Before: max(0, f.Before), Limit: limit}
	for _, s := range incident.Statuses() {
		if string(s) == f.Show {
			out.Status = s
		}
	}
	out.Severity, _ = incident.ParseSeverity(f.Severity)
	zone, err := time.LoadLocation(f.Zone)
	if err != nil {
		zone = time.UTC
	}
	out.From, _ = time.ParseInLocation(time.DateOnly, f.From, zone)
	if last, err := time.ParseInLocation(time.DateOnly, f.Until, zone); err == nil {
		out.Until = last.AddDate(0, 0, 1)
	}
	return out
}

// query is the form as an address carries it, without what is empty.
func (f filterForm) query() url.Values {
	q := url.Values{}
	for name, value := range map[string]string{
		"show": f.Show, "severity": f.Severity, "words": f.Words, "from": f.From, "until": f.Until, "zone": f.Zone,
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Mine {
		q.Set("mine", "1")
	}
	return q
}

type listBody struct {
	Filter   filterForm
	Statuses []incident.Status
	Levels   []incident.SeverityDefinition
	Rows     []listRow
	// Older is the address of the next page, Newer that of the one before, Newest
	// that of the first, and CSV that of the export; all but the last may be empty.
	Older, Newer, Newest, CSV string
}

type listRow struct {
	incident.Listed
	Badge     incident.SeverityDefinition
	Commander string
	Lasted    time.Duration
}

func (c *Console) showList(w http.ResponseWriter, r *http.Request, me person) error {
	form := readFilter(r.URL.Query())
	shelf, err := c.Reader.Browse(r.Context(), form.filter(me.ID, perPage))
	if err == nil && form.Before > 0 && !shelf.More {
		// It is the first page, which is to be full.
		form.Before = 0
		shelf, err = c.Reader.Browse(r.Context(), form.filter(me.ID, perPage))
	}
	if err != nil {
		return err
	}
	definitions, err := c.Reader.Definitions(r.Context())
	if err != nil {
		return err
	}
	body := listBody{Filter: form, Statuses: incident.Statuses(), CSV: "/incidents.csv?" + form.query().Encode()}
	for _, level := range incident.Severities() {
		body.Levels = append(body.Levels, definitions.Severity(level))
	}
	body.Rows = c.rows(r.Context(), shelf.List)
	for n := range body.Rows {
		body.Rows[n].Badge = definitions.Severity(body.Rows[n].Severity)
	}
	beside := func(name string, i incident.Listed) string {
		q := form.query()
		q.Set(name, strconv.FormatInt(i.Number, 10))
		return "/?" + q.Encode()
	}
	if form.After+form.Before > 0 {
		body.Newest = "/?" + form.query().Encode()
	}
	if n := len(shelf.List); n > 0 {
		if body.Newest != "" {
			body.Newer = beside("before", shelf.List[0])
		}
		if shelf.More || form.Before > 0 {
			body.Older = beside("after", shelf.List[n-1])
		}
	}
	c.render(w, r, http.StatusOK, "list", frame{Title: "Incidents", Me: me, Here: "incidents", Body: body})
	return nil
}

func (c *Console) rows(ctx context.Context, list []incident.Listed) []listRow {
	var ids []string
	for _, i := range list {
		ids = append(ids, i.Commander)
	}
	name := report.Namer(c.People.Names(ctx, ids...))
	rows, now := make([]listRow, len(list)), c.Now()
	for n, i := range list {
		rows[n].Listed = i
		if i.Commander != "" {
			rows[n].Commander = name(i.Commander)
		}
		rows[n].Lasted = max(0, cmp.Or(i.ResolvedAt, now).Sub(i.DeclaredAt))
	}
	return rows
}

// exportList writes all that the filter chooses as CSV, a part at a time, so that
// a hundred thousand incidents take no more memory than one page.
func (c *Console) exportList(w http.ResponseWriter, r *http.Request, me person) error {
	form := readFilter(r.URL.Query())
	form.After, form.Before = 0, 0
	filter := form.filter(me.ID, perRead)
	shelf, err := c.Reader.Browse(r.Context(), filter)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="incidents.csv"`)
	out := csv.NewWriter(w)
	_ = out.Write([]string{"incident", "title", "severity", "status", "declared", "ended", "minutes", "commander", "test", "severity_name"})
	for {
		for _, row := range c.rows(r.Context(), shelf.List) {
			_ = out.Write(row.record())
		}
		out.Flush()
		if !shelf.More || out.Error() != nil {
			return nil
		}
		filter.After = shelf.List[len(shelf.List)-1].Number
		if shelf, err = c.Reader.Browse(r.Context(), filter); err != nil {
			c.Log.Error().Err(err).Msg("an export ended early")
			// What was sent can't be taken back: the connection breaks, so that
			// nobody takes it for all.
			panic(http.ErrAbortHandler)
		}
	}
}

func (r listRow) record() []string {
	ended, minutes := "", ""
	if !r.ResolvedAt.IsZero() {
		ended, minutes = r.ResolvedAt.UTC().Format(time.RFC3339), strconv.Itoa(int(r.Lasted/time.Minute))
	}
	return []string{
		incident.Ref(r.Number), report.Cell(r.Title), r.Severity.String(), string(r.Status),
		r.DeclaredAt.UTC().Format(time.RFC3339), ended, minutes, report.Cell(r.Commander), strconv.FormatBool(r.Test), report.Cell(r.SeverityName),
	}
}
