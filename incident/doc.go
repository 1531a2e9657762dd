// Package incident says what an incident is, what may happen to it, and by
// whose hand. It knows neither Slack nor PostgreSQL.
//
// There are two kinds of state. Wishes are what people decided: the incident
// itself, who holds which role, the timeline. Only the Desk writes them, one
// transaction a verb, and each raises the incident's "wanted" count. Facts are
// what muster has done about it outside: channels made, messages posted,
// people invited. Only steps write them, and they raise nothing. A Case is
// both, read at one instant, and is all that a step needs to know.
//
// Verbs on Incident are pure: they take the acting person and the time, change
// the value, and leave timeline entries behind. The Desk runs them inside the
// row lock, so two people who act at once are put in order and neither is lost.
package incident
