package wiki

import (
	"strings"
	"unicode/utf8"
)

// Draw shows a page's body as plain text, in lines of at most width characters:
// headings begin with #, tables have columns, panels a bar at their left. What is
// not to be seen on a page, such as its anchors, is left out.
func Draw(body string, width int) []string {
	root, err := Parse(body)
	if err != nil {
		return []string{"this is no storage format: " + err.Error()}
	}
	lines := drawn(root.Kids, width)
	for len(lines) > 0 && lines[0] == "" {
		lines = lines[1:]
	}
	return lines
}

// drawn draws elements below each other; what stands within lines is gathered.
func drawn(nodes []*Node, width int) []string {
	var lines []string
	var flow []*Node
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
func (n *Node) block(width int) []string {
	switch n.Name {
	case "h1", "h2", "h3", "h4":
		return append([]string{""}, wrapped("# "+inline(n.Kids), width, "", "  ")...)
	case "p", "li":
		return append([]string{}, drawn(n.Kids, width)...)
	case "pre":
		return strings.Split(inline(n.Kids), "\n")
	case "ul", "ol", "ac:task-list":
		return n.list(width)
	case "table":
		return n.table(width)
	case "ac:structured-macro":
		return n.macro(width)
	case "ac:rich-text-body", "tbody":
		return drawn(n.Kids, width)
	}
	return nil
}

func (n *Node) list(width int) []string {
	lines := []string{}
	for _, kid := range n.Kids {
		mark := "• "
		switch kid.Name {
		case "":
			continue
		case "ac:task":
			mark = "☐ "
			if strings.TrimSpace(inline(kid.named("ac:task-status"))) == "complete" {
				mark = "☑ "
			}
			kid = &Node{Kids: kid.named("ac:task-body")}
		}
		for k, line := range drawn(kid.Kids, width-2) {
			if k > 0 {
				mark = "  "
			}
			lines = append(lines, mark+line)
		}
	}
	return lines
}

// named gives what is in the elements of a name.
func (n *Node) named(name string) []*Node {
	var inside []*Node
	for _, kid := range n.Kids {
		if kid.Name == name {
			inside = append(inside, kid.Kids...)
		}
	}
	return inside
}

// param is a parameter of a macro, within a line.
func param(n *Node, name string) string { return strings.ReplaceAll(n.Parameter(name), "\n", " ") }

// macro draws one with a body as a panel, and none that shows nothing; nil is
// one that stands within a line.
func (n *Node) macro(width int) []string {
	switch n.Attr["ac:name"] {
	case "status":
		return nil
	case "toc", "anchor":
		return []string{}
	}
	inside := drawn(n.named("ac:rich-text-body"), width-2)
	if title := param(n, "title"); title != "" {
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

func (n *Node) table(width int) []string {
	rows := n.rows()
	var widths []int
	for _, row := range rows {
		for c, cell := range row {
			if c == len(widths) {
				widths = append(widths, 0)
			}
			widths[c] = max(widths[c], min(utf8.RuneCountInString(inline(cell.Kids)), columnMost))
		}
	}
	lines := []string{}
	for _, row := range rows {
		lines = append(lines, drawRow(row, widths, width)...)
	}
	return lines
}

func (n *Node) rows() [][]*Node {
	var rows [][]*Node
	for _, kid := range n.Kids {
		switch kid.Name {
		case "tbody", "thead":
			rows = append(rows, kid.rows()...)
		case "tr":
			var row []*Node
			for _, cell := range kid.Kids {
				if cell.Name == "td" || cell.Name == "th" {
					row = append(row, cell)
				}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// drawRow puts the cells of a row side by side.
func drawRow(row []*Node, widths []int, width int) []string {
	var lines []string
	at := 0
	for c, cell := range row {
		wide := widths[c]
		if c == len(widths)-1 {
			wide = max(1, width-at)
		}
		for k, text := range drawn(cell.Kids, wide) {
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
func inline(nodes []*Node) string {
	var out strings.Builder
	for _, n := range nodes {
		switch {
		case n.Name == "":
			out.WriteString(strings.ReplaceAll(n.Text, "\n", " "))
		case n.Name == "br":
			out.WriteByte('\n')
		case n.Name == "ac:structured-macro":
			out.WriteString("[" + param(n, "title") + "]")
		case n.Name == "ac:image":
			out.WriteString("[picture " + n.picture() + "]")
		case n.Name == "ac:parameter":
		default:
			out.WriteString(inline(n.Kids))
		}
	}
	return out.String()
}

// picture names what an image shows.
func (n *Node) picture() string {
	for _, kid := range n.Kids {
		for _, name := range []string{"ri:filename", "ri:value"} {
			if kid.Attr[name] != "" {
				return kid.Attr[name]
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
