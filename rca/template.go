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

// Format prints the text in storage format whatever the verb: those for Go's
// syntax, and those that don't fit, would print it as it was typed.
func (t Text) Format(out fmt.State, _ rune) { _, _ = io.WriteString(out, t.String()) }

// Template makes the page's body.
type Template struct{ parsed *template.Template }

// ParseTemplate reads a template and tries it on invented incidents, one that has
// everything and one of which little is known. name stands at the beginning of
// errors, which name the line.
func ParseTemplate(name, content string) (*Template, error) {
	parsed, err := template.New(name).Option("missingkey=error").Parse(content)
	if err != nil {
		return nil, err
	}
	t := &Template{parsed}
	for _, d := range []Data{sample(), bare()} {
		body, err := t.Body(d)
		if err != nil {
			return nil, err
		}
		if err := wellFormed(body); err != nil {
			return nil, fmt.Errorf("template: %s: what it makes is no storage format: %w", name, err)
		}
	}
	return t, nil
}

// maxBody is the longest page that is made, in bytes: Confluence takes less, and a
// template that repeats itself would never end.
const maxBody = 5 << 20

var errTooLong = fmt.Errorf("the page is longer than %d MB", maxBody>>20)

// bounded is a body of at most maxBody.
type bounded struct{ strings.Builder }

func (b *bounded) Write(p []byte) (int, error) {
	if b.Len()+len(p) > maxBody {
		return 0, errTooLong
	}
	return b.Builder.Write(p)
}

// Body fills the template.
func (t *Template) Body(d Data) (string, error) {
	var out bounded
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

// bare is an incident of which nothing is known but what all have.
func bare() Data {
	return Data{Ref: "INC-1", Title: "a & b", Severity: "SEV4", SeverityColour: "Grey", Resolution: "-", DeclaredBy: "Ana", ResolvedBy: "Ana", Duration: "5 min"}
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
