package console

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"muster/report"
)

// timeTag is a moment that the script rewrites in the reader's zone; without it,
// it is in that of Greenwich.
func timeTag(t time.Time) template.HTML {
	t = t.UTC()
	return template.HTML(fmt.Sprintf(`<time datetime="%s">%s</time>`, t.Format(time.RFC3339), t.Format("2006-01-02 15:04 UTC")))
}

// moment stands around a moment within words. What people type has no control
// characters.
const moment = "\x01"

// voice says entries for a page.
func voice(name func(user string) string) report.Voice {
	v := report.Plain(name)
	v.At = func(t time.Time) string { return moment + t.UTC().Format(time.RFC3339) + moment }
	return v
}

// typed is a text as it was typed, with its moments for the script.
func typed(text string) template.HTML {
	var out strings.Builder
	for n, part := range strings.Split(text, moment) {
		if t, err := time.Parse(time.RFC3339, part); n%2 == 1 && err == nil {
			out.WriteString(string(timeTag(t)))
		} else {
			template.HTMLEscape(&out, []byte(part))
		}
	}
	return template.HTML(out.String())
}
