// Package blockkit knows Slack's Block Kit the way Slack's servers and clients
// know it, so that a stand-in for Slack can refuse what Slack refuses and a test
// can read what a person would read.
//
// Three questions are answered, each from the JSON that an app sends:
//
//   - Is it allowed? CheckMessage and CheckView answer with the error codes and
//     JSON pointers of the Web API. Where Slack's documentation leaves a number
//     open, the check takes the narrower reading: an app that passes here passes
//     there.
//   - What does it say? Text and ViewText draw it as plain text, with references
//     resolved to names and escapes decoded exactly once, the last thing done.
//   - What can be done with it? Controls and Inputs list what a person can use,
//     by visible words; State builds the values a form sends when submitted.
//
// The package is pure: no clock, no network, no state.
package blockkit

import "fmt"

// Problem is one reason why Slack would refuse a message or a view.
type Problem struct {
	// Code is the error code of the Web API answer, such as invalid_blocks.
	Code string
	// Message is one line of response_metadata.messages, with a JSON pointer to
	// the place: [ERROR] must be less than 76 characters [json-pointer:/blocks/0/…].
	Message string
}

// String joins code and message for test output.
func (p Problem) String() string { return p.Code + ": " + p.Message }

func problem(code, at, format string, args ...any) Problem {
	return Problem{Code: code, Message: fmt.Sprintf("[ERROR] %s [json-pointer:%s]", fmt.Sprintf(format, args...), at)}
}
