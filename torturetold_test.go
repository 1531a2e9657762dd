package main

import (
	"fmt"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/sandbox/wiki"
	"muster/sandbox/workspace"
)

// told is what is left of a tale, without what may differ between two tellings.
type told struct{ slack, wiki, timeline, loose string }

var (
	// lasted is how long something took: in words, or in a table's cell.
	lasted = regexp.MustCompile(`after (\d+ (s|min)|less than a minute)|\| (\d+ min|less than a minute|–) \|`)
	// What is no message has no order that anybody promised.
	bookmarks = regexp.MustCompile(`(?m)(?:^bookmark: .*\n)+`)
	// directAnswer takes the place of an answer in a form that is gone.
	directAnswer = regexp.MustCompile(`(?m)^- muster:\n    \*INC-\d+\* declared: #.*\n(?:    \[ Open channel \]\n)?`)
	// archived is told with who did it, unless nobody listened then.
	archived = regexp.MustCompile(`was archived by @\w+ \w+\.`)
	whisper  = regexp.MustCompile(`(?m)^- .* \(only .* sees this, by .*\):\n(?:    .*\n)+`)
)

// told reads what there is now. Answers that only one person sees stand outside
// the promise: a death between the deed and the answer takes it along, and whoever
// does it again hears that it is done.
func (s *saga) told() told {
	s.t.Helper()
	text := lasted.ReplaceAllString(s.Dump(workspace.WithoutSystem), "<a time>")
	text = bookmarks.ReplaceAllStringFunc(text, func(list string) string {
		return strings.Join(slices.Sorted(strings.Lines(list)), "")
	})
	text = directAnswer.ReplaceAllString(whisper.ReplaceAllString(text, ""), "")
	text = archived.ReplaceAllString(text, "was archived.")
	return told{slack: s.plain(text), wiki: s.plain(s.pages()), timeline: s.plain(s.query(selectTold) + "\n" + s.query(selectKept)), loose: s.query(selectLoose)}
}

var (
	// timeOfDay is one on a page.
	timeOfDay = regexp.MustCompile(`\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d)?|\b\d\d:\d\d(:\d\d)?\b`)
	pageID    = regexp.MustCompile(`/pages/\d+`)
	// mark is how muster knows its own pages, the state that it wrote, and the wish by
	// which it did, whose number a commit that was cut off leaves out.
	mark = regexp.MustCompile(`muster-[0-9a-f-]{36}-(\d+)-page(-replaced)?(?:-\d+|\n\s*[0-9a-f]{24})?`)
	// state is how muster knows its own comments.
	state = regexp.MustCompile(`(?m)^\s*[0-9a-f]{24}(?:-\d+)?$`)
)

// pages is what all pages say, in the order of their titles, without times. How
// often a page was written is nobody's business.
func (w *world) pages() string {
	var all []string
	for _, p := range w.wiki.Pages() {
		text := wiki.Text(p.Body)
		for _, c := range p.Comments {
			text += "\ncomment: " + wiki.Text(c)
		}
		for _, name := range slices.Sorted(maps.Keys(p.Files)) {
			text += "\nattached: " + path.Ext(name)
		}
		text = timeOfDay.ReplaceAllString(lasted.ReplaceAllString(text, "<a time>"), "<time>")
		all = append(all, fmt.Sprintf("== %s\n%s\n", p.Title, state.ReplaceAllString(mark.ReplaceAllString(text, "<mark $1$2>"), "<state>")))
	}
	slices.Sort(all)
	return strings.Join(all, "")
}

// plain replaces what differs from world to world.
func (w *world) plain(text string) string {
	text = strings.ReplaceAll(pageID.ReplaceAllString(text, "/pages/<id>"), w.wiki.URL(), "<wiki>")
	for _, name := range []string{"ana", "bo", "lee"} {
		text = strings.ReplaceAll(text, w.UserID(name), "<@"+name+">")
	}
	return text
}

// reference is told once for all tests, which compare with it.
var reference struct {
	sync.Mutex
	told
}

// undisturbed is how the tale ends when nothing goes wrong.
func undisturbed(t *testing.T) told {
	t.Helper()
	reference.Lock()
	defer reference.Unlock()
	if reference.slack == "" {
		w := taleWorld(t, workspace.Config{Seed: 1})
		m := w.start(impatient())
		defer m.stop()
		reference.told = alone(w).tell()
	}
	return reference.told
}

// same fails the test if two tales ended differently.
func same(t *testing.T, want, got told) {
	t.Helper()
	if differs := cmp.Diff(want, got, cmp.AllowUnexported(told{})); differs != "" {
		t.Errorf("the world differs (-undisturbed +this):\n%s", differs)
	}
}

// selectTold reads the timelines, and at their ends what was noticed of channels:
// who learns of it from a refusal does so later, and not who did it.
const selectTold = `
	SELECT coalesce(string_agg(concat_ws(' ', number, kind, from_value, CASE WHEN kind <> 'channel' THEN to_value = author END,
	                                     CASE WHEN kind = 'channel' THEN to_value ELSE nullif(to_value, author) END, role, body),
	                           E'\n' ORDER BY kind = 'channel', id), '') FROM entries
	WHERE kind NOT LIKE 'message_%'`

// selectKept reads the messages in timelines. Whoever tried twice has left a longer
// record.
const selectKept = `SELECT coalesce(string_agg(body, ' '), '') FROM messages WHERE shown`

// selectLoose lists whatever was begun and has no result.
const selectLoose = `
	SELECT coalesce(string_agg(what, E'\n'), '') FROM (
		SELECT subject || ' posting ' || key AS what FROM postings WHERE ts = '' OR attempted_at IS NOT NULL OR key IN ('card', 'digest') AND hash = ''
		UNION ALL SELECT subject || ' deed ' || key FROM deeds WHERE done_at IS NULL OR attempted_at IS NOT NULL
		UNION ALL SELECT number || ' room ' || name FROM rooms WHERE channel = '' OR attempted_at IS NOT NULL
		UNION ALL SELECT subject || ' step ' || step FROM steps WHERE error <> '') AS loose`
