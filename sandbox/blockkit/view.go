package blockkit

// view checks a modal or a Home tab. Besides the blocks only modals have words
// of their own, each at most 24 characters of plain_text.
func (c *checker) view(v any) {
	o, ok := v.(map[string]any)
	if !ok {
		c.refuse("/view", "must provide an object")
		return
	}
	s := shape{"type": must(anything), "blocks": must(list(1, ViewBlocksLimit, anything)), "private_metadata": may(chars(0, 3000)),
		"callback_id": may(chars(0, 255)), "external_id": may(chars(0, 255))}
	switch o["type"] {
	case "modal":
		c.surface = inModal
		s = s.with(shape{"title": must(plain(24)), "submit": may(plain(24)), "close": may(plain(24)),
			"clear_on_close": may(boolean), "notify_on_close": may(boolean), "submit_disabled": may(boolean)})
	case "home":
		c.surface = inHome
	default:
		c.refuse("/view/type", "must be one of: modal, home")
		return
	}
	c.object(v, "/view", s)
	blocks, _ := o["blocks"].([]any)
	for i, b := range blocks {
		c.block(b, item("/view/blocks", i))
	}
	if c.surface == inModal && o["submit"] == nil && hasInput(blocks) {
		c.refuse("/view", "missing_submit: `submit` is required when an `input` block is within the blocks array")
	}
}

func hasInput(blocks []any) bool {
	for _, v := range blocks {
		if b, ok := v.(map[string]any); ok && b["type"] == "input" {
			return true
		}
	}
	return false
}
