package report_test

import (
	"bytes"
	"image"
	_ "image/png"
	"os"
	"testing"
	"time"

	"muster/incident"
	"muster/report"
)

func course() report.Course {
	i := &incident.Incident{Number: 42, DeclaredAt: noon}
	var timeline []incident.Entry
	for _, e := range []struct {
		minute int
		incident.Entry
	}{
		{0, incident.Entry{Kind: incident.EntryDeclared}},
		{3, incident.Entry{Kind: incident.EntrySeverity, To: "SEV2"}},
		{10, incident.Entry{Kind: incident.EntryUpdate}},
		{17, incident.Entry{Kind: incident.EntryStatus, From: "investigating", To: "identified"}},
		{20, incident.Entry{Kind: incident.EntrySeverity, To: "SEV1"}},
		{34, incident.Entry{Kind: incident.EntryStatus, From: "identified", To: "monitoring"}},
		{35, incident.Entry{Kind: incident.EntryUpdate}},
		{36, incident.Entry{Kind: incident.EntrySeverity, To: "SEV3"}},
		{48, incident.Entry{Kind: incident.EntryResolved}},
		{55, incident.Entry{Kind: incident.EntryReopened}},
		{70, incident.Entry{Kind: incident.EntryResolved}},
	} {
		e.At = noon.Add(time.Duration(e.minute) * time.Minute)
		timeline = append(timeline, e.Entry)
	}
	return report.CourseOf(i, incident.Definitions{}, timeline, noon.Add(70*time.Minute))
}

func TestThePictureOfACourse(t *testing.T) {
	t.Parallel()
	drawn, err := course().PNG()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := course().PNG(); err != nil || !bytes.Equal(drawn, again) {
		t.Errorf("drawn twice it differs: %v", err)
	}
	shown, format, err := image.Decode(bytes.NewReader(drawn))
	if err != nil || format != "png" || shown.Bounds().Dx() != 1280 {
		t.Errorf("%s of %v: %v", format, shown.Bounds(), err)
	}
	if path := os.Getenv("MUSTER_TEST_PICTURES"); path != "" {
		if err := os.WriteFile(path+"/course.png", drawn, 0o600); err != nil {
			t.Error(err)
		}
	}
}

// An incident that ended in the moment of its declaration has a picture, too.
func TestThePictureOfAMoment(t *testing.T) {
	t.Parallel()
	for _, until := range []time.Time{noon, noon.Add(-time.Hour), noon.AddDate(1, 0, 0)} {
		c := report.CourseOf(&incident.Incident{Number: 1, DeclaredAt: noon}, incident.Definitions{}, nil, until)
		if _, err := c.PNG(); err != nil {
			t.Errorf("until %v: %v", until, err)
		}
	}
}

func BenchmarkPicture(b *testing.B) {
	c := course()
	for b.Loop() {
		if _, err := c.PNG(); err != nil {
			b.Fatal(err)
		}
	}
}
