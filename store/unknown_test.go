package store_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"muster/incident"
	"muster/store"
)

var errCut = errors.New("cut")

// cutAfter pretends that the commits of an act were sent and not answered.
func cutAfter(act string) store.Option {
	return store.WithHook(store.Hook{After: func(_ context.Context, did string) error {
		if did == act {
			return errCut
		}
		return nil
	}})
}

// killBefore ends the session in the middle of an act's transaction, just before
// its commit: the commit is sent, fails, and was not done.
func killBefore(t *testing.T, address *string, act string) store.Option {
	return store.WithHook(store.Hook{Before: func(_ context.Context, did string) error {
		if did == act {
			query(t, *address, `SELECT count(pg_terminate_backend(pid))::text FROM pg_stat_activity
				WHERE datname = current_database() AND state = 'idle in transaction'`)
		}
		return nil
	}})
}

func declaration(key string) incident.Declaration {
	return incident.Declaration{Title: "db down", By: "ULEE", Origin: incident.Origin{Key: key}}
}

func TestACommitWithoutAnswerIsLookedUp(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	cut := open(t, address, cutAfter("declare"))
	i, made, err := cut.Declare(t.Context(), declaration("V1"), time.Time{}, build(declaration("V1"), noon))
	if err != nil || !made || i.Number != 1 {
		t.Fatalf("made %v, %+v, %v", made, i, err)
	}
	cut = open(t, address, cutAfter("change"))
	i, err = cut.Change(t.Context(), 1, "T1", to(incident.SEV2))
	if err != nil || i.Severity != incident.SEV2 {
		t.Errorf("%+v, %v", i, err)
	}
	if read, err := s.Incident(t.Context(), 1); err != nil || read.Severity != incident.SEV2 {
		t.Errorf("%+v, %v", read, err)
	}
}

// The usual reason why a commit has no answer is that its time is over: the look
// must not need that time.
func TestACommitThatRanOutOfTimeIsLookedUp(t *testing.T) {
	t.Parallel()
	_, address := fresh(t)
	for _, act := range []string{"declare", "change"} {
		ctx, cancel := context.WithCancel(t.Context())
		cut := open(t, address, store.WithHook(store.Hook{After: func(ctx context.Context, did string) error {
			if did == act {
				cancel()
			}
			return ctx.Err()
		}}))
		var i *incident.Incident
		var err error
		if act == "declare" {
			i, _, err = cut.Declare(ctx, declaration("V1"), time.Time{}, build(declaration("V1"), noon))
		} else {
			i, err = cut.Change(ctx, 1, "T1", to(incident.SEV2))
		}
		if err != nil || i.Number != 1 {
			t.Errorf("%s: %+v, %v", act, i, err)
		}
		cancel()
	}
}

func TestACommitThatWasNotDoneStaysUnknown(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	first := declared(t, s, incident.SEV4)
	before := image(t, address)

	killed := open(t, address, killBefore(t, &address, "declare"))
	_, made, err := killed.Declare(t.Context(), declaration("V9"), time.Time{}, build(declaration("V9"), noon))
	wantUnknown(t, err, "declare")
	if made {
		t.Error("made")
	}
	killed = open(t, address, killBefore(t, &address, "change"))
	_, err = killed.Change(t.Context(), first.Number, "T1", to(incident.SEV2))
	wantUnknown(t, err, "change")
	if after := image(t, address); after != before {
		t.Errorf("changed\n%s\nto\n%s", before, after)
	}
	again, err := s.Change(t.Context(), first.Number, "T1", to(incident.SEV2))
	if err != nil || again.Severity != incident.SEV2 {
		t.Errorf("trying again: %+v, %v", again, err)
	}
}

// Without a key there is nothing to look up.
func TestAKeylessChangeStaysUnknown(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	number := declared(t, s, incident.SEV4).Number
	_, err := open(t, address, cutAfter("change")).Change(t.Context(), number, "", to(incident.SEV2))
	wantUnknown(t, err, "change")
	if !errors.Is(err, errCut) {
		t.Errorf("%v does not wrap its cause", err)
	}
}

// A cut before the commit is no unknown outcome.
func TestACutBeforeTheCommitChangesNothing(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	number := declared(t, s, incident.SEV4).Number
	before := image(t, address)
	cut := open(t, address, store.WithHook(store.Hook{Before: func(context.Context, string) error { return errCut }}))
	_, changed := cut.Change(t.Context(), number, "T1", to(incident.SEV2))
	_, _, declared := cut.Declare(t.Context(), declaration("V9"), time.Time{}, build(declaration("V9"), noon))
	_, told := cut.Told(t.Context(), "k", "T1")
	_, claimed := cut.Claim(t.Context(), noon, lease)
	_, _, reserved := cut.Limits().Reserve(t.Context(), "b", time.Second, time.Second)
	for name, err := range map[string]error{"change": changed, "declare": declared, "told": told, "claim": claimed, "reserve": reserved} {
		if _, unknown := errors.AsType[*store.UnknownError](err); !errors.Is(err, errCut) || unknown {
			t.Errorf("%s: %v", name, err)
		}
	}
	if after := image(t, address); after != before {
		t.Errorf("changed\n%s\nto\n%s", before, after)
	}
	if known, err := s.Told(t.Context(), "k", "T2"); known || err != nil {
		t.Errorf("told %v, %v", known, err)
	}
}

// Who got no answer to a claim must not work under it.
func TestAClaimWithoutAnswerIsNone(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	declared(t, s, incident.SEV4)
	claim, err := open(t, address, cutAfter("claim")).Claim(t.Context(), noon, lease)
	wantUnknown(t, err, "claim")
	if claim != nil {
		t.Errorf("claimed %+v", claim)
	}
}

func wantUnknown(t *testing.T, err error, act string) {
	t.Helper()
	if unknown, ok := errors.AsType[*store.UnknownError](err); !ok || unknown.Act != act {
		t.Errorf("error %v, want an unknown outcome of %s", err, act)
	}
}
