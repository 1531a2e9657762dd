package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"muster/incident"
)

// Record is an incident as machines read it. Fields may be added, but none is
// renamed or given another meaning. Moments are RFC 3339 in UTC, and null while
// they have not come.
type Record struct {
	Number  int64  `json:"number"`
	Ref     string `json:"ref"`
	Title   string `json:"title"`
	Summary string `json:"summary"`
	// Severity is SEV1 to SEV4, and SeverityName what that is called here.
	Severity     string `json:"severity"`
	SeverityName string `json:"severity_name"`
	// Status is investigating, identified, monitoring, resolved, cancelled or
	// duplicate.
	Status      string `json:"status"`
	DuplicateOf int64  `json:"duplicate_of,omitempty"`
	Test        bool   `json:"test"`
	Private     bool   `json:"private"`

	DeclaredAt time.Time `json:"declared_at"`
	DeclaredBy Person    `json:"declared_by"`
	// The milestones are as Milestones finds them.
	RespondedAt   *time.Time `json:"responded_at"`
	CriticalAt    *time.Time `json:"critical_at"`
	FirstUpdateAt *time.Time `json:"first_update_at"`
	IdentifiedAt  *time.Time `json:"identified_at"`
	MitigatedAt   *time.Time `json:"mitigated_at"`
	// EndedAt, EndedBy, Seconds and Resolution are of the end that holds, by
	// resolution or otherwise.
	EndedAt    *time.Time `json:"ended_at"`
	EndedBy    *Person    `json:"ended_by"`
	Seconds    *int64     `json:"seconds"`
	Resolution string     `json:"resolution"`

	Roles     []Holding `json:"roles"`
	FollowUps []Task    `json:"follow_ups"`
	Timeline  []Line    `json:"timeline"`
}

// Person is somebody by their id in Slack, and by name where it is known.
type Person struct {
	ID   string `json:"id"`
	Name string `json:"name,omitempty"`
}

// Task is a follow-up.
type Task struct {
	Text string `json:"text"`
	// Owner is null where nobody has it, and Due is like 2026-12-31 or empty.
	Owner *Person `json:"owner"`
	Due   string  `json:"due,omitempty"`
	// DoneAt and DoneBy are null while it is to be done.
	DoneAt *time.Time `json:"done_at"`
	DoneBy *Person    `json:"done_by"`
}

// Holding is a role and who has it.
type Holding struct {
	Role   string `json:"role"`
	Name   string `json:"name"`
	Person Person `json:"person"`
}

// Line is an entry of the timeline.
type Line struct {
	At   time.Time `json:"at"`
	Kind string    `json:"kind"`
	// By is empty for what muster did; Tool is what wrote a message that no person
	// wrote.
	By   Person `json:"by"`
	Tool string `json:"tool,omitempty"`
	// Words say what happened, the first line in short.
	Words []string `json:"words"`
	Link  string   `json:"link,omitempty"`
}

// RecordOf reads a record from an incident. name gives a person's name, or their
// id if it is not known.
func RecordOf(i *incident.Incident, d incident.Definitions, timeline []incident.Entry, name func(user string) string) Record {
	person := func(user string) Person {
		p := Person{ID: user}
		if known := name(user); user != "" && known != user {
			p.Name = known
		}
		return p
	}
	r := Record{
		Number: i.Number, Ref: i.Ref(), Title: i.Title, Summary: i.Summary, Severity: i.Severity.String(), SeverityName: d.Severity(i.Severity).Name, Status: string(i.Status),
		DuplicateOf: i.DuplicateOf, Test: i.Test, Private: i.Private, DeclaredAt: i.DeclaredAt.UTC(), DeclaredBy: person(i.Declarer),
		Resolution: i.Resolution, Roles: []Holding{}, FollowUps: []Task{}, Timeline: []Line{},
	}
	if !i.Status.Open() {
		by, seconds, at := person(i.ResolvedBy), int64(i.Lasted(i.ResolvedAt)/time.Second), i.ResolvedAt.UTC()
		r.EndedAt, r.EndedBy, r.Seconds = &at, &by, &seconds
	}
	moments := map[string]**time.Time{
		"First response": &r.RespondedAt, "Critical": &r.CriticalAt, "First update": &r.FirstUpdateAt,
		"Cause identified": &r.IdentifiedAt, "Mitigated": &r.MitigatedAt,
	}
	for _, m := range Milestones(i, timeline) {
		if to, ok := moments[m.What]; ok {
			at := m.At.UTC()
			*to = &at
		}
	}
	for _, role := range d.RolesOf(i) {
		if held, ok := i.Holder(role.Key); ok {
			r.Roles = append(r.Roles, Holding{role.Key, role.Name, person(held.User)})
		}
	}
	for _, f := range i.ToDos() {
		task := Task{Text: f.Text, Due: f.Due}
		if f.Owner != "" {
			owner := person(f.Owner)
			task.Owner = &owner
		}
		if !f.Open() {
			at, by := f.DoneAt.UTC(), person(f.DoneBy)
			task.DoneAt, task.DoneBy = &at, &by
		}
		r.FollowUps = append(r.FollowUps, task)
	}
	for _, e := range timeline {
		line := Line{At: e.At.UTC(), Kind: string(e.Kind), By: person(e.By), Words: Words(d, e, Plain(name))}
		if e.Detail != nil {
			line.Tool, line.Link = e.Detail.Tool, e.Detail.Link
		}
		if len(line.Words) > 0 {
			r.Timeline = append(r.Timeline, line)
		}
	}
	return r
}

// JSON is the record as a document for people and machines.
func (r Record) JSON() ([]byte, error) {
	return r.json("  ")
}

func (r Record) json(indent string) ([]byte, error) {
	var out bytes.Buffer
	to := json.NewEncoder(&out)
	to.SetEscapeHTML(false)
	to.SetIndent("", indent)
	if err := to.Encode(r); err != nil {
		return nil, fmt.Errorf("write %s as JSON: %w", r.Ref, err)
	}
	return out.Bytes(), nil
}

// Columns are the columns of a table of records, in an order that stays: new ones
// come at the end. Times are RFC 3339 in UTC, and empty while they have not come.
func Columns() []string {
	return []string{
		"number", "ref", "title", "severity", "status", "test", "private", "declared_at", "declared_by",
		"responded_at", "critical_at", "first_update_at", "identified_at", "mitigated_at",
		"ended_at", "ended_by", "seconds", "resolution", "duplicate_of", "roles", "summary",
		"severity_name", "follow_ups", "follow_ups_open",
	}
}

// Row is the record in Columns. What a spreadsheet would take for a formula has
// an apostrophe before it.
func (r Record) Row() []string {
	var roles []string
	for _, h := range r.Roles {
		roles = append(roles, h.Role+"="+h.Person.String())
	}
	open := 0
	for _, f := range r.FollowUps {
		if f.DoneAt == nil {
			open++
		}
	}
	endedBy, seconds, duplicate := "", "", ""
	if r.EndedAt != nil {
		endedBy, seconds = r.EndedBy.String(), fmt.Sprint(*r.Seconds)
	}
	if r.DuplicateOf != 0 {
		duplicate = incident.Ref(r.DuplicateOf)
	}
	return []string{
		fmt.Sprint(r.Number), r.Ref, Cell(r.Title), r.Severity, r.Status, fmt.Sprint(r.Test), fmt.Sprint(r.Private),
		moment(&r.DeclaredAt), Cell(r.DeclaredBy.String()), moment(r.RespondedAt), moment(r.CriticalAt), moment(r.FirstUpdateAt),
		moment(r.IdentifiedAt), moment(r.MitigatedAt), moment(r.EndedAt), Cell(endedBy), seconds, Cell(r.Resolution),
		duplicate, Cell(strings.Join(roles, "; ")), Cell(r.Summary),
		Cell(r.SeverityName), fmt.Sprint(len(r.FollowUps)), fmt.Sprint(open),
	}
}

func (p Person) String() string {
	if p.Name != "" {
		return p.Name
	}
	return p.ID
}

func moment(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// Cell keeps a spreadsheet from taking what somebody typed for a formula.
func Cell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
