package blockkit

import (
	"math"
	"slices"
	"strings"
)

// elementOf accepts the elements that may stand in one kind of block.
func elementOf(block string) rule {
	return func(c *checker, v any, at string) {
		o, ok := v.(map[string]any)
		if !ok {
			c.refuse(at, "must provide an object")
			return
		}
		kind, _ := o["type"].(string)
		s := elementShape(kind)
		if s == nil || !slices.Contains(strings.Fields(elementsIn(block)), kind) || kind == "file_input" && c.surface != inModal {
			c.refuse(at+"/type", "unsupported type: %s", kind)
			return
		}
		if kind == "mrkdwn" || kind == "plain_text" {
			text(3000)(c, v, at)
			return
		}
		c.object(v, at, s.with(shape{"type": must(anything)}))
		c.focus(o, at)
		c.choices(kind, o, at)
	}
}

// elementsIn lists the element types of a block. Multi-selects are documented
// for sections and inputs only; text inputs for inputs only.
func elementsIn(block string) string {
	const pickers = " datepicker timepicker checkboxes radio_buttons"
	const selects = " static_select external_select users_select conversations_select channels_select"
	const multis = " multi_static_select multi_external_select multi_users_select multi_conversations_select multi_channels_select"
	switch block {
	case "section":
		return "button overflow image" + pickers + selects + multis
	case "actions":
		return "button overflow datetimepicker" + pickers + selects
	case "input":
		return "plain_text_input number_input email_text_input url_text_input rich_text_input file_input datetimepicker" +
			pickers + selects + multis
	case "context":
		return "image mrkdwn plain_text"
	case "context_actions":
		return "feedback_buttons icon_button"
	}
	return ""
}

// elementShape gives the properties of an element; nil means unknown.
func elementShape(kind string) shape {
	common := shape{"action_id": may(chars(1, 255)), "confirm": may(confirm), "focus_on_load": may(boolean)}
	if strings.HasSuffix(kind, "_input") || kind == "button" || kind == "overflow" {
		common = shape{"action_id": may(chars(1, 255))}
	}
	switch {
	case kind == "mrkdwn" || kind == "plain_text":
		return shape{}
	case kind == "image":
		return imageShape()
	case kind == "button":
		return common.with(buttonShape())
	case kind == "overflow":
		return common.with(shape{"options": must(list(1, 5, option(plain(75), true))), "confirm": may(confirm)})
	case strings.HasSuffix(kind, "_input"):
		return textInput(kind, common)
	case strings.HasSuffix(kind, "_select"):
		return menuShape(kind, common)
	case kind == "feedback_buttons":
		return shape{"action_id": may(chars(1, 255)), "positive_button": must(anything), "negative_button": must(anything)}
	case kind == "icon_button":
		return common.with(shape{"icon": must(oneOf("trash")), "text": must(plain(75)), "value": may(chars(0, 2000)),
			"accessibility_label": may(chars(1, 75)), "visible_to_user_ids": may(anything)})
	}
	return pickerShape(kind, common)
}

func buttonShape() shape {
	return shape{"text": must(plain(75)), "url": may(address("http", "https", "mailto", "slack")), "value": may(chars(0, 2000)),
		"style": may(style), "confirm": may(confirm), "accessibility_label": may(chars(1, 75))}
}

func textInput(kind string, common shape) shape {
	s := common.with(shape{"placeholder": may(plain(150)), "focus_on_load": may(boolean), "dispatch_action_config": may(anything)})
	switch kind {
	case "plain_text_input":
		return s.with(shape{"initial_value": may(chars(0, 3000)), "multiline": may(boolean),
			"min_length": may(integer(0, 3000)), "max_length": may(integer(1, 3000))})
	case "number_input":
		return s.with(shape{"is_decimal_allowed": must(boolean), "initial_value": may(number), "min_value": may(number), "max_value": may(number)})
	case "email_text_input":
		return s.with(shape{"initial_value": may(chars(0, 3000))})
	case "url_text_input":
		return s.with(shape{"initial_value": may(address("http", "https"))})
	case "rich_text_input":
		return s.with(shape{"initial_value": may(anything)})
	case "file_input":
		return common.with(shape{"filetypes": may(list(1, 100, chars(1, 255))), "max_files": may(integer(1, 10))})
	}
	return nil
}

func pickerShape(kind string, common shape) shape {
	switch kind {
	case "datepicker":
		return common.with(shape{"placeholder": may(plain(150)), "initial_date": may(formatted("2006-01-02", "YYYY-MM-DD"))})
	case "timepicker":
		return common.with(shape{"placeholder": may(plain(150)), "initial_time": may(formatted("15:04", "HH:mm")), "timezone": may(chars(1, 255))})
	case "datetimepicker":
		return common.with(shape{"initial_date_time": may(integer(1_000_000_000, math.MaxInt32*4))})
	case "radio_buttons":
		return common.with(shape{"options": must(list(1, 10, option(text(75), false))), "initial_option": may(anything)})
	case "checkboxes":
		return common.with(shape{"options": must(list(1, 10, option(text(75), false))), "initial_options": may(list(1, 10, anything))})
	}
	return nil
}

func (c *checker) focus(o map[string]any, at string) {
	if o["focus_on_load"] != true {
		return
	}
	if c.focused++; c.focused > 1 {
		c.refuse(at+"/focus_on_load", "only one element can have focus_on_load")
	}
}
