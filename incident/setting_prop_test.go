package incident_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"muster/incident"
)

// Whatever administrators type, either all of it is refused beside its fields and
// nothing is changed, or what is kept is what typing it again keeps, each change is
// recorded with what was before, and every name still means one thing.
func TestAnySettingsAreKeptOrRefused(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := &incident.Book{Definitions: stock()}
		sections := b.Sections(incident.Rules{}, incident.Defaults{})
		e := incident.SettingEdit{Values: map[incident.Setting]string{}}
		plausible := rapid.SampledFrom([]string{"", "yes", "30m", "1h", "90", "SEV2", "lead", "Technical lead", "https://x.example/y?z", "{ref}", "{lead} {x}", "@oncall", "none"})
		for range rapid.IntRange(1, 6).Draw(t, "fields") {
			section := rapid.SampledFrom(sections).Draw(t, "section")
			field := rapid.SampledFrom(section.Fields).Draw(t, "field")
			e.Values[field.Setting] = rapid.OneOf(plausible, rapid.String()).Draw(t, "typed")
		}
		before := map[incident.Setting]string{}
		for s := range e.Values {
			before[s], _ = b.Value(s)
		}
		err := b.Edit(e, nil, "UANA", changedAt)
		news := b.News()
		if err != nil {
			if _, refused := err.(incident.Refusals); !refused && !incident.IsKind(err, incident.NothingToDo) {
				t.Fatal(err)
			}
			return
		}
		if len(news) == 0 {
			t.Fatal("a change without a record")
		}
		for _, c := range news {
			if now, _ := b.Value(c.Setting); c.From != before[c.Setting] || c.To != now || c.From == c.To || c.By != "UANA" {
				t.Fatalf("recorded %+v, it was %q and is %q", c, before[c.Setting], now)
			}
		}
		if err := b.Edit(e, nil, "UANA", changedAt); !incident.IsKind(err, incident.NothingToDo) {
			t.Fatalf("the same again: %v", err)
		}
		for _, r := range b.Roles {
			if found, err := b.FindRole(r.Name); err != nil || found.Key != r.Key {
				t.Fatalf("%q means %v, %v", r.Name, found, err)
			}
		}
		for _, s := range b.Severities {
			if found, err := b.FindSeverity(s.Name); err != nil || found != s.Level {
				t.Fatalf("%q means %v, %v", s.Name, found, err)
			}
			if strings.Contains(s.Text, "\n") {
				t.Fatalf("text of several lines %q", s.Text)
			}
		}
	})
}
