package slackhttp

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// defaultRetryAfter is assumed when a 429 does not say for how long. Slack's own Python
// library assumes the same.
const defaultRetryAfter = 30 * time.Second

// longestRetryAfter is what is believed at most: Slack's waits are of a minute or so,
// and a proxy's mistake must not close a method for a year, in all replicas.
const longestRetryAfter = time.Hour

// refused learns from a 429. Without a number in Retry-After that can be believed the header is
// put right: the Slack library makes its RateLimitedError only of a number.
func (t *Transport) refused(req *http.Request, resp *http.Response, call *Call) {
	seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	switch {
	case errors.Is(err, strconv.ErrRange), seconds > int(longestRetryAfter/time.Second):
		call.RetryAfter = longestRetryAfter
	case err != nil, seconds < 0:
		call.RetryAfter = t.retryAfter
	default:
		call.RetryAfter = time.Duration(seconds) * time.Second
	}
	resp.Header.Set("Retry-After", strconv.Itoa(int(call.RetryAfter.Seconds())))
	closed := max(call.RetryAfter, time.Second) // "0" still means: not at once
	for _, bucket := range t.refusedBuckets(req, call.Method) {
		t.shut(req.Context(), bucket, closed, call)
	}
}

// refusedBuckets are those that a 429 closes. Slack does not say whether the channel or the
// whole workspace had too many messages: the first 429 closes the channel, and one for a
// second channel while the first is closed closes posting altogether.
func (t *Transport) refusedBuckets(req *http.Request, method string) []string {
	if !posts(method) {
		return []string{method}
	}
	bucket := channelBucket(method, channelOf(req))
	if t.gates.otherChannelClosed(method, bucket, time.Now()) {
		return []string{bucket, method}
	}
	return []string{bucket}
}

// shut closes a bucket here and in the shared budget.
func (t *Transport) shut(ctx context.Context, bucket string, closed time.Duration, call *Call) {
	news := t.learn(bucket, closed+StrictFor)
	// The other replicas must hear of it even when our caller gives up now.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), budgetTimeout)
	defer cancel()
	if t.shared != Budget(t.own) {
		if err := t.shared.Close(ctx, bucket, closed, closed+StrictFor, backgroundInterval(bucket, t.minute)); err != nil {
			call.BudgetErr = fmt.Errorf("close %s: %w", bucket, err)
		}
	}
	if !news {
		return
	}
	if err := t.recall(ctx, bucket); err != nil {
		call.BudgetErr = errors.Join(call.BudgetErr, err)
	}
}

// budgetTimeout bounds a write to the shared budget after a 429; the answer waits for it.
const budgetTimeout = time.Second

// Learn takes over a limit that another replica found: the bucket is strict for the given
// time from now, and closed for as much of it as exceeds StrictFor. Older news change nothing.
func (t *Transport) Learn(bucket string, strict time.Duration) { t.learn(bucket, strict) }

// learn is Learn, and reports whether the bucket was not limited before.
func (t *Transport) learn(bucket string, strict time.Duration) (news bool) {
	now := time.Now()
	news = t.gates.shut(bucket, now, now.Add(strict-StrictFor), now.Add(strict))
	_ = t.own.Close(context.Background(), bucket, strict-StrictFor, strict, 0) // a Memory never fails
	return news
}

// Refresh learns every limit of the shared budget: at the start, and whenever another replica
// may have found one.
func (t *Transport) Refresh(ctx context.Context) error {
	limits, err := t.shared.Strict(ctx)
	if err != nil {
		return fmt.Errorf("read Slack's limits: %w", err)
	}
	var failed error
	for bucket, strict := range limits {
		if t.learn(bucket, strict) {
			failed = errors.Join(failed, t.recall(ctx, bucket))
		}
	}
	return failed
}
