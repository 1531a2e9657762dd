package workspace

import (
	"encoding/json"
	"regexp"
	"strings"
)

// token matches one reference in stored text.
var token = regexp.MustCompile(`<[^<>]+>`)

// richText is the block that Slack's clients send beside what a person types:
// the same text, its references as elements of their own.
func richText(id, text string) json.RawMessage {
	elements := []any{}
	add := func(plain string) {
		if plain != "" {
			elements = append(elements, map[string]any{"type": "text", "text": unescape(plain)})
		}
	}
	for text != "" {
		at := token.FindStringIndex(text)
		if at == nil {
			add(text)
			break
		}
		add(text[:at[0]])
		elements = append(elements, richElement(text[at[0]+1:at[1]-1]))
		text = text[at[1]:]
	}
	raw, _ := marshal([]any{map[string]any{"type": "rich_text", "block_id": id, "elements": []any{
		map[string]any{"type": "rich_text_section", "elements": elements},
	}}})
	return raw
}

func richElement(inside string) map[string]any {
	ref, _, _ := strings.Cut(inside, "|")
	switch {
	case strings.HasPrefix(ref, "@"):
		return map[string]any{"type": "user", "user_id": ref[1:]}
	case strings.HasPrefix(ref, "#"):
		return map[string]any{"type": "channel", "channel_id": ref[1:]}
	case strings.HasPrefix(ref, "!subteam^"):
		return map[string]any{"type": "usergroup", "usergroup_id": strings.TrimPrefix(ref, "!subteam^")}
	case strings.HasPrefix(ref, "!"):
		return map[string]any{"type": "broadcast", "range": ref[1:]}
	default:
		return map[string]any{"type": "link", "url": ref}
	}
}

func unescape(s string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}
