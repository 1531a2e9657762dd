package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// visible is incident.Incident.VisibleTo in SQL: whether @viewer may know of the
// incident that the alias i stands for. The two must say the same.
const visible = `(NOT i.private OR coalesce(
	(SELECT m.present FROM members m WHERE m.number = i.number AND m.person = @viewer),
	@viewer <> '' AND (i.declarer = @viewer OR
		(SELECT count(*) FROM assignments h WHERE h.number = i.number AND h.holder = @viewer) > 0)))`

const selectMembers = `SELECT person, present FROM members WHERE number = $1`

// queueMembers reads who is in the room of a private incident.
func queueMembers(batch *pgx.Batch, number int64, i *incident.Incident) {
	batch.Queue(selectMembers, number).Query(func(rows pgx.Rows) error {
		var person string
		var present bool
		members := map[string]bool{}
		_, err := pgx.ForEachRow(rows, []any{&person, &present}, func() error {
			members[person] = present
			return nil
		})
		if len(members) > 0 {
			i.Members = members
		}
		return err
	})
}

// ForgetMembers takes nobody for a member of a private room until Slack says so
// again: while no program heard, people may have left.
func (s *Store) ForgetMembers(ctx context.Context) error {
	_, err := s.exec(ctx, "forget members", `
		WITH private AS (SELECT number FROM incidents WHERE private),
		forgotten AS (
			UPDATE rooms SET members_at = '-infinity'
			 WHERE number = ANY (ARRAY(SELECT number FROM private)) AND members_at > '-infinity')
		UPDATE members SET present = false WHERE present`, nil)
	return err
}

// PrivateRoom gives the channel of a private incident's room, and when its members
// were last read; empty if the incident has none or is not private.
func (s *Store) PrivateRoom(ctx context.Context, number int64) (channel string, at time.Time, err error) {
	rows, err := s.hear.Query(ctx, `
		SELECT r.channel, CASE WHEN isfinite(r.members_at) THEN r.members_at ELSE 'epoch' END
		  FROM rooms r JOIN incidents i USING (number)
		 WHERE r.number = $1 AND r.purpose = 'room' AND r.channel <> '' AND i.private`, number)
	if err == nil {
		_, err = pgx.ForEachRow(rows, []any{&channel, &at}, func() error { return nil })
	}
	if err != nil {
		return "", at, fmt.Errorf("look up a private room: %w", err)
	}
	return channel, at, nil
}

// PrivateRooms lists the rooms of private incidents whose members were read before
// a time, or that long ago, the longest ago first.
func (s *Store) PrivateRooms(ctx context.Context, before time.Time, age time.Duration, limit int) ([]string, error) {
	rows, err := s.speak.Query(ctx, `
		SELECT r.channel FROM incidents i JOIN rooms r USING (number)
		 WHERE i.private AND r.purpose = 'room' AND r.channel <> '' AND r.members_at < greatest($1::timestamptz, now() - $2::interval)
		 ORDER BY i.resolved_at IS NOT NULL, r.members_at LIMIT $3`, before, age, limit)
	if err != nil {
		return nil, fmt.Errorf("list private rooms: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Now is the database's time, which all replicas share.
func (s *Store) Now(ctx context.Context) (now time.Time, err error) {
	if err = s.speak.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&now); err != nil {
		return now, fmt.Errorf("read the time: %w", err)
	}
	return now, nil
}

// lockRoom puts lists of members in order. It is a statement of its own: one that
// waited for the lock would not see what the list before it saved.
const lockRoom = `SELECT FROM rooms WHERE channel = @channel AND channel <> '' FOR NO KEY UPDATE`

// saveMembers also wakes the reconciler if somebody came in: what was for them may
// have been left unsaid.
const saveMembers = `
	WITH room AS (
		UPDATE rooms r SET members_at = @began FROM incidents i
		 WHERE i.number = r.number AND i.private AND r.channel = @channel AND r.channel <> '' AND r.purpose = 'room' AND r.members_at < @began
		RETURNING r.number),
	here AS (
		INSERT INTO members AS m (number, person, present) SELECT number, person, true FROM room, unnest(@people::text[]) person
		ON CONFLICT (number, person) DO UPDATE SET present = true WHERE NOT m.present
		RETURNING m.number),
	gone AS (
		UPDATE members m SET present = false FROM room
		 WHERE m.number = room.number AND m.present AND m.person <> ALL (@people::text[])),
	touched AS (SELECT DISTINCT 'incident:' || number AS subject FROM here),` + raise

// SaveMembers notes who is in a private room: all of them, as Slack listed them
// after began. A list that was begun earlier than the one on record is dropped.
func (s *Store) SaveMembers(ctx context.Context, channel string, people []string, began time.Time) error {
	if err := s.before(ctx, "members"); err != nil {
		return err
	}
	args := pgx.NamedArgs{"channel": channel, "people": people, "began": began}
	err := pgx.BeginFunc(ctx, s.speak, func(tx pgx.Tx) error {
		batch := &pgx.Batch{}
		batch.Queue(lockRoom, args)
		batch.Queue(saveMembers, args)
		return sendBatch(ctx, tx, batch)
	})
	if err != nil {
		return fmt.Errorf("save the members of a room: %w", err)
	}
	return s.after(ctx, "members")
}

// PutMembersOff notes that Slack does not say who is in a private room, so that it
// is asked again only when the record is old once more. Nobody comes in by that.
func (s *Store) PutMembersOff(ctx context.Context, channel string, began time.Time) error {
	_, err := s.exec(ctx, "put members off", `
		UPDATE rooms SET members_at = @began WHERE channel = @channel AND channel <> '' AND members_at < @began`,
		pgx.NamedArgs{"channel": channel, "began": began})
	return err
}

// SaveMember notes that a person is in the room of a private incident: they act
// in it at this moment.
func (s *Store) SaveMember(ctx context.Context, number int64, person string) error {
	_, err := s.exec(ctx, "member", `
		INSERT INTO members (number, person, present) SELECT number, @person, true FROM incidents WHERE number = @number AND private
		ON CONFLICT (number, person) DO UPDATE SET present = true`,
		pgx.NamedArgs{"number": number, "person": person})
	return err
}
