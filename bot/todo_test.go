package bot

import (
	"testing"

	"muster/block"
	"muster/incident"
)

func TestWhatACommandWritesDown(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]incident.ToDo{
		"todo write a runbook":                             {Text: "write a runbook"},
		"todo alert on disks <@U0123BO|bo>":                {Text: "alert on disks", Owner: "U0123BO"},
		"todo alert on disks <@U0123BO|bo> by 2026-12-31":  {Text: "alert on disks", Owner: "U0123BO", Due: "2026-12-31"},
		"todo alert on disks by 2026-12-31 <@U0123BO|bo>":  {Text: "alert on disks", Owner: "U0123BO", Due: "2026-12-31"},
		"todo alert on disks, due 2026-12-31":              {Text: "alert on disks", Due: "2026-12-31"},
		"todo ask <@U0123BO|bo> about the disks":           {Text: "ask @bo about the disks"},
		"todo ask <@U0123BO|bo> about disks <@U0ANA1|ana>": {Text: "ask @bo about disks", Owner: "U0ANA1"},
		"todo look at the log of 2026-12-31 again":         {Text: "look at the log of 2026-12-31 again"},
	} {
		got := toDoOf(incident.ParseCommand(block.Typed(raw)).Rest, raw)
		if got != want {
			t.Errorf("%s: %+v, want %+v", raw, got, want)
		}
	}
}
