package block

import (
	"github.com/slack-go/slack"
)

// Option is one choice of a menu: what people read, a smaller line below it,
// which may be empty, and what comes back.
type Option struct{ Label, Text, Value string }

// Form starts a modal view. id names it to the listener, and private comes
// back verbatim with it (3,000 characters at most, readable by the client).
func Form(id, title, submit, private string, blocks ...slack.Block) slack.ModalViewRequest {
	view := slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: id, PrivateMetadata: private,
		Title: plain(title, maxModalTitle), Close: plain("Cancel", maxModalTitle),
		Blocks: slack.Blocks{BlockSet: blocks},
	}
	if submit == "" {
		view.Close = plain("Close", maxModalTitle)
	} else {
		view.Submit = plain(submit, maxModalTitle)
	}
	return view
}

// Closing gives a form another word than Cancel for what changes nothing.
func Closing(form slack.ModalViewRequest, label string) slack.ModalViewRequest {
	form.Close = plain(label, maxModalTitle)
	return form
}

// Home starts the view of the app's Home tab; 100 blocks at most. private comes
// back with each click.
func Home(private string, blocks ...slack.Block) slack.HomeTabViewRequest {
	return slack.HomeTabViewRequest{
		Type: slack.VTHomeTab, PrivateMetadata: private, Blocks: slack.Blocks{BlockSet: blocks[:min(len(blocks), maxBlocks)]},
	}
}

// Line asks for one line of text. The block and its element share the id.
func Line(id, label, placeholder, initial string) *slack.InputBlock {
	element := slack.NewPlainTextInputBlockElement(plain(placeholder, maxPlaceholder), id)
	element.InitialValue = Clip(initial, maxInitial)
	return slack.NewInputBlock(id, plain(label, maxLabel), nil, element)
}

// Paragraph asks for several lines.
func Paragraph(id, label, placeholder, initial string) *slack.InputBlock {
	input := Line(id, label, placeholder, initial)
	input.Element.(*slack.PlainTextInputBlockElement).Multiline = true
	return input
}

// Choice asks for one of a few options, 1 to 100, of which initial is picked already.
func Choice(id, label, initial string, options ...Option) *slack.InputBlock {
	var picked *slack.OptionBlockObject
	options = options[:min(len(options), maxOptions)]
	objects := make([]*slack.OptionBlockObject, len(options))
	for n, o := range options {
		objects[n] = optionObject(o)
		if o.Value == initial {
			picked = objects[n]
		}
	}
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, plain("Choose", maxPlaceholder), id, objects...)
	element.InitialOption = picked
	return slack.NewInputBlock(id, plain(label, maxLabel), nil, element)
}

// Person asks for one person of the workspace; the value that comes back is their
// id. Slack offers guests, apps and people who are gone, too.
func Person(id, label string) *slack.InputBlock {
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeUser, plain("Choose somebody", maxPlaceholder), id)
	return slack.NewInputBlock(id, plain(label, maxLabel), nil, element)
}

// Checks asks for any of a few options, at most ten.
func Checks(id, label string, options ...Option) *slack.InputBlock {
	var objects []*slack.OptionBlockObject
	for _, o := range options[:min(len(options), maxChecks)] {
		objects = append(objects, optionObject(o))
	}
	return slack.NewInputBlock(id, plain(label, maxLabel), nil, slack.NewCheckboxGroupsBlockElement(id, objects...))
}

// Ticked ticks all options from the start, if on.
func Ticked(input *slack.InputBlock, on bool) *slack.InputBlock {
	if group, ok := input.Element.(*slack.CheckboxGroupsBlockElement); ok && on {
		group.InitialOptions = group.Options
	}
	return input
}

func optionObject(o Option) *slack.OptionBlockObject {
	object := slack.NewOptionBlockObject(o.Value, plain(o.Label, maxOption), nil)
	if o.Text != "" {
		object.Description = plain(o.Text, maxOption)
	}
	return object
}

// Hint puts a small explanation below an input.
func Hint(input *slack.InputBlock, hint string) *slack.InputBlock {
	input.Hint = plain(hint, maxHint)
	return input
}

// Optional lets an input be left empty.
func Optional(input *slack.InputBlock) *slack.InputBlock {
	input.Optional = true
	return input
}

// Telling tells the listener at once what is picked in an input, by way of an
// action, and not only when the form is sent.
func Telling(input *slack.InputBlock, action Action) *slack.InputBlock {
	input.DispatchAction = true
	if element, ok := input.Element.(*slack.SelectBlockElement); ok {
		element.ActionID = string(action)
	}
	return input
}
