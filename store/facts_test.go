package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"muster/incident"
	"muster/store"
)

// facts is all that was done about incidents, as text.
func facts(t *testing.T, address string) string {
	t.Helper()
	return query(t, address, `
		SELECT (SELECT coalesce(jsonb_agg(r), '[]') FROM rooms r)::text
		    || (SELECT coalesce(jsonb_agg(p ORDER BY key), '[]') FROM postings p)::text
		    || (SELECT coalesce(jsonb_agg(d ORDER BY key), '[]') FROM deeds d)::text`)
}

var posting = incident.Posting{Key: "card", Channel: "C1", Thread: "1.1", AttemptedAt: noon, SentAt: noon}

// begins are all acts that only the holder of a claim may begin. Each finds
// something to act on.
func begins(s *store.Store, t *testing.T) map[string]func(c *incident.Claim) error {
	ctx := t.Context()
	return map[string]func(c *incident.Claim) error{
		"room":    func(c *incident.Claim) error { return s.BeginRoom(ctx, c, incident.RoomMain, "inc-1", noon) },
		"posting": func(c *incident.Claim) error { return s.BeginPosting(ctx, c, posting) },
		"looked":  func(c *incident.Claim) error { return s.Looked(ctx, c, "seen") },
		"gone":    func(c *incident.Claim) error { return s.Gone(ctx, c, "seen") },
		"deed":    func(c *incident.Claim) error { return s.BeginDeed(ctx, c, "topic", "SEV4", noon) },
	}
}

// Somebody deletes the card while an edit of it is on its way: the edit's result does not
// hide that.
func TestADeletionDuringAnEditIsSeen(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	declared(t, s, incident.SEV4)
	_, c := taken(t, s)
	card := incident.Posting{Key: "card", Channel: "C1", TS: "1.1", Hash: "h1", AttemptedAt: noon, SentAt: noon}
	hash := func() string { return query(t, address, `SELECT hash FROM postings WHERE key = 'card'`) }
	for _, act := range []func() error{
		func() error { return s.BeginPosting(t.Context(), c, card) },
		func() error { _, err := s.EndPosting(t.Context(), c, card); return err },
		func() error { return s.BeginEdit(t.Context(), c, "card") },
		func() error { return s.Deleted(t.Context(), "C1", "1.1") },
		func() error { return s.Edited(t.Context(), c, "card", "h2", "", noon) },
	} {
		if err := act(); err != nil {
			t.Fatal(err)
		}
	}
	if got := hash(); got == "h2" {
		t.Error("the card passes for one that shows h2")
	}
	if err := s.BeginEdit(t.Context(), c, "card"); err != nil {
		t.Fatal(err)
	}
	if err := s.Edited(t.Context(), c, "card", "h2", "", noon); err != nil {
		t.Fatal(err)
	}
	if got := hash(); got != "h2" {
		t.Errorf("after an edit that found it, the card shows %q", got)
	}
}

func TestOnlyTheHolderBegins(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	declared(t, s, incident.SEV4)
	sleeper, holder := taken(t, s)
	if err := s.BeginPosting(t.Context(), holder, incident.Posting{Key: "seen", Channel: "C1", AttemptedAt: noon}); err != nil {
		t.Fatal(err)
	}
	before := facts(t, address)
	other := *holder
	other.Subject = "incident:2"
	free := incident.Claim{Subject: holder.Subject}
	for name, begin := range begins(s, t) {
		for whose, c := range map[string]*incident.Claim{"a sleeper": sleeper, "another subject's holder": &other, "nobody": &free} {
			if err := begin(c); !errors.Is(err, incident.ErrFenced) {
				t.Errorf("%s by %s: %v, want it fenced", name, whose, err)
			}
		}
	}
	if after := facts(t, address); after != before {
		t.Errorf("fenced acts changed\n%s\nto\n%s", before, after)
	}
	for _, name := range []string{"room", "posting", "looked", "gone", "deed"} {
		if err := begins(s, t)[name](holder); err != nil {
			t.Errorf("%s by the holder: %v", name, err)
		}
	}
	release(t, s, holder, incident.Outcome{Done: true, RetryAt: noon})
	if err := s.BeginPosting(t.Context(), holder, posting); !errors.Is(err, incident.ErrFenced) {
		t.Errorf("after the release: %v", err)
	}
}

// A call that begins has a whole lease before it.
func TestBeginningExtendsTheLease(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	declared(t, s, incident.SEV4)
	c := claim(t, s)
	exec(t, address, `UPDATE reconciliations SET claimed_until = now()`)
	if err := s.BeginDeed(t.Context(), c, "topic", "x", noon); err != nil {
		t.Fatal(err)
	}
	if got := query(t, address, `SELECT (claimed_until > now() + interval '50 s')::text FROM reconciliations`); got != "true" {
		t.Error("the lease was not extended")
	}
	wantNothingDue(t, s, noon)
}

func TestAPostingThroughItsLife(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	number := declared(t, s, incident.SEV4).Number
	c := claim(t, s)
	begun := incident.Posting{Key: "card", Channel: "C1", Thread: "1.1", SentAt: noon, AttemptedAt: noon}
	want := func(p incident.Posting) {
		t.Helper()
		have, err := s.Case(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(map[string]incident.Posting{p.Key: p}, have.Postings); d != "" {
			t.Errorf("postings (-want +got):\n%s", d)
		}
	}
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ok(s.BeginPosting(t.Context(), c, begun))
	want(begun)
	ok(s.Looked(t.Context(), c, "card"))
	looked := begun
	looked.Looks = 1
	want(looked)
	ok(s.RefusePosting(t.Context(), c, "card", "is_archived"))
	want(incident.Posting{Key: "card", Channel: "C1", Thread: "1.1", SentAt: noon, Looks: 1, Error: "is_archived"})
	ok(s.BeginPosting(t.Context(), c, begun))
	want(begun)
	posted := begun
	posted.TS, posted.Hash = "2.2", "h1"
	ts, err := s.EndPosting(t.Context(), c, posted)
	ok(err)
	if ts != "2.2" {
		t.Errorf("ts %q", ts)
	}
	posted.AttemptedAt = time.Time{}
	want(posted)
	ok(s.Edited(t.Context(), c, "card", "h2", "", noon.Add(time.Minute)))
	posted.Hash, posted.SentAt = "h2", noon.Add(time.Minute)
	want(posted)
	ok(s.Gone(t.Context(), c, "card"))
	have, err := s.Case(t.Context(), number)
	ok(err)
	if len(have.Postings) != 0 {
		t.Errorf("gone, but %+v", have.Postings)
	}
}

// The sleeper posted, slept, and ends after another replica has posted the same
// message: it hears of the other's, to delete its own. What it says of refusals
// or deletions is of a message that is not on record any more.
func TestASleeperEndsItsPosting(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	declared(t, s, incident.SEV4)
	sleeper, err := s.Claim(t.Context(), noon, lease)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.BeginPosting(t.Context(), sleeper, posting); err != nil {
		t.Fatal(err)
	}
	exec(t, address, `UPDATE reconciliations SET claimed_until = '-infinity'`)
	holder := claim(t, s)
	if err := s.BeginPosting(t.Context(), holder, posting); err != nil {
		t.Fatal(err)
	}
	before := facts(t, address)
	if err := s.RefusePosting(t.Context(), sleeper, "card", ""); err != nil {
		t.Error(err)
	}
	if err := s.Gone(t.Context(), sleeper, "card"); !errors.Is(err, incident.ErrFenced) {
		t.Error(err)
	}
	if after := facts(t, address); after != before {
		t.Errorf("the sleeper cleared the holder's attempt:\n%s\nto\n%s", before, after)
	}
	end := func(c *incident.Claim, ts string) string {
		t.Helper()
		mine := posting
		mine.TS, mine.Hash = ts, "hash of "+ts
		on, err := s.EndPosting(t.Context(), c, mine)
		if err != nil {
			t.Fatal(err)
		}
		return on
	}
	if on := end(holder, "2.2"); on != "2.2" {
		t.Errorf("on record is %s", on)
	}
	if on := end(sleeper, "1.9"); on != "2.2" {
		t.Errorf("the sleeper hears of %s, want the holder's 2.2", on)
	}
	if got := query(t, address, `SELECT ts || ' ' || hash FROM postings`); got != "2.2 hash of 2.2" {
		t.Errorf("on record is %s", got)
	}
}

func TestARoomThroughItsLife(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	number := declared(t, s, incident.SEV4).Number
	c := claim(t, s)
	want := func(r incident.Room) {
		t.Helper()
		have, err := s.Case(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff([]incident.Room{r}, have.Rooms); d != "" {
			t.Errorf("rooms (-want +got):\n%s", d)
		}
	}
	steps := []struct {
		do   func() error
		want incident.Room
	}{
		{func() error { return s.BeginRoom(t.Context(), c, incident.RoomMain, "inc-1", noon) },
			incident.Room{Purpose: "room", Name: "inc-1", AttemptedAt: noon}},
		{func() error {
			return s.EndRoom(t.Context(), c, incident.Room{Purpose: incident.RoomMain, ID: "", Name: "inc-1"})
		},
			incident.Room{Purpose: "room", Name: "inc-1"}},
		{func() error { return s.BeginRoom(t.Context(), c, incident.RoomMain, "inc-1-2", noon) },
			incident.Room{Purpose: "room", Name: "inc-1-2", AttemptedAt: noon}},
		{func() error {
			return s.EndRoom(t.Context(), c, incident.Room{Purpose: incident.RoomMain, ID: "C1", Name: "inc-1-2"})
		},
			incident.Room{Purpose: "room", Name: "inc-1-2", ID: "C1"}},
		{func() error {
			return s.EndRoom(t.Context(), c, incident.Room{Purpose: incident.RoomMain, ID: "C2", Name: "late"})
		},
			incident.Room{Purpose: "room", Name: "inc-1-2", ID: "C1"}},
	}
	for n, step := range steps {
		if err := step.do(); err != nil {
			t.Fatalf("step %d: %v", n, err)
		}
		want(step.want)
	}
	if got, err := s.RoomOf(t.Context(), number); got != "C1" || err != nil {
		t.Errorf("room of: %q, %v", got, err)
	}
	for name, look := range map[string]func(string) (int64, error){
		"in room":    func(id string) (int64, error) { return s.InRoom(t.Context(), id) },
		"room owner": func(id string) (int64, error) { return s.RoomOwner(t.Context(), id) },
	} {
		for id, want := range map[string]int64{"C1": number, "C2": 0, "": 0} {
			if got, err := look(id); got != want || err != nil {
				t.Errorf("%s %q: %d, %v", name, id, got, err)
			}
		}
	}
	// A second incident can't get the same channel.
	declared(t, s, incident.SEV4)
	second := claim(t, s)
	if err := s.BeginRoom(t.Context(), second, incident.RoomMain, "inc-2", noon); err != nil {
		t.Fatal(err)
	}
	if err := s.EndRoom(t.Context(), second, incident.Room{Purpose: incident.RoomMain, ID: "C1", Name: "inc-2"}); err == nil {
		t.Error("two incidents have one channel")
	}
}

// A room that is only begun belongs to nobody: its empty channel id must not be
// found as one.
func TestABegunRoomIsNoRoom(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	number := declared(t, s, incident.SEV4).Number
	sleeper, err := s.Claim(t.Context(), noon, lease)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.BeginRoom(t.Context(), sleeper, incident.RoomMain, "inc-1", noon); err != nil {
		t.Fatal(err)
	}
	if got, err := s.InRoom(t.Context(), ""); got != 0 || err != nil {
		t.Errorf("in room: %d, %v", got, err)
	}
	if got, err := s.RoomOf(t.Context(), number); got != "" || err != nil {
		t.Errorf("room of: %q, %v", got, err)
	}
	exec(t, address, `UPDATE reconciliations SET claimed_until = '-infinity'`)
	holder := claim(t, s)
	if err := s.BeginRoom(t.Context(), holder, incident.RoomMain, "inc-1", noon); err != nil {
		t.Fatal(err)
	}
	before := facts(t, address)
	if err := s.EndRoom(t.Context(), sleeper, incident.Room{Purpose: incident.RoomMain, ID: "", Name: "inc-1"}); err != nil {
		t.Error(err)
	}
	if after := facts(t, address); after != before {
		t.Errorf("a sleeper's refusal cleared the holder's attempt:\n%s\nto\n%s", before, after)
	}
	if err := s.EndRoom(t.Context(), sleeper, incident.Room{Purpose: incident.RoomMain, ID: "C1", Name: "inc-1"}); err != nil {
		t.Error(err)
	}
	if got, _ := s.RoomOf(t.Context(), number); got != "C1" {
		t.Errorf("a channel that was made is not on record: %q", got)
	}
}

func TestADeedThroughItsLife(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	number := declared(t, s, incident.SEV4).Number
	c := claim(t, s)
	steps := []struct {
		do   func() error
		want incident.Deed
	}{
		{func() error { return s.BeginDeed(t.Context(), c, "topic", "SEV4", noon) },
			incident.Deed{Key: "topic", Value: "SEV4", AttemptedAt: noon}},
		{func() error {
			return s.EndDeed(t.Context(), c, incident.Deed{Key: "topic", Value: "SEV4", Ref: "R1", DoneAt: noon})
		},
			incident.Deed{Key: "topic", Value: "SEV4", Ref: "R1", DoneAt: noon}},
		{func() error { return s.BeginDeed(t.Context(), c, "topic", "SEV2", noon) },
			incident.Deed{Key: "topic", Value: "SEV2", Ref: "R1", AttemptedAt: noon}},
		{func() error {
			return s.EndDeed(t.Context(), c, incident.Deed{Key: "topic", Value: "SEV2", Error: "no", DoneAt: noon})
		},
			incident.Deed{Key: "topic", Value: "SEV2", Error: "no", DoneAt: noon}},
	}
	for n, step := range steps {
		if err := step.do(); err != nil {
			t.Fatalf("step %d: %v", n, err)
		}
		have, err := s.Case(t.Context(), number)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(map[string]incident.Deed{"topic": step.want}, have.Deeds); d != "" {
			t.Errorf("step %d, deeds (-want +got):\n%s", n, d)
		}
	}
}

func TestDirectChannels(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	for _, want := range []string{"", "D1", "D2"} {
		if want != "" {
			if err := s.SaveDirectChannel(t.Context(), "U1", want); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := s.DirectChannel(t.Context(), "U1"); got != want || err != nil {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
}
