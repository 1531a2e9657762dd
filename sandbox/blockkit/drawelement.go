package blockkit

import (
	"encoding/json"
	"strings"
	"time"
)

func (p *pen) elements(o map[string]any) []string {
	var out []string
	for _, e := range usable(o) {
		out = append(out, p.element(e.object))
	}
	return out
}

// element draws one element in its untouched state.
func (p *pen) element(o map[string]any) string {
	kind := str(o["type"])
	switch kind {
	case "mrkdwn", "plain_text":
		return p.object(o)
	case "image":
		return "(image: " + str(o["alt_text"]) + ")"
	case "button":
		return p.button(o)
	case "icon_button":
		return "[ " + textOf(o["text"]) + " ]"
	case "feedback_buttons":
		return "[ + ] [ - ]"
	case "overflow":
		return "( ⋯ " + strings.Join(p.optionTexts(options(o)), " / ") + " )"
	case "radio_buttons":
		return p.ticks(o, "(•) ", "( ) ")
	case "checkboxes":
		return p.ticks(o, "[x] ", "[ ] ")
	case "file_input":
		return "( Add file )"
	}
	placeholder := textOf(o["placeholder"])
	set := strings.Join(p.initial(o), ", ")
	if strings.HasSuffix(kind, "_input") {
		if set == "" && placeholder != "" {
			return "____ (" + placeholder + ")"
		}
		return first(set, "____")
	}
	return "( " + strings.TrimLeft(first(set, placeholder)+" ▾ )", " ")
}

func (p *pen) button(o map[string]any) string {
	s := "[ " + textOf(o["text"]) + " ]"
	if style := str(o["style"]); style != "" {
		s += " (" + style + ")"
	}
	return s
}

func (p *pen) ticks(o map[string]any, on, off string) string {
	var out []string
	for _, choice := range options(o) {
		mark := off
		for _, set := range initialOptions(o) {
			if equalJSON(set["value"], choice["value"]) {
				mark = on
			}
		}
		out = append(out, mark+p.object(choice["text"]))
	}
	return strings.Join(out, "  ")
}

func (p *pen) optionTexts(choices []map[string]any) []string {
	var out []string
	for _, choice := range choices {
		out = append(out, p.object(choice["text"]))
	}
	return out
}

// initial gives the visible words of what an element is set to at first.
func (p *pen) initial(o map[string]any) []string {
	if set := initialOptions(o); len(set) > 0 {
		return p.optionTexts(set)
	}
	var out []string
	for _, v := range initialValues(o) {
		switch kind := str(o["type"]); {
		case strings.Contains(kind, "users_select"):
			v = "@" + first(p.names.User(v), v)
		case strings.Contains(kind, "channels_select"), strings.Contains(kind, "conversations_select"):
			v = "#" + first(p.names.Channel(v), v)
		case kind == "datetimepicker":
			unix, _ := json.Number(v).Int64()
			v = p.date(unix, "{date_num} {time}", time.Unix(unix, 0).UTC().Format("2006-01-02 15:04 UTC"))
		}
		out = append(out, v)
	}
	return out
}

// initialOptions lists the options that an element starts with.
func initialOptions(o map[string]any) []map[string]any {
	var out []map[string]any
	many, _ := o["initial_options"].([]any)
	for _, v := range append([]any{o["initial_option"]}, many...) {
		if choice, ok := v.(map[string]any); ok {
			out = append(out, choice)
		}
	}
	return out
}

// initialValues lists the ids, dates or texts that an element starts with.
func initialValues(o map[string]any) []string {
	var out []string
	for _, key := range []string{"value", "user", "channel", "conversation", "date", "time", "date_time"} {
		switch v := o["initial_"+key].(type) {
		case string:
			out = append(out, v)
		case json.Number:
			out = append(out, v.String())
		}
		many, _ := o["initial_"+key+"s"].([]any)
		for _, v := range many {
			out = append(out, str(v))
		}
	}
	return out
}
