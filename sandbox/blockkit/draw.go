package blockkit

import (
	"encoding/json"
	"strings"
)

// Text draws blocks as the plain text that a person would see, a line or more
// for each block:
//
//	# Header
//	Section text, its button at the end   [ Claim ] (primary)
//	Severity: SEV2    |  Status: open             fields, two in a line
//	· a context line, its elements  · apart
//	[ Claim ] (primary) [ Status ] ( Severity ▾ ) actions
//	Title (optional): ____                        an empty input
//	---
//
// Blocks that can't be read are drawn as nothing; the check is what complains.
func Text(blocks json.RawMessage, names Names, opts ...Option) string {
	v, err := decode(blocks)
	if err != nil {
		return ""
	}
	p := newPen(names, opts)
	p.blocks(v)
	return p.String()
}

// ViewText draws a whole view: the title of a modal, its blocks, its buttons.
func ViewText(view json.RawMessage, names Names, opts ...Option) string {
	v, err := decode(view)
	o, ok := v.(map[string]any)
	if err != nil || !ok {
		return ""
	}
	p := newPen(names, opts)
	if title := textOf(o["title"]); title != "" {
		p.line("== " + title + " ==")
	}
	p.blocks(o["blocks"])
	var buttons []string
	for _, key := range []string{"close", "submit"} {
		if label := textOf(o[key]); label != "" {
			buttons = append(buttons, "[ "+label+" ]")
		}
	}
	p.line(strings.Join(buttons, " "))
	return p.String()
}

// String joins the drawn lines, without blanks at their ends.
func (p *pen) String() string {
	for i, l := range p.lines {
		p.lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(p.lines, "\n")
}

// line adds s, which may itself have several lines; nothing for nothing.
func (p *pen) line(s string) {
	if s != "" {
		p.lines = append(p.lines, strings.Split(s, "\n")...)
	}
}

func (p *pen) blocks(v any) {
	list, _ := v.([]any)
	for _, b := range list {
		if o, ok := b.(map[string]any); ok {
			p.block(o)
		}
	}
}

func (p *pen) block(o map[string]any) {
	switch o["type"] {
	case "header":
		p.line("# " + p.object(o["text"]))
	case "divider":
		p.line("---")
	case "section":
		p.section(o)
	case "context":
		p.line("· " + strings.Join(p.elements(o), "  · "))
	case "actions", "context_actions":
		p.line(strings.Join(p.elements(o), " "))
	case "input":
		p.input(o)
	case "image", "video":
		p.line(strings.TrimSpace("(" + str(o["type"]) + ": " + str(o["alt_text"]) + ") " + textOf(o["title"])))
	case "rich_text":
		p.rich(o, "")
	case "markdown":
		p.line(str(o["text"]))
	case "table":
		p.table(o)
	}
}

func (p *pen) section(o map[string]any) {
	text := p.object(o["text"])
	if accessory, ok := o["accessory"].(map[string]any); ok {
		text = strings.TrimLeft(text+"   "+p.element(accessory), " ")
	}
	p.line(text)
	fields, _ := o["fields"].([]any)
	for i := 0; i < len(fields); i += 2 {
		left := p.object(fields[i])
		if i+1 == len(fields) {
			p.line(left)
			break
		}
		right := p.object(fields[i+1])
		if strings.Contains(left+right, "\n") {
			p.line(left)
			p.line(right)
			continue
		}
		p.line(left + strings.Repeat(" ", max(1, 32-length(left))) + "|  " + right)
	}
}

func (p *pen) input(o map[string]any) {
	label := p.object(o["label"])
	if o["optional"] == true {
		label += " (optional)"
	}
	element, _ := o["element"].(map[string]any)
	p.line(label + ": " + p.element(element))
	if hint := p.object(o["hint"]); hint != "" {
		p.line("  " + hint)
	}
}

func (p *pen) table(o map[string]any) {
	rows, _ := o["rows"].([]any)
	for _, r := range rows {
		cells, _ := r.([]any)
		var drawn []string
		for _, v := range cells {
			cell, _ := v.(map[string]any)
			inner := &pen{names: p.names, date: p.date}
			if cell["type"] == "rich_text" {
				inner.rich(cell, "")
			} else {
				inner.line(str(cell["text"]))
			}
			drawn = append(drawn, strings.Join(inner.lines, " "))
		}
		p.line(strings.Join(drawn, " | "))
	}
}

func str(v any) string {
	s, _ := v.(string)
	return s
}
