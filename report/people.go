package report

import (
	"slices"

	"muster/incident"
)

// namesPeople are the entries that are about somebody beside their author.
var namesPeople = map[incident.EntryKind]bool{incident.EntryRole: true, incident.EntryTodo: true, incident.EntryTodoChanged: true}

// People are the ids of all whom an incident's papers name, each once.
func People(i *incident.Incident, timeline []incident.Entry) []string {
	ids := []string{i.Declarer, i.ResolvedBy, i.Last.By}
	for _, a := range i.Roles {
		ids = append(ids, a.User)
	}
	for _, f := range i.FollowUps {
		ids = append(ids, f.Owner, f.DoneBy)
	}
	for _, e := range timeline {
		ids = append(ids, e.By)
		if namesPeople[e.Kind] {
			ids = append(ids, e.From, e.To)
		}
	}
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(id string) bool { return id == "" })
}

// Namer gives the name of a person by their id, and calls muster by its name. Who
// has no name is shown by the id.
func Namer(names map[string]string) func(user string) string {
	return func(user string) string {
		if user == "" {
			return "muster"
		}
		if name := names[user]; name != "" {
			return name
		}
		return user
	}
}
