package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// held is true only while the claim is ours, and extends its lease: a call to
// Slack that begins now must end before anybody may take the subject over.
const held = `
	WITH held AS (
		UPDATE reconciliations SET claimed_until = now() + @lease::interval
		 WHERE subject = @subject AND claim_token::text = @token RETURNING subject)`

// begin writes while the claim holds; otherwise it is ErrFenced.
func (s *Store) begin(ctx context.Context, c *incident.Claim, act, sql string, args pgx.NamedArgs) error {
	args["lease"], args["subject"], args["token"] = c.Lease, c.Subject, c.Token
	n, err := s.exec(ctx, act, held+sql, args)
	if err == nil && n == 0 {
		return incident.ErrFenced
	}
	return err
}

// BeginRoom notes that the channel called name is about to be created.
func (s *Store) BeginRoom(ctx context.Context, c *incident.Claim, purpose incident.RoomPurpose, name string, at time.Time) error {
	return s.begin(ctx, c, "begin room", `
		INSERT INTO rooms (number, purpose, name, attempted_at)
		SELECT @number, @purpose, @name, @at FROM held
		ON CONFLICT (number, purpose) DO UPDATE SET name = excluded.name, attempted_at = excluded.attempted_at
		 WHERE rooms.channel = ''`,
		pgx.NamedArgs{"number": incident.SubjectNumber(c.Subject), "purpose": string(purpose), "name": name, "at": at})
}

// whileHeld keeps a refusal by whoever lost the claim from clearing the attempt of
// whoever has it now. What Slack did make is true whoever hears of it, and is
// noted without.
const whileHeld = ` AND EXISTS (SELECT FROM reconciliations
	WHERE subject = @subject AND claim_token::text = @token)`

// EndRoom notes what became of it: an id and the name that Slack gave, or,
// with an empty id, that Slack definitely refused.
func (s *Store) EndRoom(ctx context.Context, c *incident.Claim, made incident.Room) error {
	sql := `
		UPDATE rooms SET channel = @id, name = @name, private = @private, attempted_at = NULL
		 WHERE number = @number AND purpose = @purpose AND channel = ''`
	if made.ID == "" {
		sql += whileHeld
	}
	_, err := s.exec(ctx, "end room", sql, pgx.NamedArgs{
		"number": incident.SubjectNumber(c.Subject), "purpose": string(made.Purpose), "id": made.ID, "name": made.Name, "private": made.Private,
		"subject": c.Subject, "token": c.Token,
	})
	return err
}

// RoomOwner gives the number of the incident that a channel belongs to, or 0.
func (s *Store) RoomOwner(ctx context.Context, channel string) (int64, error) {
	return s.roomNumber(ctx, s.speak, channel)
}

// BeginPosting notes that the message is about to be posted.
func (s *Store) BeginPosting(ctx context.Context, c *incident.Claim, p incident.Posting) error {
	return s.begin(ctx, c, "begin posting", `
		INSERT INTO postings (subject, key, channel, thread, sent_at, attempted_at)
		SELECT @subject, @key, @channel, @thread, @at, @at FROM held
		ON CONFLICT (subject, key) DO UPDATE
		   SET channel = excluded.channel, thread = excluded.thread, ts = '', hash = '',
		       sent_at = excluded.sent_at, attempted_at = excluded.attempted_at, looks = 0, error = ''`,
		pgx.NamedArgs{"key": p.Key, "channel": p.Channel, "thread": p.Thread, "at": p.AttemptedAt})
}

// Looked counts one search for an attempted message that did not find it.
func (s *Store) Looked(ctx context.Context, c *incident.Claim, key string) error {
	return s.begin(ctx, c, "looked", `
		UPDATE postings SET looks = looks + 1 FROM held
		 WHERE postings.subject = held.subject AND key = @key`, pgx.NamedArgs{"key": key})
}

// EndPosting notes the message's ts and content. It returns the ts that is on
// record afterwards: another one if somebody else posted it meanwhile.
func (s *Store) EndPosting(ctx context.Context, c *incident.Claim, p incident.Posting) (string, error) {
	if err := s.before(ctx, "end posting"); err != nil {
		return "", err
	}
	var ts string
	err := s.speak.QueryRow(ctx, `
		UPDATE postings
		   SET ts = CASE WHEN ts = '' THEN @ts ELSE ts END,
		       hash = CASE WHEN ts = '' THEN @hash ELSE hash END,
		       attempted_at = NULL
		 WHERE subject = @subject AND key = @key RETURNING ts`,
		pgx.NamedArgs{"subject": c.Subject, "key": p.Key, "ts": p.TS, "hash": p.Hash}).Scan(&ts)
	if err != nil {
		return "", err
	}
	return ts, s.after(ctx, "end posting")
}

// RefusePosting notes that Slack definitely did not take the message. With a
// reason it is not tried again; without, it is as if it was never begun.
func (s *Store) RefusePosting(ctx context.Context, c *incident.Claim, key, reason string) error {
	_, err := s.exec(ctx, "refuse posting", `
		UPDATE postings SET attempted_at = NULL, error = @reason
		 WHERE subject = @subject AND key = @key AND ts = ''`+whileHeld,
		pgx.NamedArgs{"subject": c.Subject, "token": c.Token, "key": key, "reason": reason})
	return err
}

// BeginEdit notes that a kept message is about to be edited: what it shows is not
// known until Edited says so.
func (s *Store) BeginEdit(ctx context.Context, c *incident.Claim, key string) error {
	return s.begin(ctx, c, "begin edit", `
		UPDATE postings SET hash = '' FROM held
		 WHERE postings.subject = held.subject AND key = @key`, pgx.NamedArgs{"key": key})
}

// late raises the subject if the claim is no longer ours: then a call of ours
// came after somebody else's, and has perhaps undone it. It is the one fact that
// raises wanted.
const late = `
	WITH raised AS (
		UPDATE reconciliations SET wanted = wanted + 1, changed_at = now(), retry_at = '-infinity'
		 WHERE subject = @subject AND claim_token::text IS DISTINCT FROM @token RETURNING subject, wanted),
	late AS (SELECT pg_notify('muster', subject || ' ' || wanted) FROM raised)`

// Edited notes what a kept message shows now; an empty hash means that it is
// not known, and a reason that Slack refuses this content.
func (s *Store) Edited(ctx context.Context, c *incident.Claim, key, hash, reason string, at time.Time) error {
	_, err := s.exec(ctx, "edited", late+`
		UPDATE postings
		   SET hash = CASE WHEN EXISTS (SELECT FROM late) THEN '' WHEN hash = '`+deletedHash+`' THEN hash ELSE @hash END, sent_at = @at, error = @reason
		 WHERE subject = @subject AND key = @key`, pgx.NamedArgs{
		"subject": c.Subject, "token": c.Token, "key": key, "hash": hash, "at": at, "reason": reason,
	})
	return err
}

// Gone notes that a message was deleted by somebody, so that it is posted anew.
// Without the claim it is ErrFenced: the message on record may be a newer one.
func (s *Store) Gone(ctx context.Context, c *incident.Claim, key string) error {
	return s.begin(ctx, c, "gone", `
		DELETE FROM postings USING held WHERE postings.subject = held.subject AND key = @key`,
		pgx.NamedArgs{"key": key})
}

// TakenBack notes that a message is there no more because it should not be. With a
// reason it is settled; without, it may be posted some time.
func (s *Store) TakenBack(ctx context.Context, c *incident.Claim, key, reason string) error {
	if reason == "" {
		return s.Gone(ctx, c, key)
	}
	return s.begin(ctx, c, "taken back", `
		UPDATE postings SET ts = '', hash = '', attempted_at = NULL, error = @reason FROM held
		 WHERE postings.subject = held.subject AND key = @key`, pgx.NamedArgs{"key": key, "reason": reason})
}

// BeginDeed notes that something is about to be made so.
func (s *Store) BeginDeed(ctx context.Context, c *incident.Claim, key, value string, at time.Time) error {
	return s.begin(ctx, c, "begin deed", `
		INSERT INTO deeds (subject, key, value, attempted_at)
		SELECT @subject, @key, @value, @at FROM held
		ON CONFLICT (subject, key) DO UPDATE
		   SET value = excluded.value, attempted_at = excluded.attempted_at, done_at = NULL, error = ''`,
		pgx.NamedArgs{"key": key, "value": value, "at": at})
}

// EndDeed notes that it is so, or, with a reason, that it can't be. If it comes
// late and says otherwise than the record, the deed is one without result again.
func (s *Store) EndDeed(ctx context.Context, c *incident.Claim, d incident.Deed) error {
	_, err := s.exec(ctx, "end deed", `
		WITH raised AS (
			UPDATE reconciliations r SET wanted = wanted + 1, changed_at = now(), retry_at = '-infinity'
			 WHERE subject = @subject AND claim_token::text IS DISTINCT FROM @token
			   AND EXISTS (SELECT FROM deeds d WHERE d.subject = @subject AND d.key = @key AND d.value <> @value)
			RETURNING subject, wanted),
		late AS (SELECT pg_notify('muster', subject || ' ' || wanted) FROM raised)
		INSERT INTO deeds (subject, key, value, ref, done_at, error)
		VALUES (@subject, @key, @value, @ref, @at, @error)
		ON CONFLICT (subject, key) DO UPDATE
		   SET value = excluded.value, ref = excluded.ref, error = excluded.error,
		       attempted_at = CASE WHEN EXISTS (SELECT FROM late) THEN excluded.done_at END,
		       done_at = CASE WHEN EXISTS (SELECT FROM late) THEN NULL ELSE excluded.done_at END`, pgx.NamedArgs{
		"subject": c.Subject, "token": c.Token, "key": d.Key, "value": d.Value, "ref": d.Ref,
		"at": nullable(d.DoneAt), "error": d.Error,
	})
	return err
}

// DirectChannel gives the channel of our direct messages with a person, or
// empty if none is on record.
func (s *Store) DirectChannel(ctx context.Context, person string) (string, error) {
	var channel string
	err := s.speak.QueryRow(ctx, `SELECT coalesce((SELECT channel FROM direct_channels WHERE person = $1), '')`, person).Scan(&channel)
	return channel, err
}

// SaveDirectChannel notes it.
func (s *Store) SaveDirectChannel(ctx context.Context, person, channel string) error {
	_, err := s.exec(ctx, "direct channel", `
		INSERT INTO direct_channels (person, channel) VALUES (@person, @channel)
		ON CONFLICT (person) DO UPDATE SET channel = excluded.channel`,
		pgx.NamedArgs{"person": person, "channel": channel})
	return err
}
