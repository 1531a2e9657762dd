package store

import (
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// cadenceColumns are the columns of cadenceRow, and cadenceValues what is written
// to them, in the same order.
const cadenceColumns = `promised_at, critical_since, clock_from, reminded_at, snoozed_until, stopped, reminders,
	commander_free_at, prompted_at, stale_at, kept_at, update_due_at, reminder_due_at, commander_due_at, stale_due_at, todo_due_at`

const cadenceValues = `@promised_at, @critical_since, @clock_from, @reminded_at, @snoozed_until, @stopped, @reminders,
	@commander_free_at, @prompted_at, @stale_at, @kept_at, @update_due_at, @reminder_due_at, @commander_due_at, @stale_due_at, @todo_due_at`

type cadenceRow struct {
	LastUpdate      string
	LastUpdateBy    string
	LastUpdateAt    *time.Time
	PromisedAt      *time.Time
	CriticalSince   *time.Time
	ClockFrom       *time.Time
	RemindedAt      *time.Time
	SnoozedUntil    *time.Time
	Stopped         bool
	Reminders       []incident.Reminder
	CommanderFreeAt *time.Time
	PromptedAt      *time.Time
	StaleAt         *time.Time
	KeptAt          *time.Time
	UpdateDueAt     *time.Time
	ReminderDueAt   *time.Time
	CommanderDueAt  *time.Time
	StaleDueAt      *time.Time
	TodoDueAt       *time.Time
}

func (r cadenceRow) noun() incident.Cadence {
	if len(r.Reminders) == 0 {
		r.Reminders = nil
	}
	return incident.Cadence{
		Promised: orZero(r.PromisedAt), CriticalSince: orZero(r.CriticalSince), From: orZero(r.ClockFrom),
		RemindedAt: orZero(r.RemindedAt), SnoozedUntil: orZero(r.SnoozedUntil), Stopped: r.Stopped, Reminders: r.Reminders,
		CommanderFreeAt: orZero(r.CommanderFreeAt), PromptedAt: orZero(r.PromptedAt),
		StaleAt: orZero(r.StaleAt), KeptAt: orZero(r.KeptAt),
		Due: incident.Due{
			Update: orZero(r.UpdateDueAt), Reminder: orZero(r.ReminderDueAt),
			Commander: orZero(r.CommanderDueAt), Stale: orZero(r.StaleDueAt), FollowUp: orZero(r.TodoDueAt),
		},
	}
}

func cadenceArgs(args pgx.NamedArgs, c incident.Cadence) {
	args["reminders"], args["stopped"] = c.Reminders, c.Stopped
	if c.Reminders == nil {
		args["reminders"] = []incident.Reminder{}
	}
	for name, at := range map[string]time.Time{
		"promised_at": c.Promised, "critical_since": c.CriticalSince, "clock_from": c.From,
		"reminded_at": c.RemindedAt, "snoozed_until": c.SnoozedUntil,
		"commander_free_at": c.CommanderFreeAt, "prompted_at": c.PromptedAt, "stale_at": c.StaleAt, "kept_at": c.KeptAt,
		"update_due_at": c.Due.Update, "reminder_due_at": c.Due.Reminder,
		"commander_due_at": c.Due.Commander, "stale_due_at": c.Due.Stale, "todo_due_at": c.Due.FollowUp,
	} {
		args[name] = nullable(at)
	}
}
