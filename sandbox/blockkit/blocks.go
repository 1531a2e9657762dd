package blockkit

import (
	"encoding/json"
	"slices"
)

// block checks one block: that it exists on this surface, its shape, its id.
func (c *checker) block(v any, at string) {
	o, ok := v.(map[string]any)
	if !ok {
		c.refuse(at, "must provide an object")
		return
	}
	kind, _ := o["type"].(string)
	s, surfaces := blockShape(kind)
	if s == nil || len(surfaces) > 0 && !slices.Contains(surfaces, c.surface) {
		c.refuse(at+"/type", "unsupported type: %s", kind)
		return
	}
	c.object(v, at, s.with(shape{"type": must(anything), "block_id": may(chars(1, 255))}))
	c.uniqueBlock(o, at)
	c.uniqueActions(o, at)
	c.together(kind, o, at)
}

// blockShape gives the properties of a block and the surfaces it is bound to;
// no surfaces means all, no shape means unknown.
func blockShape(kind string) (shape, []surface) {
	switch kind {
	case "section":
		return shape{"text": may(text(3000)), "fields": may(list(1, 10, text(2000))),
			"accessory": may(elementOf("section")), "expand": may(boolean)}, nil
	case "header":
		return shape{"text": must(plain(150)), "level": may(integer(1, 4))}, nil
	case "divider":
		return shape{}, nil
	case "context":
		return shape{"elements": must(list(1, 10, elementOf("context")))}, nil
	case "actions":
		return shape{"elements": must(list(1, 25, elementOf("actions")))}, nil
	case "image":
		return imageShape().with(shape{"title": may(plain(2000))}), nil
	case "rich_text":
		return shape{"elements": must(list(1, 1000, richElement))}, nil
	case "video":
		return videoShape(), nil
	case "input":
		return shape{"label": must(plain(2000)), "element": must(elementOf("input")), "hint": may(plain(2000)),
			"optional": may(boolean), "dispatch_action": may(boolean)}, []surface{inModal, inHome}
	case "markdown":
		return shape{"text": must(markdown)}, []surface{inMessage}
	case "table":
		return shape{"rows": must(list(1, 100, list(1, 20, anything))), "column_settings": may(list(0, 20, anything))},
			[]surface{inMessage}
	case "context_actions":
		return shape{"elements": must(list(1, 5, elementOf("context_actions")))}, []surface{inMessage}
	}
	return nil, nil
}

func imageShape() shape {
	return shape{"image_url": may(address("http", "https")), "slack_file": may(anything), "alt_text": must(chars(1, 2000))}
}

func videoShape() shape {
	return shape{"alt_text": must(chars(1, 2000)), "title": must(plain(200)), "video_url": must(address("https")),
		"thumbnail_url": must(address("http", "https")), "title_url": may(address("https")), "author_name": may(chars(1, 50)),
		"description": may(plain(200)), "provider_name": may(chars(1, 200)), "provider_icon_url": may(address("http", "https"))}
}

func markdown(c *checker, v any, at string) {
	chars(1, markdownLimit)(c, v, at)
	s, _ := v.(string)
	c.markdown += length(s)
}

// richElement checks the outside of a rich text part; its leaves are free.
func richElement(c *checker, v any, at string) {
	o, ok := v.(map[string]any)
	if !ok {
		c.refuse(at, "must provide an object")
		return
	}
	oneOf("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")(c, o["type"], at+"/type")
	list(0, 1000, func(c *checker, v any, at string) {
		if _, ok := v.(map[string]any); !ok {
			c.refuse(at, "must provide an object")
		}
	})(c, o["elements"], at+"/elements")
}

func (c *checker) uniqueBlock(o map[string]any, at string) {
	id, _ := o["block_id"].(string)
	if id == "" {
		return
	}
	if c.blockIDs[id] {
		c.refuse(at+"/block_id", "`block_id` %q already exists", id)
	}
	c.blockIDs[id] = true
}

func (c *checker) uniqueActions(o map[string]any, at string) {
	seen := map[string]bool{}
	for _, e := range usable(o) {
		id, _ := e.object["action_id"].(string)
		if id != "" && seen[id] {
			c.refuse(at+e.at, "`action_id` %q already exists in this block", id)
		}
		seen[id] = true
	}
}

// together checks what concerns several properties of a block at once.
func (c *checker) together(kind string, o map[string]any, at string) {
	switch {
	case kind == "section" && o["text"] == nil && o["fields"] == nil:
		c.refuse(at, "missing required field: text or fields")
	case kind == "image" && (o["image_url"] == nil) == (o["slack_file"] == nil):
		c.refuse(at, "must provide exactly one of: image_url, slack_file")
	}
}

// placed is an element and where it stands in its block.
type placed struct {
	object map[string]any
	at     string
}

// usable lists the elements of a block, in the order a person sees them.
func usable(o map[string]any) []placed {
	var out []placed
	for _, key := range []string{"accessory", "element"} {
		if e, ok := o[key].(map[string]any); ok {
			out = append(out, placed{e, "/" + key})
		}
	}
	elements, _ := o["elements"].([]any)
	for i, v := range elements {
		if e, ok := v.(map[string]any); ok {
			out = append(out, placed{e, item("/elements", i)})
		}
	}
	return out
}

// equalJSON compares two decoded values.
func equalJSON(a, b any) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}
