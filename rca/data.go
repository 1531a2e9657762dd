package rca

import (
	"slices"
	"strings"

	"muster/block"
	"muster/incident"
	"muster/report"
)

// Data is what a template can show.
type Data struct {
	Ref, Title, Severity, SeverityText, SeverityColour Text
	// Impact is what updates told of it, each once.
	Impact []Text
	// Summary is one text for each line.
	Summary                                      []Text
	Resolution, DeclaredBy, ResolvedBy, Duration Text
	Roles                                        []Part
	Milestones                                   []Milestone
	Timeline                                     []Moment
	Messages                                     []Message
	FollowUps                                    []Task
	RoomLink, ReviewLink                         Text
	// Picture is the name of the attachment that shows the severity over time.
	Picture Text
}

// Part is a role and who holds it.
type Part struct{ Role, Person Text }

// Milestone is a turn of the incident, and how long after its declaration.
type Milestone struct{ What, At, After Text }

// Moment is a line of the timeline.
type Moment struct {
	At, Person, What Text
	// More belongs to it line by line, such as the impact that an update told.
	More []Text
}

// Message is a message of Slack's that people put into the timeline.
type Message struct {
	At, Person, Link Text
	Lines            []Text
	// Images are the names of the attachments that it shows, Files what else is
	// attached to it in Slack.
	Images, Files []Text
}

// Task is a follow-up. Status is what Confluence calls it: complete or incomplete.
type Task struct{ Status, What Text }

// colours are those of Confluence's status macro, worst first.
var colours = map[incident.Severity]Text{1: "Red", 2: "Yellow", 3: "Blue", 4: "Grey"}

// Describe puts a resolved incident into words. name gives a person's name, and
// images the names of the attachments that show images, by the file's id.
func Describe(c *incident.Case, timeline []incident.Entry, name func(user string) string, images map[string]Text) Data {
	severity := c.Definitions.Severity(c.Severity)
	d := Data{
		Ref: Text(c.Ref()), Title: Text(c.Title), Resolution: Text(c.Resolution),
		Severity: Text(severity.Name), SeverityText: Text(severity.Text), SeverityColour: colours[c.Severity],
		DeclaredBy: Text(name(c.Declarer)), ResolvedBy: Text(name(c.ResolvedBy)),
		Duration: Text(block.Duration(c.Lasted(c.ResolvedAt))),
		RoomLink: Text(c.Installation.ChannelLink(c.Room(incident.RoomMain).ID)),
	}
	d.Picture = Picture
	d.ReviewLink = Text(c.Installation.ChannelLink(c.Room(incident.RoomRCA).ID))
	for line := range strings.SplitSeq(c.Summary, "\n") {
		if strings.TrimSpace(line) != "" {
			d.Summary = append(d.Summary, Text(line))
		}
	}
	for _, role := range c.Definitions.RolesOf(&c.Incident) {
		person := "nobody"
		if held, ok := c.Holder(role.Key); ok {
			person = name(held.User)
		}
		d.Roles = append(d.Roles, Part{Text(role.Name), Text(person)})
	}
	for _, e := range timeline {
		if words := report.Words(c.Definitions, e, report.Plain(name)); len(words) > 0 {
			moment := Moment{At: Text(report.At(e.At)), Person: Text(report.Who(e, name)), What: Text(words[0])}
			for _, more := range words[1:] {
				moment.More = append(moment.More, Text(more))
			}
			d.Timeline = append(d.Timeline, moment)
		}
	}
	for _, e := range timeline {
		if e.Kind == incident.EntryMessage && e.Detail != nil {
			d.Messages = append(d.Messages, describe(e, name, images))
		}
	}
	for _, f := range c.ToDos() {
		task := Task{Status: "incomplete", What: Text(report.ToDo(f, name))}
		if !f.Open() {
			task.Status = "complete"
		}
		d.FollowUps = append(d.FollowUps, task)
	}
	for _, e := range timeline {
		if e.Detail != nil && e.Detail.Impact != "" && !slices.Contains(d.Impact, Text(e.Detail.Impact)) {
			d.Impact = append(d.Impact, Text(e.Detail.Impact))
		}
	}
	for _, m := range report.Milestones(&c.Incident, timeline) {
		d.Milestones = append(d.Milestones, Milestone{Text(m.What), Text(report.At(m.At)), Text(m.Span())})
	}
	return d
}

func describe(e incident.Entry, name func(user string) string, images map[string]Text) Message {
	m := Message{At: Text(report.At(e.At)), Person: Text(report.Who(e, name)), Link: Text(e.Detail.Link)}
	for line := range strings.SplitSeq(e.Text, "\n") {
		if line = incident.CleanLine(line); line != "" {
			m.Lines = append(m.Lines, Text(line))
		}
	}
	for _, f := range e.Detail.Files {
		if image, shown := images[f.ID]; shown {
			m.Images = append(m.Images, image)
		} else {
			m.Files = append(m.Files, Text(f.Name))
		}
	}
	return m
}
