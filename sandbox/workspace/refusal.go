package workspace

import "net/url"

// call is one Web API call, its arguments as a form whatever they came as.
type call struct {
	method string
	form   url.Values
}

func (c *call) get(name string) string { return c.form.Get(name) }

func (c *call) flag(name string) bool {
	v := c.form.Get(name)
	return v == "true" || v == "1"
}

// reply is the body of an answer; "ok" is added.
type reply map[string]any

// slackError is an answer with ok:false.
type slackError struct {
	code     string
	messages []string       // response_metadata.messages
	extra    map[string]any // further fields: needed, provided, errors
}

func (e *slackError) Error() string { return e.code }

func refuse(code string, messages ...string) error {
	return &slackError{code: code, messages: messages}
}

func missing(argument string) error {
	return refuse("invalid_arguments", "[ERROR] missing required field: "+argument)
}

// body is the JSON of the answer.
func (e *slackError) body() reply {
	r := reply{"ok": false, "error": e.code}
	for name, value := range e.extra {
		r[name] = value
	}
	if len(e.messages) > 0 {
		r["response_metadata"] = map[string]any{"messages": e.messages}
	}
	return r
}
