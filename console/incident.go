package console

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"muster/incident"
	"muster/report"
)

type incidentBody struct {
	*incident.Incident
	Severity incident.SeverityDefinition
	// Room is the address of the incident's channel, or empty.
	Room    string
	Roles   []roleRow
	Trouble []incident.StepState
	Lines   []line
	// Older is whether the timeline goes on.
	Older   bool
	ToDos   []todoLine
	Picture picture
	Forms   []form
	// Problem is what went wrong with an act that has no form here any more.
	Problem    string
	Declarer   string
	ResolvedBy string
	// Updater posted the last update. Overdue is whether the next one is late.
	Updater string
	Overdue bool
	Age     time.Duration
	Retry   form
	// Latest is the id of the newest entry that the page shows.
	Latest int64
}

type roleRow struct {
	Name string
	// Holder is empty if nobody has it.
	Holder string
	Since  time.Time
}

// todoLine is a follow-up with the names of its people, and the key of its
// buttons.
type todoLine struct {
	incident.FollowUp
	Owner, DoneBy, Key string
}

// line is an entry of the timeline.
type line struct {
	At   time.Time
	Who  string
	Kind string
	Text string
	// More are further lines of it.
	More []string
	// Link is the address of the message that it is, or empty.
	Link string
}

// facts are what is read for an incident's page.
type facts struct {
	i        *incident.Incident
	d        incident.Definitions
	timeline []incident.Entry
	room     string
	trouble  []incident.StepState
	names    map[string]string
	// latest is the id of the newest entry, read before all else.
	latest int64
}

func (c *Console) read(ctx context.Context, me person, number int64) (f facts, err error) {
	if f.latest, err = c.Reader.LatestEntry(ctx, number); err != nil {
		return f, err
	}
	group, within := errgroup.WithContext(ctx)
	group.Go(func() (err error) { f.i, err = c.People.See(within, me.ID, number); return err })
	group.Go(func() (err error) { f.d, err = c.Reader.Definitions(within); return err })
	group.Go(func() (err error) { f.timeline, err = c.Reader.Timeline(within, number); return err })
	group.Go(func() (err error) { f.room, err = c.Reader.RoomOf(within, number); return err })
	group.Go(func() (err error) { f.trouble, err = c.Reader.Trouble(within, number); return err })
	if err := group.Wait(); err != nil {
		return f, err
	}
	f.names = c.People.Names(ctx, report.People(f.i, f.timeline)...)
	return f, nil
}

func (f facts) name(id string) string { return report.Namer(f.names)(id) }

func (c *Console) showIncident(w http.ResponseWriter, r *http.Request, me person, number int64) error {
	return c.incidentPage(w, r, me, number, http.StatusOK, func(*incidentBody) {})
}

// incidentPage shows an incident; adjust changes the page before it is written.
func (c *Console) incidentPage(w http.ResponseWriter, r *http.Request, me person, number int64, status int, adjust func(*incidentBody)) error {
	f, err := c.read(r.Context(), me, number)
	if err != nil {
		return err
	}
	i := f.i
	body := incidentBody{
		Incident: i, Severity: f.d.Severity(i.Severity), Trouble: f.trouble, Lines: f.lines(),
		Declarer: f.name(i.Declarer), ResolvedBy: f.name(i.ResolvedBy), Updater: f.name(i.Last.By), Age: i.Lasted(c.Now()),
		Latest: f.latest, Older: len(f.timeline) > linesMost, ToDos: f.todos(), Picture: draw(f, c.Now()), Forms: forms(i, f.d, f.options(me)), Retry: form{Act: actRetry, Key: newKey(), Try: newKey()},
	}
	if due := i.Cadence.Due.Update; !due.IsZero() {
		body.Overdue = due.Before(c.Now())
	}
	if f.room != "" {
		body.Room = c.TeamURL + "archives/" + f.room
	}
	for _, role := range f.d.RolesOf(i) {
		row := roleRow{Name: role.Name}
		if held, ok := i.Holder(role.Key); ok {
			row.Holder, row.Since = f.name(held.User), held.At
		}
		body.Roles = append(body.Roles, row)
	}
	adjust(&body)
	c.render(w, r, status, "incident", frame{Title: i.Ref() + " " + i.Title, Me: me, Here: "incidents", Body: body})
	return nil
}

func (f facts) todos() []todoLine {
	var list []todoLine
	for _, t := range f.i.ToDos() {
		one := todoLine{FollowUp: t, Key: newKey()}
		if t.Owner != "" {
			one.Owner = f.name(t.Owner)
		}
		if t.DoneBy != "" {
			one.DoneBy = f.name(t.DoneBy)
		}
		list = append(list, one)
	}
	return list
}

// news says whether an incident changed since the page was made that asks: 200 if
// it did, 204 if not.
func (c *Console) news(w http.ResponseWriter, r *http.Request, _ person, number int64) error {
	latest, err := c.Reader.LatestEntry(r.Context(), number)
	if err != nil {
		return err
	}
	if strconv.FormatInt(latest, 10) == r.URL.Query().Get("since") {
		w.WriteHeader(http.StatusNoContent)
	}
	return nil
}

// options are the people who may get a role without anybody typing their id.
func (f facts) options(me person) []option {
	list := []option{{me.ID, me.Name}}
	for _, id := range report.People(f.i, f.timeline) {
		if id != me.ID {
			list = append(list, option{id, f.name(id)})
		}
	}
	return list
}

// linesMost bounds how many entries a page shows; the export has all.
const linesMost = 500

// lines are the timeline, the newest first, as far as a page holds it.
func (f facts) lines() []line {
	var list []line
	for _, e := range slices.Backward(f.timeline) {
		if len(list) == linesMost {
			break
		}
		words := report.Words(f.d, e, voice(f.name))
		if len(words) == 0 {
			continue
		}
		l := line{At: e.At, Who: f.name(e.By), Kind: string(e.Kind), Text: words[0], More: words[1:]}
		if e.Detail != nil {
			l.Link = e.Detail.Link
			if e.By == "" && e.Detail.Tool != "" {
				l.Who = e.Detail.Tool
			}
		}
		list = append(list, l)
	}
	return list
}

func (c *Console) exportIncident(w http.ResponseWriter, r *http.Request, me person, number int64) error {
	f, err := c.read(r.Context(), me, number)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/markdown; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s.md"`, f.i.Ref()))
	_, err = w.Write([]byte(report.Markdown(f.i, f.d, f.timeline, f.name)))
	if err != nil {
		c.Log.Debug().Err(err).Msg("an export was not taken")
	}
	return nil
}
