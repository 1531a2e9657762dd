package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"muster/incident"
)

func TestALinkSignsInOnce(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	if err := s.SaveLink(t.Context(), "UANA", []byte("link"), time.Minute); err != nil {
		t.Fatal(err)
	}
	for range 2 { // looking spends nothing
		if who, err := s.LinkPerson(t.Context(), []byte("link")); who != "UANA" || err != nil {
			t.Fatalf("the link is of %q, %v", who, err)
		}
	}
	var in atomic.Int64
	var group sync.WaitGroup
	for n := range 8 {
		group.Go(func() {
			who, err := s.SpendLink(t.Context(), []byte("link"), []byte{byte(n)}, time.Minute)
			if err != nil {
				t.Error(err)
			}
			if who == "UANA" {
				in.Add(1)
			}
			if found, _ := s.SessionPerson(t.Context(), []byte{byte(n)}); found != who {
				t.Errorf("session %d is of %q, not %q", n, found, who)
			}
		})
	}
	group.Wait()
	if in.Load() != 1 {
		t.Errorf("signed in %d times", in.Load())
	}
}

func TestLinksAndSessionsEnd(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	if err := s.SaveLink(t.Context(), "UANA", []byte("old"), -time.Second); err != nil {
		t.Fatal(err)
	}
	if who, err := s.SpendLink(t.Context(), []byte("old"), []byte("one"), time.Minute); who != "" || err != nil {
		t.Errorf("signed in by an old link: %q, %v", who, err)
	}
	for _, life := range []time.Duration{time.Minute, -time.Second} {
		if err := s.SaveLink(t.Context(), "UANA", []byte("link"), time.Minute); err != nil {
			t.Fatal(err)
		}
		if who, err := s.SpendLink(t.Context(), []byte("link"), []byte(life.String()), life); who != "UANA" || err != nil {
			t.Fatalf("%q, %v", who, err)
		}
	}
	if who, _ := s.SessionPerson(t.Context(), []byte((-time.Second).String())); who != "" {
		t.Errorf("a session that is over is of %q", who)
	}
	if err := s.EndSession(t.Context(), []byte(time.Minute.String())); err != nil {
		t.Fatal(err)
	}
	if who, _ := s.SessionPerson(t.Context(), []byte(time.Minute.String())); who != "" {
		t.Errorf("after signing out, the session is of %q", who)
	}
	if err := s.SaveLink(t.Context(), "UBO", []byte("new"), time.Minute); err != nil {
		t.Fatal(err)
	}
	if n := query(t, address, `SELECT (SELECT count(*) FROM console_links) || ' ' || (SELECT count(*) FROM console_sessions)`); n != "1 0" {
		t.Errorf("what is over is kept: %s", n)
	}
}

func TestAPersonIsSignedOutEverywhere(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	for _, person := range []string{"UANA", "UBO"} {
		for _, link := range []string{"used", "unused"} {
			if err := s.SaveLink(t.Context(), person, []byte(person+link), time.Minute); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.SpendLink(t.Context(), []byte(person+"used"), []byte(person), time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.EndSessions(t.Context(), "UANA"); err != nil {
		t.Fatal(err)
	}
	for person, want := range map[string]string{"UANA": "", "UBO": "UBO"} {
		session, _ := s.SessionPerson(t.Context(), []byte(person))
		link, _ := s.LinkPerson(t.Context(), []byte(person+"unused"))
		if session != want || link != want {
			t.Errorf("%s: the session is of %q, the link of %q", person, session, link)
		}
	}
}

func TestNobodyHasManyLinks(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	var err error
	for n := range byte(6) {
		if err = s.SaveLink(t.Context(), "UANA", []byte{n}, time.Minute); n < 5 && err != nil {
			t.Fatal(err)
		}
	}
	if !incident.IsKind(err, incident.Conflict) {
		t.Errorf("the sixth link: %v", err)
	}
	if err := s.SaveLink(t.Context(), "UBO", []byte{9}, time.Minute); err != nil {
		t.Errorf("somebody else's first link: %v", err)
	}
}
