package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

// pageWidth is how many columns the demo uses at most.
const pageWidth = 100

// painter writes the demo to a terminal: headings, sentences, and what people
// see in light boxes.
type painter struct {
	out    io.Writer
	colour bool
	// zone is where the times of messages are read.
	zone *time.Location
	// lines counts what was written so far.
	lines int
}

func newPainter(out io.Writer) *painter {
	return &painter{out: out, colour: colourful(out), zone: time.Local}
}

// The styles, as the parameters of the terminal's SGR sequence.
const (
	bold   = "1"
	dim    = "2"
	italic = "3"
	green  = "32"
	cyan   = "36"
)

func (p *painter) styled(style, text string) string {
	if !p.colour || text == "" {
		return text
	}
	return "\x1b[" + style + "m" + text + "\x1b[0m"
}

func (p *painter) print(lines ...string) {
	for _, line := range lines {
		fmt.Fprintln(p.out, strings.TrimRight(line, " "))
	}
	p.lines += len(lines)
}

// title is the first line, with a remark at its end.
func (p *painter) title(name, remark string) {
	p.print("", "  "+p.styled(bold, name)+" · "+remark)
}

// act begins a new part of the story.
func (p *painter) act(clock, title string) {
	rule := strings.Repeat("─", max(3, pageWidth-9-utf8.RuneCountInString(clock+title)))
	p.print("", p.styled(dim, "── "+clock)+"  "+p.styled(bold, title)+" "+p.styled(dim, rule))
}

// say writes a sentence of the story.
func (p *painter) say(sentence string) {
	p.print("")
	p.print(wrap(sentence, pageWidth-2, "  ")...)
}

// does writes what somebody does, with the words that they type or the label
// that they click, and where that is.
func (p *painter) does(who, what, words, where string) {
	p.print("", "  "+p.styled(bold, who)+" "+what+"  "+p.styled(cyan, words)+" "+where)
}

// sees writes what is to be seen somewhere.
func (p *painter) sees(where string, lines []string) {
	if len(lines) == 0 {
		return
	}
	p.print("", "    "+p.styled(bold, where))
	bar := p.styled(dim, "│")
	for _, line := range lines {
		for _, part := range wrap(line, pageWidth-7, "") {
			p.print("    " + bar + " " + p.inked(part))
		}
	}
}

// wrap breaks a line between words. The lines that follow begin below the words
// behind a bullet or behind a field's name.
func wrap(line string, width int, indent string) []string {
	body := strings.TrimLeft(line, " ")
	indent += line[:len(line)-len(body)]
	hang := indent
	if strings.HasPrefix(body, "• ") {
		hang += "  "
	} else if at := fieldStart.FindString(body); columns(at) == fieldColumn {
		hang += strings.Repeat(" ", fieldColumn)
	}
	// A dot between two things stays with the first of them.
	body = strings.ReplaceAll(body, " · ", "\x00· ")
	// So does a button with its brackets, and a menu.
	for _, control := range []*regexp.Regexp{button, menu} {
		body = control.ReplaceAllStringFunc(body, func(c string) string { return strings.ReplaceAll(c, " ", "\x00") })
	}
	var lines []string
	now := indent
	for n, word := range strings.SplitAfter(body, " ") {
		word = strings.ReplaceAll(word, "\x00", " ")
		if n > 0 && columns(now)+columns(strings.TrimRight(word, " ")) > width {
			lines = append(lines, now)
			now = hang
		}
		now += word
	}
	return append(lines, now)
}

// columns is how wide text is: emoji take two, the joiners within them none.
func columns(text string) int {
	n := 0
	for _, r := range text {
		switch {
		case r == '\u200d' || r == '\ufe0f':
		case r >= 0x1F000 || r == '✅' || r == '⏰' || r == '⏳':
			n += 2
		default:
			n++
		}
	}
	return n
}
