package main

import (
	"regexp"
	"strings"
	"time"
)

// emoji are those that muster's messages and the demo's people use; others stay
// as their names.
var emoji = strings.NewReplacer(
	":red_circle:", "🔴", ":large_orange_circle:", "🟠", ":large_yellow_circle:", "🟡", ":large_blue_circle:", "🔵",
	":white_check_mark:", "✅", ":arrows_counterclockwise:", "🔄", ":warning:", "⚠️", ":eyes:", "👀",
	":rotating_light:", "🚨", ":pushpin:", "📌", ":mag:", "🔍", ":page_facing_up:", "📄", ":lock:", "🔒",
	":alarm_clock:", "⏰", ":raising_hand:", "🙋", ":hourglass:", "⏳", ":mega:", "📣", ":no_entry_sign:", "🚫", ":repeat:", "🔁",
	":pencil2:", "✏️", ":memo:", "📝", ":fire:", "🔥",
	":white_large_square:", "☐", ":ballot_box_with_check:", "☑", ":wrench:", "🔧", ":hourglass_flowing_sand:", "⏳",
)

var (
	fallbackDate = regexp.MustCompile(`\b\d{4}-\d\d-\d\d \d\d:\d\d UTC\b`)
	buttonStyle  = regexp.MustCompile(`\] \((primary|danger)\)`)
	fieldName    = regexp.MustCompile(`^\*([^*]{1,24})\*$`)
	strong       = regexp.MustCompile(`(^|[\s("“])\*([^*\s](?:[^*]*[^*\s])?)\*`)
	emphasis     = regexp.MustCompile(`(^|[\s("“])_([^_\s](?:[^_]*[^_\s])?)_`)
	formTitle    = regexp.MustCompile(`^== (.+) ==$`)
	fieldStart   = regexp.MustCompile(`^\S+( \S+)* {2,}`)
	menu         = regexp.MustCompile(`\( [^()]{1,60} \)`)
	button       = regexp.MustCompile(`\[ [^\]]+ \]`)
)

// fieldColumn is where the values of a message's fields begin.
const fieldColumn = 16

// legible makes what the sandbox draws of a message easy on the eye: emoji for
// their names, times of day for dates, fields beside their names.
func (p *painter) legible(shown string) []string {
	shown = strings.ReplaceAll(shown, "?: ", "? ")
	shown = emoji.Replace(buttonStyle.ReplaceAllString(shown, "]"))
	shown = p.timesOfDay(shown)
	lines := strings.Split(shown, "\n")
	var out []string
	for n := 0; n < len(lines); n++ {
		pairs := fieldsAt(lines[n:])
		if pairs < 2 {
			out = append(out, lines[n])
			continue
		}
		for k := range pairs {
			name := fieldName.FindStringSubmatch(lines[n+2*k])[1]
			out = append(out, name+strings.Repeat(" ", max(1, fieldColumn-columns(name)))+lines[n+2*k+1])
		}
		n += 2*pairs - 1
	}
	return out
}

// timesOfDay puts the time of day for each date.
func (p *painter) timesOfDay(text string) string {
	return fallbackDate.ReplaceAllStringFunc(text, func(date string) string {
		at, err := time.Parse("2006-01-02 15:04 UTC", date)
		if err != nil {
			return date
		}
		return at.In(p.zone).Format("15:04")
	})
}

// fieldsAt counts the pairs of a bold name and its value that lines begin with.
func fieldsAt(lines []string) int {
	n := 0
	for 2*n+1 < len(lines) && fieldName.MatchString(lines[2*n]) && !fieldName.MatchString(lines[2*n+1]) {
		n++
	}
	return n
}

// inked shows Slack's marks as the terminal can.
func (p *painter) inked(line string) string {
	body := strings.TrimLeft(line, " ")
	indent := line[:len(line)-len(body)]
	switch {
	case body == gap:
		return indent + p.styled(dim, body)
	case formTitle.MatchString(body):
		return indent + p.styled(bold, formTitle.FindStringSubmatch(body)[1])
	case strings.HasPrefix(body, "# "):
		return indent + p.styled(bold, strings.TrimPrefix(body, "# "))
	case strings.HasPrefix(body, "· "):
		return indent + p.styled(dim, strings.TrimPrefix(body, "· "))
	}
	body = p.marked(strong, bold, body)
	body = p.marked(emphasis, italic, body)
	return indent + button.ReplaceAllStringFunc(body, func(b string) string { return p.styled(cyan, b) })
}

func (p *painter) marked(mark *regexp.Regexp, style, text string) string {
	return mark.ReplaceAllStringFunc(text, func(found string) string {
		parts := mark.FindStringSubmatch(found)
		return parts[1] + p.styled(style, parts[2])
	})
}
