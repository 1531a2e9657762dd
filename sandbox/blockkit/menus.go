package blockkit

// option accepts one choice; only those of an overflow menu may have a URL.
func option(label rule, link bool) rule {
	return func(c *checker, v any, at string) {
		s := shape{"text": must(label), "value": must(chars(1, 150)), "description": may(label)}
		if link {
			s["url"] = may(address("http", "https", "mailto", "slack"))
			s["value"] = may(chars(0, 150))
		}
		c.object(v, at, s)
	}
}

func optionGroup(c *checker, v any, at string) {
	c.object(v, at, shape{"label": must(plain(75)), "options": must(list(1, 100, option(plain(75), false)))})
}

// menuShape gives the properties of the select family.
func menuShape(kind string, common shape) shape {
	s := common.with(shape{"placeholder": may(plain(150))})
	person, multi := may(chars(1, 255)), shape{"max_selected_items": may(integer(1, 10_000))}
	people := may(list(0, 10_000, chars(1, 255)))
	static := shape{"options": may(list(1, 100, option(plain(75), false))), "option_groups": may(list(1, 100, optionGroup))}
	external := shape{"min_query_length": may(integer(0, 255))}
	rooms := shape{"default_to_current_conversation": may(boolean), "filter": may(anything)}
	reply := shape{"response_url_enabled": may(boolean)}
	switch kind {
	case "static_select":
		return s.with(static, shape{"initial_option": may(anything)})
	case "multi_static_select":
		return s.with(static, multi, shape{"initial_options": may(list(0, 100, anything))})
	case "external_select":
		return s.with(external, shape{"initial_option": may(option(plain(75), false))})
	case "multi_external_select":
		return s.with(external, multi, shape{"initial_options": may(list(0, 100, option(plain(75), false)))})
	case "users_select":
		return s.with(shape{"initial_user": person})
	case "multi_users_select":
		return s.with(multi, shape{"initial_users": people})
	case "conversations_select":
		return s.with(rooms, reply, shape{"initial_conversation": person})
	case "multi_conversations_select":
		return s.with(rooms, multi, shape{"initial_conversations": people})
	case "channels_select":
		return s.with(reply, shape{"initial_channel": person})
	case "multi_channels_select":
		return s.with(multi, shape{"initial_channels": people})
	}
	return nil
}

// choices checks what concerns an element's options as a whole.
func (c *checker) choices(kind string, o map[string]any, at string) {
	switch kind {
	case "static_select", "multi_static_select":
		if (o["options"] == nil) == (o["option_groups"] == nil) {
			c.refuse(at, "must provide exactly one of: options, option_groups")
		}
	case "radio_buttons", "checkboxes":
	case "image":
		if (o["image_url"] == nil) == (o["slack_file"] == nil) {
			c.refuse(at, "must provide exactly one of: image_url, slack_file")
		}
		return
	default:
		return
	}
	if initial := o["initial_option"]; initial != nil && !offered(o, initial) {
		c.refuse(at+"/initial_option", "must be one of the options")
	}
	initials, _ := o["initial_options"].([]any)
	for i, v := range initials {
		if !offered(o, v) {
			c.refuse(item(at+"/initial_options", i), "must be one of the options")
		}
	}
}

// offered says whether a choice is among an element's options, which Slack
// compares by text and value.
func offered(o map[string]any, choice any) bool {
	want, ok := choice.(map[string]any)
	for _, have := range options(o) {
		if ok && equalJSON(have["value"], want["value"]) && equalJSON(textOf(have["text"]), textOf(want["text"])) {
			return true
		}
	}
	return false
}

// options lists the choices of an element, those in groups included.
func options(o map[string]any) []map[string]any {
	var out []map[string]any
	list, _ := o["options"].([]any)
	groups, _ := o["option_groups"].([]any)
	for _, v := range list {
		if choice, ok := v.(map[string]any); ok {
			out = append(out, choice)
		}
	}
	for _, v := range groups {
		if group, ok := v.(map[string]any); ok {
			out = append(out, options(map[string]any{"options": group["options"]})...)
		}
	}
	return out
}

// textOf reads the source of a text object.
func textOf(v any) string {
	o, _ := v.(map[string]any)
	s, _ := o["text"].(string)
	return s
}
