package outage_test

import (
	"bytes"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"

	"muster/outage"
)

func TestWhatComesBackIsSaidOnce(t *testing.T) {
	for _, c := range []struct {
		long time.Duration
		said string
	}{
		{5 * time.Second, ""},
		{11 * time.Second, "Slack is back after 11 s"},
		{130 * time.Second, "Slack is back after 2 min 10 s"},
		{125 * time.Minute, "Slack is back after 2 h 5 min"},
	} {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			o := &outage.Outage{What: "Slack", Log: zerolog.New(&out), Least: 10 * time.Second}
			o.Back()
			o.Away()
			for range 10 {
				time.Sleep(c.long / 10)
				o.Away()
			}
			o.Back()
			o.Back()
			want := ""
			if c.said != "" {
				want = `{"level":"info","message":"` + c.said + "\"}\n"
			}
			if out.String() != want {
				t.Errorf("after %s: %q, want %q", c.long, out.String(), want)
			}
		})
	}
}

func TestAnAbsenceMayBeNoticedLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		o := &outage.Outage{What: "Slack", Log: zerolog.New(&out)}
		o.AwayFor(40 * time.Second)
		time.Sleep(5 * time.Second)
		o.Back()
		if want := `{"level":"info","message":"Slack is back after 45 s"}` + "\n"; out.String() != want {
			t.Errorf("%q, want %q", out.String(), want)
		}
	})
}
