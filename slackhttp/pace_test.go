package slackhttp

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

const api = "https://slack.com/api/"

// refuseOnce answers 429 to the first call of a bubble, and 200 to all others.
func refuseOnce(retryAfter string) slack {
	first := true
	return func(*http.Request) (int, string) {
		if first {
			first = false
			return http.StatusTooManyRequests, retryAfter
		}
		return http.StatusOK, ""
	}
}

// mustPace fails unless the call is refused with Paced, and gives how long it must wait.
func mustPace(t *testing.T, client *Client, req *http.Request) time.Duration {
	t.Helper()
	status, err := post(t, client, req)
	var paced *Paced
	if !errors.As(err, &paced) {
		t.Fatalf("status %d, error %v, want Paced", status, err)
	}
	return time.Until(paced.Until)
}

// mustSend fails unless the call is answered 200, and gives how long that took.
func mustSend(t *testing.T, client *Client, req *http.Request) time.Duration {
	t.Helper()
	start := time.Now()
	if status, err := post(t, client, req); status != http.StatusOK || err != nil {
		t.Fatalf("status %d, error %v, want 200", status, err)
	}
	return time.Since(start)
}

func TestNothingIsPacedBeforeSlackSaysSo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := New(Options{Base: slack(func(*http.Request) (int, string) { return 200, "" })}).Client()
		for range 1000 {
			if took := mustSend(t, client, form(t, api+"conversations.create", "name=a")); took != 0 {
				t.Fatalf("waited %v", took)
			}
		}
	})
}

func TestRetryAfterClosesTheMethodAndThenItIsStrict(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := New(Options{Base: refuseOnce("7")}).Client()
		create := func() *http.Request { return form(t, api+"conversations.create", "name=a") }
		if status, err := post(t, client, create()); status != http.StatusTooManyRequests || err != nil {
			t.Fatalf("the 429 itself: status %d, error %v", status, err)
		}
		if wait := mustPace(t, client, create()); wait != 7*time.Second {
			t.Errorf("closed for %v, want 7s", wait)
		}
		mustSend(t, client, form(t, api+"conversations.invite", "channel=C1")) // another method

		time.Sleep(6500 * time.Millisecond)
		if took := mustSend(t, client, create()); took != 500*time.Millisecond {
			t.Errorf("waited %v for the opening, want 500ms", took)
		}
		// 20 a minute, nearly, is one in 3.06 s.
		if wait := mustPace(t, client, create()); wait != 3060*time.Millisecond {
			t.Errorf("next slot in %v, want 3.06s", wait)
		}
		if wait := mustPace(t, client, create()); wait != 3060*time.Millisecond {
			t.Errorf("being refused took a slot: next in %v", wait)
		}
		time.Sleep(StrictFor)
		for range 10 {
			if took := mustSend(t, client, create()); took != 0 {
				t.Fatalf("still strict: waited %v", took)
			}
		}
	})
}

// Slack counts the calls of the last minute. One was made at its beginning and all others at
// its end: that the first one is forgotten makes room for one call, not for a series. Each
// replica knows its own calls.
func TestASeriesFindsRoomAmongTheCallsBefore(t *testing.T) {
	t.Parallel()
	for replicas := 1; replicas <= 3; replicas++ {
		synctest.Test(t, func(t *testing.T) {
			strict := &limiter{perMinute: tier2}
			shared := NewMemory()
			var all []*Transport
			for range replicas {
				all = append(all, New(Options{Base: slack(func(*http.Request) (int, string) { return strict.call() }), Budget: shared}))
			}
			add := func(n int) (int, error) {
				return post(t, all[n%replicas].Client(), form(t, api+"bookmarks.add", "channel_id=C1"))
			}
			for n := range tier2 + 1 {
				if n == 1 {
					time.Sleep(55 * time.Second)
				}
				if _, err := add(n); err != nil {
					t.Fatal(err)
				}
			}
			began := time.Now()
			for n := range 2 * tier2 {
				for _, one := range all {
					if err := one.Refresh(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				_, err := add(n)
				for paced := (*Paced)(nil); errors.As(err, &paced); _, err = add(n) {
					time.Sleep(time.Until(paced.Until))
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if refused := len(strict.refused); refused != 1 {
				t.Errorf("%d replicas: Slack refused %d calls, the last %v after the first", replicas, refused, strict.refused[refused-1].Sub(began))
			}
			if took := time.Since(began); took > 3*time.Minute {
				t.Errorf("%d replicas: 40 calls took %v", replicas, took)
			}
		})
	}
}

// A refusal that the calls of the last minute don't explain closes for what Slack says.
func TestARefusalOfAFewCallsIsNoSeries(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		strict := &limiter{perMinute: 5}
		client := New(Options{Base: slack(func(*http.Request) (int, string) { return strict.call() })}).Client()
		add := func() *http.Request { return form(t, api+"bookmarks.add", "channel_id=C1") }
		for range 5 {
			mustSend(t, client, add())
		}
		time.Sleep(58 * time.Second)
		if status, _ := post(t, client, add()); status != http.StatusTooManyRequests {
			t.Fatal("no 429")
		}
		if wait := mustPace(t, client, add()); wait != 3*time.Second {
			t.Errorf("closed for %v, want 3s", wait)
		}
	})
}

func TestInteractiveCallsPassWhileBackgroundWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := New(Options{Base: refuseOnce("1")}).Client()
		update := func() *http.Request { return form(t, api+"chat.update", "channel=C1") }
		if status, _ := post(t, client, update()); status != http.StatusTooManyRequests {
			t.Fatal("no 429")
		}
		time.Sleep(time.Second)
		mustSend(t, client, update())
		mustPace(t, client, update())
		for range 20 {
			req := update()
			if took := mustSend(t, client, req.WithContext(Interactive(req.Context()))); took != 0 {
				t.Fatalf("an interactive call waited %v", took)
			}
		}
		if wait := mustPace(t, client, update()); wait != 1224*time.Millisecond {
			t.Errorf("background waits %v, want 1.224s", wait)
		}
	})
}

func TestFormsAndAnswersAreAlwaysInteractive(t *testing.T) {
	t.Parallel()
	for method, want := range map[string]bool{"views.open": true, "views.push": true, "response_url": true,
		"views.publish": true, "views.update": false, "chat.postEphemeral": false} {
		if got := interactive(t.Context(), method); got != want {
			t.Errorf("%s: %v, want %v", method, got, want)
		}
	}
}

func TestRetryAfterHoldsInteractiveCallsToo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := New(Options{Base: refuseOnce("5")}).Client()
		open := func() *http.Request { return form(t, api+"views.open", "trigger_id=1") }
		if status, _ := post(t, client, open()); status != http.StatusTooManyRequests {
			t.Fatal("no 429")
		}
		if wait := mustPace(t, client, open()); wait != 5*time.Second {
			t.Errorf("closed for %v, want 5s", wait)
		}
	})
}

func TestPostingIsLimitedByChannelAndBySeveralChannelsAltogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		full := map[string]bool{"C1": true, "C2": true}
		client := New(Options{Base: slack(func(req *http.Request) (int, string) {
			if full[channelOf(req)] {
				return http.StatusTooManyRequests, "20"
			}
			return http.StatusOK, ""
		})}).Client()
		say := func(channel string) *http.Request {
			return form(t, api+"chat.postMessage", "blocks=%5B%5D&channel="+channel+"&text=hi")
		}
		if status, _ := post(t, client, say("C1")); status != http.StatusTooManyRequests {
			t.Fatal("no 429 for C1")
		}
		if wait := mustPace(t, client, say("C1")); wait != 20*time.Second {
			t.Errorf("C1 is closed for %v, want 20s", wait)
		}
		mustSend(t, client, say("C3"))
		if status, _ := post(t, client, say("C2")); status != http.StatusTooManyRequests {
			t.Fatal("no 429 for C2")
		}
		mustPace(t, client, say("C3"))

		full = nil
		time.Sleep(20 * time.Second)
		mustSend(t, client, say("C1"))
		if wait := mustPace(t, client, say("C1")); wait != 1250*time.Millisecond {
			t.Errorf("next to C1 in %v, want 1.25s", wait)
		}
	})
}

func TestAbsentOrOddRetryAfterIsThirtySeconds(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]time.Duration{"": 30 * time.Second, "soon": 30 * time.Second, "-4": 30 * time.Second, "0": time.Second, "2": 2 * time.Second,
		"3600": time.Hour, "86400": time.Hour, "99999999999999999999": time.Hour, "9999999999999": time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			transport := New(Options{Base: refuseOnce(header)})
			resp, err := transport.RoundTrip(form(t, api+"pins.add", ""))
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if _, err := strconv.Atoi(resp.Header.Get("Retry-After")); err != nil {
				t.Errorf("%q: the header is now %q", header, resp.Header.Get("Retry-After"))
			}
			if wait := transport.gates.closedFor([]string{"pins.add"}, time.Now()); wait != want {
				t.Errorf("%q: closed for %v, want %v", header, wait, want)
			}
		})
	}
}

func TestAWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		transport := New(Options{Base: refuseOnce("1")})
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		transport.Learn("pins.add", StrictFor+time.Second)
		_, err := post(t, transport.Client(), form(t, api+"pins.add", "").WithContext(ctx))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the context's error", err)
		}
	})
}

func TestSocketsAreOpenedSlowlyAndNeverRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := New(Options{Base: slack(func(*http.Request) (int, string) { return 200, "" })}).Client()
		start := time.Now()
		for range 9 {
			mustSend(t, client, form(t, api+"apps.connections.open", ""))
		}
		if took := time.Since(start); took != 30*time.Second {
			t.Errorf("nine openings took %v, want 30s: three at once, then one in 5 s", took)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		start = time.Now()
		_, err := post(t, client, form(t, api+"apps.connections.open", "").WithContext(ctx))
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 2*time.Second {
			t.Errorf("after %v: %v; want to wait for the context's end, or callers try again at once", time.Since(start), err)
		}
	})
}

func TestOpeningASocketWaitsForRetryAfter(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client := New(Options{Base: refuseOnce("40")}).Client()
		if status, _ := post(t, client, form(t, api+"apps.connections.open", "")); status != http.StatusTooManyRequests {
			t.Fatal("no 429")
		}
		if took := mustSend(t, client, form(t, api+"apps.connections.open", "")); took != 40*time.Second {
			t.Errorf("waited %v, want 40s", took)
		}
	})
}
