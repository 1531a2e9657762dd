package incident_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"muster/incident"
)

func saying(text string) *incident.Said {
	return &incident.Said{At: declaredAt, Author: "UBO", Text: text, Link: "https://a/1"}
}

// Whatever the order in which marks come, and however often, the latest of each
// person and way decides.
func TestMarksComeInAnyOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var marks []incident.Mark
		for n := range rapid.IntRange(1, 8).Draw(t, "marks") {
			marks = append(marks, incident.Mark{
				Way: rapid.SampledFrom([]incident.Way{incident.WayPin, incident.WayReaction, incident.WayShortcut}).Draw(t, "way"),
				By:  rapid.SampledFrom([]string{"UANA", "UBO"}).Draw(t, "by"),
				At:  declaredAt.Add(time.Duration(n) * time.Second), On: rapid.Bool().Draw(t, "on"),
			})
		}
		inOrder := incident.New(1, incident.Declaration{Title: "a", By: "ULEE"}, declaredAt)
		shuffled := incident.New(1, incident.Declaration{Title: "a", By: "ULEE"}, declaredAt)
		for _, k := range marks {
			_ = inOrder.Mark("C1", "1.1", saying("x"), k, declaredAt)
		}
		twice := append(marks[:len(marks):len(marks)], marks...)
		rand.Shuffle(len(twice), func(a, b int) { twice[a], twice[b] = twice[b], twice[a] })
		for _, k := range twice {
			_ = shuffled.Mark("C1", "1.1", saying("x"), k, declaredAt)
		}
		a, _ := inOrder.Message("C1", "1.1")
		b, _ := shuffled.Message("C1", "1.1")
		if a.Shown() != b.Shown() {
			t.Fatalf("in order %v, shuffled %v: %v", a.Shown(), b.Shown(), twice)
		}
		last := map[incident.Mark]bool{}
		for _, k := range marks {
			if k.Way != incident.WayReaction {
				k.By = ""
			}
			last[incident.Mark{Way: k.Way, By: k.By}] = k.On
		}
		want := false
		for _, on := range last {
			want = want || on
		}
		if a.Shown() != want {
			t.Fatalf("shown %v, want %v: %v", a.Shown(), want, marks)
		}
	})
}

func TestATimelinesMessageThatIsDeletedLosesItsWords(t *testing.T) {
	t.Parallel()
	i := incident.New(1, incident.Declaration{Title: "a", By: "ULEE"}, declaredAt)
	if err := i.Mark("C1", "1.1", saying("secret"), incident.Mark{Way: incident.WayPin, By: "UANA", At: declaredAt, On: true}, declaredAt); err != nil {
		t.Fatal(err)
	}
	if err := i.Follow("C1", "1.1", nil, "", declaredAt); err != nil {
		t.Fatal(err)
	}
	if m, _ := i.Message("C1", "1.1"); m.Shown() || m.Said.Text != "" {
		t.Errorf("%+v", m)
	}
	if err := i.Follow("C1", "2.2", nil, "", declaredAt); !incident.IsKind(err, incident.NothingToDo) {
		t.Errorf("a message that is not in the timeline: %v", err)
	}
}

func TestParseTS(t *testing.T) {
	t.Parallel()
	want := time.Unix(1515449522, 16000).UTC()
	for _, ts := range []string{"1515449522.000016", "1515449522000016"} {
		if got := incident.ParseTS(ts); !got.Equal(want) {
			t.Errorf("%s is %v, want %v", ts, got, want)
		}
	}
	for _, ts := range []string{"", "x", "1.x", "-5.000001"} {
		if got := incident.ParseTS(ts); !got.IsZero() {
			t.Errorf("%q is %v", ts, got)
		}
	}
}
