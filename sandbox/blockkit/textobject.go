package blockkit

// plain accepts a plain_text object of 1 to max characters.
func plain(max int) rule {
	return func(c *checker, v any, at string) {
		o, ok := v.(map[string]any)
		if !ok {
			c.refuse(at, "must provide an object")
			return
		}
		if o["type"] != "plain_text" {
			c.refuse(at+"/type", "must be one of: plain_text")
			return
		}
		c.object(v, at, shape{"type": must(anything), "text": must(chars(1, max)), "emoji": may(boolean)})
	}
}

// text accepts a mrkdwn or plain_text object of 1 to max characters.
func text(max int) rule {
	return func(c *checker, v any, at string) {
		o, ok := v.(map[string]any)
		if !ok || o["type"] != "mrkdwn" {
			if ok && o["type"] != "plain_text" {
				c.refuse(at+"/type", "must be one of: mrkdwn, plain_text")
				return
			}
			plain(max)(c, v, at)
			return
		}
		c.object(v, at, shape{"type": must(anything), "text": must(chars(1, max)), "verbatim": may(boolean)})
		if s, ok := o["text"].(string); ok {
			c.dates(s, at+"/text")
		}
	}
}

// dates refuses date tokens that Slack would show raw.
func (c *checker) dates(s, at string) {
	for _, t := range tokens(s) {
		if t.kind == dateToken && !t.wellFormed() {
			c.refuse(at, "malformed date token: <%s>", t.raw)
		}
	}
}

// confirm is the dialog that asks again before an action is sent.
func confirm(c *checker, v any, at string) {
	c.object(v, at, shape{
		"title":   must(plain(100)),
		"text":    must(text(300)),
		"confirm": must(plain(30)),
		"deny":    must(plain(30)),
		"style":   may(style),
	})
}

func style(c *checker, v any, at string) { oneOf("primary", "danger")(c, v, at) }
