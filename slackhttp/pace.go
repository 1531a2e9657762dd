package slackhttp

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// Paced is the error of a call that was not sent because its bucket is limited. It comes out
// of the Slack library wrapped: use errors.As.
type Paced struct {
	Method string
	Until  time.Time // when it is worth trying again
	// Interval is the time between two calls of the bucket while it is limited.
	Interval time.Duration
}

// RetryAt is when the call may be tried again.
func (p *Paced) RetryAt() time.Time { return p.Until }

// Every is how much later each next one in a queue may try.
func (p *Paced) Every() time.Duration { return p.Interval }

// Error names the method and the time.
func (p *Paced) Error() string {
	return fmt.Sprintf("%s is paced for Slack's limit until %s", p.Method, p.Until.Format(time.RFC3339))
}

type interactiveKey struct{}

// Interactive marks the calls made with the context as ones that a person is waiting for.
func Interactive(ctx context.Context) context.Context {
	return context.WithValue(ctx, interactiveKey{}, true)
}

// interactive reports whether a person waits for the call. Triggers die after 3 s, so a form
// is always opened at once; a Home tab is published to who looks at it; and response_url
// only exists for answers.
func interactive(ctx context.Context, method string) bool {
	return ctx.Value(interactiveKey{}) != nil || method == viewsOpen || method == viewsPush || method == viewsPublish || method == responseURL
}

// Queue is the time between two background calls of a method while Slack limits it,
// and zero while it does not.
func (t *Transport) Queue(method string) time.Duration {
	if len(t.gates.strict([]string{method}, time.Now())) == 0 {
		return 0
	}
	return backgroundInterval(method, t.minute)
}

// pace returns when the call may be sent, or with *Paced, or with the context's error.
func (t *Transport) pace(req *http.Request, call *Call) error {
	ctx := req.Context()
	if call.Method == connectionsOpen {
		return t.paceConnect(ctx)
	}
	if t.gates.empty() {
		return nil
	}
	buckets := []string{call.Method}
	if posts(call.Method) {
		// The channel comes first: it is the more likely one to refuse, and then no slot of
		// the method is taken in vain.
		buckets = []string{channelBucket(call.Method, channelOf(req)), call.Method}
	}
	patience, err := t.waitOpen(ctx, buckets, call)
	if err != nil || interactive(ctx, call.Method) {
		return err
	}
	for _, bucket := range t.gates.strict(buckets, time.Now()) {
		if patience, err = t.waitSlot(ctx, bucket, patience, call); err != nil {
			return err
		}
	}
	return nil
}

// waitOpen waits until Slack's Retry-After is over, and gives what is left of MaxWait.
func (t *Transport) waitOpen(ctx context.Context, buckets []string, call *Call) (time.Duration, error) {
	wait := t.gates.closedFor(buckets, time.Now())
	patience := t.patience()
	if wait > patience {
		return 0, paced(call, wait, backgroundInterval(call.Method, t.minute))
	}
	return patience - wait, sleep(ctx, wait)
}

// patience is MaxWait, or less where Slack's minutes are shorter.
func (t *Transport) patience() time.Duration {
	return min(MaxWait, time.Duration(t.minute.Minutes()*float64(MaxWait)))
}

// waitSlot waits for a slot of a strict bucket, and gives what is left of the patience.
func (t *Transport) waitSlot(ctx context.Context, bucket string, patience time.Duration, call *Call) (time.Duration, error) {
	interval := backgroundInterval(bucket, t.minute)
	wait, taken, err := t.shared.Reserve(ctx, bucket, interval, patience)
	if err != nil {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		call.BudgetErr = fmt.Errorf("reserve a slot of %s: %w", bucket, err)
		wait, taken, _ = t.own.Reserve(ctx, bucket, interval, patience)
	}
	if !taken {
		return 0, paced(call, wait, interval)
	}
	return patience - wait, sleep(ctx, wait)
}

func paced(call *Call, wait, interval time.Duration) error {
	call.Paced = true
	return &Paced{Method: call.Method, Until: time.Now().Add(wait), Interval: interval}
}

// paceConnect holds back the opening of sockets for as long as it takes. It never refuses:
// a refused reconnect would be tried again at once.
func (t *Transport) paceConnect(ctx context.Context) error {
	turn := t.connect.Reserve()
	if err := sleep(ctx, turn.Delay()); err != nil {
		turn.Cancel()
		return err
	}
	return sleep(ctx, t.gates.closedFor([]string{connectionsOpen}, time.Now()))
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
