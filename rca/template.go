package rca

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"text/template"
	"unicode/utf8"
)

// Text is a value of the page. Printed, it is escaped for storage format, in
// text and in attributes alike, so that no template can forget to.
type Text string

// storageEscapes are what storage format can't hold as it is.
var storageEscapes = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")

// String is the text in storage format, without what XML forbids.
func (t Text) String() string {
	return storageEscapes.Replace(strings.Map(func(r rune) rune {
		legal := r == '\t' || r == '\n' || r >= 0x20 && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000
		if !legal || r >= 0x7F && r < 0xA0 {
			return -1
		}
		return r
	}, strings.ToValidUTF8(string(t), string(utf8.RuneError))))
}

// Template makes the page's body.
type Template struct{ parsed *template.Template }

// ParseTemplate reads a template and tries it on an invented incident. name
// stands at the beginning of errors, which name the line.
func ParseTemplate(name, content string) (*Template, error) {
	parsed, err := template.New(name).Option("missingkey=error").Parse(content)
	if err != nil {
		return nil, err
	}
	t := &Template{parsed}
	body, err := t.Body(sample())
	if err != nil {
		return nil, err
	}
	if err := wellFormed(body); err != nil {
		return nil, fmt.Errorf("template: %s: what it makes is no storage format: %w", name, err)
	}
	return t, nil
}

// Body fills the template.
func (t *Template) Body(d Data) (string, error) {
	var out strings.Builder
	err := t.parsed.Execute(&out, d)
	return out.String(), err
}

func wellFormed(body string) error {
	d := xml.NewDecoder(strings.NewReader("<page>" + body + "</page>"))
	d.Entity = xml.HTMLEntity
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// sample is an incident that has one of everything.
func sample() Data {
	return Data{
		Ref: "INC-1", Title: "a & b", Severity: "SEV1", SeverityText: "<worst>", SeverityColour: "Red",
		Summary: []Text{"]]>"}, Impact: []Text{"<all>"}, Resolution: `"fixed"`, DeclaredBy: "Ana", ResolvedBy: "Bo", Duration: "5 min",
		Roles:      []Part{{Role: "Commander", Person: "Ana"}},
		Milestones: []Milestone{{What: "Declared", At: "now", After: "–"}},
		Timeline:   []Moment{{At: "now", Person: "Ana", What: "Declared", More: []Text{"<note>"}}},
		Messages: []Message{{
			At: "now", Person: "Ana", Link: "https://example.slack.com/?a=1&b=2", Lines: []Text{"<full>"},
			Images: []Text{"a&b.png"}, Files: []Text{"<log>.txt"},
		}},
		FollowUps: []Task{{Status: "incomplete", What: "<more> disks"}},
		Picture:   Picture, RoomLink: "https://example.slack.com/?a=1&b=2", ReviewLink: "https://example.slack.com/",
	}
}
