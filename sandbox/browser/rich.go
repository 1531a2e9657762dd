package browser

import (
	"encoding/json"
	"html/template"
	"strings"

	"muster/sandbox/blockkit"
)

// Rich draws a rich_text block.
func (n *node) Rich() template.HTML {
	var out strings.Builder
	for _, part := range n.Elements {
		part.richPart(&out)
	}
	return template.HTML(out.String()) //nolint:gosec // every part of it was escaped
}

func (n *node) richPart(out *strings.Builder) {
	switch n.Type {
	case "rich_text_list":
		tag := "ul"
		if n.Look() == "ordered" {
			tag = "ol"
		}
		out.WriteString("<" + tag + ">")
		for _, item := range n.Elements {
			out.WriteString("<li>" + item.leaves() + "</li>")
		}
		out.WriteString("</" + tag + ">")
	case "rich_text_quote":
		out.WriteString("<blockquote>" + n.leaves() + "</blockquote>")
	case "rich_text_preformatted":
		out.WriteString("<pre>" + n.leaves() + "</pre>")
	case "rich_text_section":
		out.WriteString("<span>" + n.leaves() + "</span>")
	default:
		out.WriteString(span("unknown", "unknown part of rich text: "+n.Type))
	}
}

func (n *node) leaves() string {
	var out strings.Builder
	for _, leaf := range n.Elements {
		words := leaf.leaf()
		var style map[string]bool
		_ = json.Unmarshal(leaf.Style, &style)
		for _, s := range [][2]string{{"code", "code"}, {"strike", "s"}, {"italic", "i"}, {"bold", "b"}} {
			if style[s[0]] {
				words = "<" + s[1] + ">" + words + "</" + s[1] + ">"
			}
		}
		out.WriteString(words)
	}
	return out.String()
}

func (n *node) leaf() string {
	switch n.Type {
	case "text":
		return strings.ReplaceAll(escape(n.Text.Text), "\n", "<br>")
	case "emoji":
		if picture := emoji(n.Name); picture != "" {
			return `<span class="emoji" title=":` + escape(n.Name) + `:">` + picture + `</span>`
		}
		return escape(":" + n.Name + ":")
	case "user":
		return n.r.mention(n.User)
	case "channel":
		return n.r.reference(blockkit.Piece{Kind: blockkit.ToChannel, Ref: n.Channel})
	case "usergroup":
		return n.r.reference(blockkit.Piece{Kind: blockkit.ToGroup, Ref: n.Group})
	case "broadcast":
		return n.r.reference(blockkit.Piece{Kind: blockkit.ToAll, Ref: n.Range})
	case "link":
		label := n.Text.Text
		if label == "" {
			label = n.URL
		}
		return n.r.anchor(n.URL, label, "")
	case "date":
		unix, _ := n.Timestamp.Int64()
		return n.r.date(unix, n.Format, n.Fallback)
	}
	return span("unknown", "unknown words: "+n.Type)
}
