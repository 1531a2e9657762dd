package block

import (
	"strconv"

	"github.com/slack-go/slack"

	"muster/incident"
)

// FieldIncident is the block and element of IncidentSelect.
const FieldIncident = "incident"

// IncidentSelect asks for an incident that is open; initial, which may be nil,
// is picked already. There is no limit to how many can be chosen from: Slack asks for
// options as the person types. The value that comes back is the number.
func IncidentSelect(label string, initial *incident.Listed) *slack.InputBlock {
	element := incidentMenu(FieldIncident)
	if initial != nil {
		element.InitialOption = IncidentOption(*initial)
	}
	return slack.NewInputBlock(FieldIncident, plain(label, maxLabel), nil, element)
}

// RowIncidents is a paragraph with a choice of incidents at its side, which does
// an action with the number that is picked.
func RowIncidents(text Markup, action Action) slack.Block {
	return slack.NewSectionBlock(mrkdwn(text, maxSection), nil, slack.NewAccessory(incidentMenu(string(action))))
}

func incidentMenu(id string) *slack.SelectBlockElement {
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeExternal, plain("Number or words", maxPlaceholder), id)
	// Without a word typed, the worst ones are offered.
	anyLength := 0
	element.MinQueryLength = &anyLength
	return element
}

// IncidentOption is an incident as a choice.
func IncidentOption(i incident.Listed) *slack.OptionBlockObject {
	name := Marked(incident.Ref(i.Number), i.Test, i.Private) + " " + i.Title
	option := slack.NewOptionBlockObject(strconv.FormatInt(i.Number, 10), plain(name, maxOption), nil)
	option.Description = plain(i.SeverityName+" · "+i.Status.Title(), maxOption)
	return option
}
