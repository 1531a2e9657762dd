package slackhttp

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// ForeignError says that a 200 was not Slack's: each answer of a method says whether the
// call was ok. A proxy in between may answer so, and whether Slack has heard of the call is
// not known. The Slack library would take an answer without "ok" for a success.
type ForeignError struct{ Method string }

// Error names the method.
func (e *ForeignError) Error() string {
	return fmt.Sprintf("the answer to %s is not Slack's: is a proxy in between?", e.Method)
}

// genuine reads the answer of a method to its end, makes sure that it is Slack's, and
// gives the code of a refusal.
func genuine(method string, resp *http.Response) (code string, err error) {
	if resp.StatusCode != http.StatusOK || !strings.Contains(method, ".") {
		return "", nil
	}
	text, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		return "", fmt.Errorf("read the answer to %s: %w", method, hide(err))
	}
	var answer struct {
		OK    *bool
		Error string
	}
	if json.Unmarshal(text, &answer) != nil || answer.OK == nil {
		return "", &ForeignError{method}
	}
	resp.Body = io.NopCloser(bytes.NewReader(text))
	if !*answer.OK {
		code = answer.Error
	}
	return code, nil
}
