package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

const selectMessages = `
	SELECT channel, ts, said_at, edited_at, author, tool, body, files, thread, link, marks, gone
	  FROM messages WHERE number = $1 ORDER BY said_at, ts`

type messageRow struct {
	Channel  string
	TS       string `db:"ts"`
	SaidAt   *time.Time
	EditedAt *time.Time
	Author   string
	Tool     string
	Body     string
	Files    []incident.File
	Thread   string
	Link     string
	Marks    []incident.Mark
	Gone     bool
}

func (r messageRow) noun() incident.Message {
	return incident.Message{Channel: r.Channel, TS: r.TS, Marks: r.Marks, Gone: r.Gone, Said: incident.Said{
		At: orZero(r.SaidAt), EditedAt: orZero(r.EditedAt), Author: r.Author, Tool: r.Tool,
		Text: r.Body, Files: r.Files, Thread: r.Thread, Link: r.Link,
	}}
}

func collectMessages(rows pgx.Rows) ([]incident.Message, error) {
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[messageRow])
	var messages []incident.Message
	for _, r := range found {
		messages = append(messages, r.noun())
	}
	return messages, err
}

// putMessage finds the message's place in the timeline when it is first read: the
// entries have the order of the decisions, and it stands behind the last that is
// older.
const putMessage = `
	INSERT INTO messages (number, channel, ts, said_at, edited_at, author, tool, body, files, thread, link, marks, gone, shown, after)
	VALUES (@number, @channel, @ts, @said_at, @edited_at, @author, @tool, @body, @files, @thread, @link, @marks, @gone, @shown,
		coalesce((SELECT max(id) FROM entries WHERE number = @number AND at <= @said_at AND kind NOT LIKE 'message_%'), 0))
	ON CONFLICT (number, channel, ts) DO UPDATE
	   SET said_at = excluded.said_at, edited_at = excluded.edited_at, author = excluded.author, tool = excluded.tool,
	       body = excluded.body, files = excluded.files, thread = excluded.thread, link = excluded.link,
	       marks = excluded.marks, gone = excluded.gone, shown = excluded.shown,
	       after = CASE WHEN messages.said_at IS NULL THEN excluded.after ELSE messages.after END`

func queueMessages(batch *pgx.Batch, i *incident.Incident) {
	for _, m := range i.PutMessages() {
		files := m.Said.Files
		if files == nil {
			files = []incident.File{}
		}
		batch.Queue(putMessage, pgx.NamedArgs{
			"number": i.Number, "channel": m.Channel, "ts": m.TS, "said_at": nullable(m.Said.At), "edited_at": nullable(m.Said.EditedAt),
			"author": m.Said.Author, "tool": m.Said.Tool, "body": m.Said.Text, "files": files, "thread": m.Said.Thread,
			"link": m.Said.Link, "marks": m.Marks, "gone": m.Gone, "shown": m.Shown(),
		})
	}
}

// lookAtMessages lets what stands in a timeline be read once more, as after an edit
// that nobody heard of: the first few at once and the others as fast as Slack
// promises to answer.
const lookAtMessages = `
	WITH asked AS (
	INSERT INTO inbox (event_id, payload, claimed_until)
	SELECT id, jsonb_build_object('event_id', id, 'event', jsonb_build_object(
	         'type', 'message', 'subtype', 'message_changed', 'channel', channel, 'message', jsonb_build_object('ts', ts))),
	       now() + greatest(0, n - 5) * interval '2 seconds'
	  FROM (SELECT 'message:' || channel || ':' || ts AS id, channel, ts, row_number() OVER (ORDER BY ts) AS n
	          FROM messages WHERE number = @number AND shown) m` + waitsAnew + ` RETURNING event_id)
	SELECT pg_notify('muster', '` + InboxChanged + ` 0') FROM (SELECT FROM asked LIMIT 1) told`

// InTimelines gives the numbers of the incidents that know a message.
func (s *Store) InTimelines(ctx context.Context, channel, ts string) ([]int64, error) {
	rows, err := s.hear.Query(ctx, `SELECT number FROM messages WHERE channel = $1 AND ts = $2 AND NOT gone ORDER BY number`, channel, ts)
	if err != nil {
		return nil, fmt.Errorf("look up whose timeline a message is in: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// OpenRooms gives the channel ids of the rooms of open incidents, the most urgent
// first.
func (s *Store) OpenRooms(ctx context.Context) ([]string, error) {
	rows, err := s.hear.Query(ctx, `
		SELECT r.channel FROM incidents i JOIN rooms r ON r.number = i.number AND r.purpose = 'room' AND r.channel <> ''
		 WHERE i.resolved_at IS NULL ORDER BY i.severity, i.number`)
	if err != nil {
		return nil, fmt.Errorf("list the open rooms: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
