package blockkit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf16"
)

// Limits of Slack's reference documentation that a caller may want to name.
const (
	// MessageTextLimit is the longest text of one message. Slack refuses longer
	// ones in chat.update, and splits them in chat.postMessage into several
	// messages of which the app learns only one ts: refused here in both.
	MessageTextLimit = 4000
	// MessageBlocksLimit and ViewBlocksLimit bound the number of blocks.
	MessageBlocksLimit = 50
	ViewBlocksLimit    = 100
	// ViewSizeLimit is the size of a whole view as JSON, in bytes (250 KB).
	ViewSizeLimit = 250 * 1000
	// attachmentsLimit is the number of attachments of one message.
	attachmentsLimit = 100
	// blocksTextLimit stands for a limit that Slack does not publish: the text of
	// all blocks together. Apps saw refusals from about 11,000 characters on.
	blocksTextLimit = 10_000
	// markdownLimit bounds the text of all markdown blocks together.
	markdownLimit = 12_000
)

// surface is where blocks are shown; some blocks exist on some surfaces only.
type surface string

const (
	inMessage surface = "message"
	inModal   surface = "modal"
	inHome    surface = "home"
)

// checker walks decoded JSON and collects problems. One checker serves one
// message or view, because block ids are unique over the whole of it.
type checker struct {
	code     string
	surface  surface
	problems []Problem
	blockIDs map[string]bool
	markdown int
	focused  int
}

// CheckMessage says why Slack would refuse a message; nil means it is accepted.
// Blocks and attachments are JSON arrays, or empty when the message has none.
func CheckMessage(text string, blocks, attachments json.RawMessage) []Problem {
	c := &checker{code: "invalid_blocks", surface: inMessage, blockIDs: map[string]bool{}}
	if length(text) > MessageTextLimit {
		c.add("msg_too_long", "/text", "must be less than %d characters", MessageTextLimit+1)
	}
	list := c.array(blocks, "invalid_blocks_format", "/blocks")
	extras := c.array(attachments, "invalid_attachments", "/attachments")
	if text == "" && len(list) == 0 && len(extras) == 0 && len(c.problems) == 0 {
		c.add("no_text", "/text", "missing required field: text")
	}
	c.blocks(list, "/blocks", MessageBlocksLimit)
	if textIn(list) > blocksTextLimit {
		c.add("msg_blocks_too_long", "/blocks", "the text of all blocks must be less than %d characters", blocksTextLimit+1)
	}
	c.attachments(extras)
	return c.problems
}

// CheckView says why Slack would refuse a modal or a Home tab; nil means it is
// accepted. Both kinds are told apart by the view's own type.
func CheckView(view json.RawMessage) []Problem {
	c := &checker{code: "invalid_arguments", blockIDs: map[string]bool{}}
	if len(view) > ViewSizeLimit {
		c.add("view_too_large", "/view", "must be less than %d bytes", ViewSizeLimit+1)
		return c.problems
	}
	v, err := decode(view)
	if err != nil {
		c.refuse("/view", "must provide an object")
		return c.problems
	}
	c.view(v)
	return c.problems
}

func (c *checker) add(code, at, format string, args ...any) {
	c.problems = append(c.problems, problem(code, at, format, args...))
}

func (c *checker) refuse(at, format string, args ...any) { c.add(c.code, at, format, args...) }

// array decodes an optional JSON array of a message.
func (c *checker) array(raw json.RawMessage, code, at string) []any {
	if len(bytes.TrimSpace(raw)) == 0 {
		return nil
	}
	v, err := decode(raw)
	if err == nil && v == nil {
		return nil
	}
	list, ok := v.([]any)
	if err != nil || !ok {
		c.add(code, at, "must provide an array")
	}
	return list
}

func (c *checker) blocks(list []any, at string, limit int) {
	if len(list) > limit {
		c.refuse(at, "no more than %d items allowed", limit)
	}
	for i, v := range list {
		c.block(v, item(at, i))
	}
	if c.markdown > markdownLimit {
		c.refuse(at, "markdown blocks must be less than %d characters together", markdownLimit+1)
	}
}

func (c *checker) attachments(list []any) {
	c.code = "invalid_attachments"
	if len(list) > attachmentsLimit {
		c.add("too_many_attachments", "/attachments", "no more than %d items allowed", attachmentsLimit)
	}
	for i, v := range list {
		at := item("/attachments", i)
		attachment, ok := v.(map[string]any)
		if !ok {
			c.refuse(at, "must provide an object")
			continue
		}
		if inner, found := attachment["blocks"]; found && inner != nil {
			c.attached(inner, at+"/blocks")
		}
	}
}

func (c *checker) attached(v any, at string) {
	list, ok := v.([]any)
	if !ok {
		c.refuse(at, "must provide an array")
		return
	}
	c.blocks(list, at, MessageBlocksLimit)
}

// decode reads one JSON value whole, numbers kept as written.
func decode(raw json.RawMessage) (any, error) {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("decode: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("decode: more than one value")
	}
	return v, nil
}

// length counts characters. Slack does not say whether it counts code points or
// UTF-16 units; the latter is never the smaller number, so it is the safe count.
func length(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// textIn adds up what a person can read in decoded blocks: every string under a
// key named text.
func textIn(v any) int {
	n := 0
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			n += textIn(e)
		}
	case map[string]any:
		for k, e := range v {
			if s, ok := e.(string); ok && k == "text" {
				n += length(s)
			} else {
				n += textIn(e)
			}
		}
	}
	return n
}

func item(at string, i int) string { return at + "/" + strconv.Itoa(i) }
