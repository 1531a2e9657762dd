// Package slackhttp is the one road from muster to Slack's HTTP side: the RoundTripper under
// the Slack library, and the client made with it. No other code sleeps because of Slack.
//
// What happens to a call:
//
//   - It may wait a moment, or be refused with [Paced], when Slack has lately refused calls of
//     its kind. Nothing is paced before Slack says 429: it tolerates bursts, and an incident
//     is a burst.
//   - It is sent with a deadline of [CallTimeout], on a connection that is used again.
//   - A 429 closes the call's bucket for Retry-After and makes it strict for [StrictFor] after
//     that: background calls then reserve slots at the documented rate. The 429 itself goes
//     back to the caller.
//   - A 200 that does not say whether the call was ok is not Slack's: [ForeignError].
//   - It is reported to Options.Observe, and no error tells a token or a secret address.
//
// A bucket is a method, and for posting also a method with a channel. Slack counts per app and
// workspace, so buckets are shared by all replicas through a [Budget]; each replica keeps in
// memory which ones are limited, so that a call that is not costs no query. It learns of
// limits from its own 429s, and through [Transport.Learn] from those of others.
//
// Calls that a person waits for ([Interactive], and always opening a form or answering by
// response_url) never queue behind background work: strict pacing does not count them, and a
// fifth of the rate of what they may need is left free for them. Only Slack's own Retry-After holds them.
package slackhttp
