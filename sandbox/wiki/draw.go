package wiki

import (
	"encoding/xml"
	"strings"
	"unicode/utf8"
)

// Draw shows a page's body as plain text, in lines of at most width characters:
// headings begin with #, tables have columns, panels
// a bar at their left. What
// is not to be seen on a page, such as its anchors, is left out.
func Draw(body string, width int) []string {
	root, err := parse(body)
	if err != nil {
		return []string{"this is no storage format: " + err.Error()}
	}
	lines := drawn(root.kids, width)
	for len(lines) > 0 && lines[0] == "" {
		lines = lines[1:]
	}
	return lines
}

// node is an element, or a text if it has no name.
type node struct {
	name, text string
	attr       map[string]string
	kids       []*node
}

func parse(body string) (*node, error) {
	if err := WellFormed(body); err != nil {
		return nil, err
	}
	root := &node{}
	open := []*node{root}
	for d := reader(body); ; {
		token, err := d.Token()
		if err != nil {
			return root.kids[0], nil
		}
		top := open[len(open)-1]
		switch t := token.(type) {
		case xml.StartElement:
			n := &node{name: t.Name.Local, attr: map[string]string{}}
			for _, a := range t.Attr {
				n.attr[a.Name.Local] = a.Value
			}
			top.kids = append(top.kids, n)
			open = append(open, n)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			top.kids = append(top.kids, &node{text: string(t)})
		}
	}
}

// drawn draws elements below each other; what stands within lines is gathered.
func drawn(nodes []*node, width int) []string {
	var lines []string
	var flow []*node
	flush := func() {
		lines = append(lines, wrapped(inline(flow), width, "", "")...)
		flow = nil
	}
	for _, n := range nodes {
		block := n.block(width)
		if block == nil {
			flow = append(flow, n)
			continue
		}
		flush()
		lines = append(lines, block...)
	}
	flush()
	return lines
}

// block draws an element that stands on lines of its own; nil if it is none.
func (n *node) block(width int) []string {
	switch n.name {
	case "h1", "h2", "h3", "h4":
		return append([]string{""}, wrapped("# "+inline(n.kids), width, "", "  ")...)
	case "p", "li":
		return append([]string{}, drawn(n.kids, width)...)
	case "pre":
		return strings.Split(inline(n.kids), "\n")
	case "ul", "ol", "task-list":
		return n.list(width)
	case "table":
		return n.table(width)
	case "structured-macro":
		return n.macro(width)
	case "rich-text-body", "tbody":
		return drawn(n.kids, width)
	}
	return nil
}

func (n *node) list(width int) []string {
	lines := []string{}
	for _, kid := range n.kids {
		mark := "• "
		switch kid.name {
		case "":
			continue
		case "task":
			mark = "☐ "
			if strings.TrimSpace(inline(kid.named("task-status"))) == "complete" {
				mark = "☑ "
			}
			kid = &node{kids: kid.named("task-body")}
		}
		for k, line := range drawn(kid.kids, width-2) {
			if k > 0 {
				mark = "  "
			}
			lines = append(lines, mark+line)
		}
	}
	return lines
}

// named gives what is in the elements of a name.
func (n *node) named(name string) []*node {
	var inside []*node
	for _, kid := range n.kids {
		if kid.name == name {
			inside = append(inside, kid.kids...)
		}
	}
	return inside
}

// param is a parameter of a macro.
func (n *node) param(name string) string {
	for _, kid := range n.kids {
		if kid.name == "parameter" && kid.attr["name"] == name {
			return inline(kid.kids)
		}
	}
	return ""
}

// macro draws one with a body as a panel, and none that shows nothing; nil is
// one that stands within a line.
func (n *node) macro(width int) []string {
	switch n.attr["name"] {
	case "status":
		return nil
	case "toc", "anchor":
		return []string{}
	}
	inside := drawn(n.named("rich-text-body"), width-2)
	if title := n.param("title"); title != "" {
		inside = append([]string{title}, inside...)
	}
	lines := []string{""}
	for _, line := range inside {
		lines = append(lines, "▌ "+line)
	}
	return lines
}

// columnGap parts the columns of a table, and columnMost is how wide one is
// that is not the last.
const columnGap, columnMost = 2, 28

func (n *node) table(width int) []string {
	rows := n.rows()
	var widths []int
	for _, row := range rows {
		for c, cell := range row {
			if c == len(widths) {
				widths = append(widths, 0)
			}
			widths[c] = max(widths[c], min(utf8.RuneCountInString(inline(cell.kids)), columnMost))
		}
	}
	lines := []string{}
	for _, row := range rows {
		lines = append(lines, drawRow(row, widths, width)...)
	}
	return lines
}

func (n *node) rows() [][]*node {
	var rows [][]*node
	for _, kid := range n.kids {
		switch kid.name {
		case "tbody", "thead":
			rows = append(rows, kid.rows()...)
		case "tr":
			var row []*node
			for _, cell := range kid.kids {
				if cell.name == "td" || cell.name == "th" {
					row = append(row, cell)
				}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// drawRow puts the cells of a row side by side.
func drawRow(row []*node, widths []int, width int) []string {
	var lines []string
	at := 0
	for c, cell := range row {
		wide := widths[c]
		if c == len(widths)-1 {
			wide = max(1, width-at)
		}
		for k, text := range drawn(cell.kids, wide) {
			if k == len(lines) {
				lines = append(lines, "")
			}
			lines[k] += strings.Repeat(" ", max(0, at-utf8.RuneCountInString(lines[k]))) + text
		}
		at += wide + columnGap
	}
	return lines
}

// inline is the text of elements within a line; the mark of a line break is a
// line feed.
func inline(nodes []*node) string {
	var out strings.Builder
	for _, n := range nodes {
		switch {
		case n.name == "":
			out.WriteString(strings.ReplaceAll(n.text, "\n", " "))
		case n.name == "br":
			out.WriteByte('\n')
		case n.name == "structured-macro":
			out.WriteString("[" + n.param("title") + "]")
		case n.name == "image":
			out.WriteString("[picture " + n.picture() + "]")
		case n.name == "parameter":
		default:
			out.WriteString(inline(n.kids))
		}
	}
	return out.String()
}

// picture names what an image shows.
func (n *node) picture() string {
	for _, kid := range n.kids {
		for _, name := range []string{"filename", "value"} {
			if kid.attr[name] != "" {
				return kid.attr[name]
			}
		}
	}
	return "?"
}

// wrapped breaks a text between words, and where it has line feeds.
func wrapped(text string, width int, first, hang string) []string {
	var lines []string
	for part := range strings.SplitSeq(text, "\n") {
		now, begun := first, false
		for _, word := range strings.Fields(part) {
			switch {
			case !begun:
			case utf8.RuneCountInString(now)+1+utf8.RuneCountInString(word) > width:
				lines, now = append(lines, now), hang
			default:
				now += " "
			}
			now, begun = now+word, true
		}
		if begun {
			lines = append(lines, now)
		}
		first = hang
	}
	return lines
}
