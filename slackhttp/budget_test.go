package slackhttp

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// Two replicas hammer one method for ten minutes. After the first refusal they stay under
// the limit together, and they use most of it.
func TestReplicasShareTheBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		server := &limiter{perMinute: tier2, burst: 5}
		base := slack(func(*http.Request) (int, string) {
			mu.Lock()
			defer mu.Unlock()
			return server.call()
		})
		shared := NewMemory()
		begin := time.Now()
		var replicas sync.WaitGroup
		for range 2 {
			transport := New(Options{Base: base, Budget: shared})
			replicas.Go(func() {
				for time.Since(begin) < 10*time.Minute {
					_, err := post(t, transport.Client(), form(t, api+"conversations.create", ""))
					var paced *Paced
					if errors.As(err, &paced) {
						time.Sleep(time.Until(paced.Until))
					}
					if err := transport.Refresh(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		replicas.Wait()
		if len(server.refused) > 2 {
			t.Errorf("refused %d times, want only until both replicas know", len(server.refused))
		}
		if sent := len(server.allowed); sent < 185 || sent > 210 {
			t.Errorf("%d calls in ten minutes, want about 196", sent)
		}
	})
}

func TestAReplicaLearnsFromTheBudget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shared := NewMemory()
		first := New(Options{Base: refuseOnce("9"), Budget: shared}).Client()
		second := New(Options{Base: refuseOnce("9"), Budget: shared})
		if status, _ := post(t, first, form(t, api+"pins.add", "")); status != http.StatusTooManyRequests {
			t.Fatal("no 429")
		}
		if err := second.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
		if wait := mustPace(t, second.Client(), form(t, api+"pins.add", "")); wait != 9*time.Second {
			t.Errorf("closed for %v, want 9s", wait)
		}
	})
}

var errAway = errors.New("database away")

// away is a budget that cannot be reached.
type away struct{ Memory }

func (*away) Close(context.Context, string, time.Duration, time.Duration, time.Duration) error {
	return errAway
}

func (*away) Reserve(context.Context, string, time.Duration, time.Duration) (time.Duration, bool, error) {
	return 0, false, errAway
}

func (*away) Sent(context.Context, string, []time.Duration, int, time.Duration, time.Duration) error {
	return errAway
}

func (*away) Strict(context.Context) (map[string]time.Duration, error) { return nil, errAway }

func TestWithoutTheSharedBudgetTheOwnOneRules(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var calls []Call
		transport := New(Options{Base: refuseOnce("1"), Budget: &away{}, Observe: func(c Call) { calls = append(calls, c) }})
		client := transport.Client()
		add := func() *http.Request { return form(t, api+"pins.add", "") }
		if status, _ := post(t, client, add()); status != http.StatusTooManyRequests {
			t.Fatal("no 429")
		}
		time.Sleep(time.Second)
		mustSend(t, client, add())
		if wait := mustPace(t, client, add()); wait != 3060*time.Millisecond {
			t.Errorf("next slot in %v, want 3.06s", wait)
		}
		for i, call := range calls {
			if !errors.Is(call.BudgetErr, errAway) {
				t.Errorf("call %d does not tell that the budget failed", i)
			}
		}
		if err := transport.Refresh(t.Context()); !errors.Is(err, errAway) {
			t.Errorf("Refresh gives %v", err)
		}
	})
}

func TestMemoryForgetsWhatIsOver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory()
		_ = m.Close(t.Context(), "a", time.Second, time.Minute, time.Second)
		time.Sleep(2 * time.Minute)
		_ = m.Close(t.Context(), "b", time.Second, time.Minute, time.Second)
		left, _ := m.Strict(t.Context())
		if len(m.buckets) != 1 || left["b"] != time.Minute {
			t.Errorf("buckets %v, strict %v", m.buckets, left)
		}
	})
}
