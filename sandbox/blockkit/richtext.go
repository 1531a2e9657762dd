package blockkit

import (
	"encoding/json"
	"strings"
)

// rich draws the parts of a rich_text block, one or more lines each.
func (p *pen) rich(o map[string]any, indent string) {
	parts, _ := o["elements"].([]any)
	for _, v := range parts {
		part, ok := v.(map[string]any)
		if !ok {
			continue
		}
		switch part["type"] {
		case "rich_text_list":
			p.rich(part, indent+"• ")
		case "rich_text_quote":
			p.line(indent + "> " + p.leaves(part))
		default:
			p.line(indent + p.leaves(part))
		}
	}
}

// leaves draws the run of words, references and emoji inside one part.
func (p *pen) leaves(part map[string]any) string {
	var b strings.Builder
	list, _ := part["elements"].([]any)
	for _, v := range list {
		if leaf, ok := v.(map[string]any); ok {
			b.WriteString(p.leaf(leaf))
		}
	}
	return b.String()
}

func (p *pen) leaf(o map[string]any) string {
	switch o["type"] {
	case "text":
		return str(o["text"])
	case "emoji":
		return ":" + str(o["name"]) + ":"
	case "user":
		return p.token(token{kind: userToken, head: str(o["user_id"])})
	case "channel":
		return p.token(token{kind: channelToken, head: str(o["channel_id"])})
	case "usergroup":
		return p.token(token{kind: groupToken, head: str(o["usergroup_id"])})
	case "broadcast":
		return "@" + str(o["range"]) + "!!"
	case "link":
		return link(token{head: Escape(str(o["url"])), label: Escape(str(o["text"]))})
	case "date":
		n, _ := o["timestamp"].(json.Number)
		unix, _ := n.Int64()
		return p.date(unix, str(o["format"]), str(o["fallback"]))
	}
	return ""
}
