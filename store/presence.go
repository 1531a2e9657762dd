package store

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// raise wakes the reconciler for the subjects that the query before it calls
// touched.
const raise = `
	raised AS (
		UPDATE reconciliations SET wanted = wanted + 1, changed_at = now(), retry_at = '-infinity'
		 WHERE subject IN (SELECT subject FROM touched) RETURNING subject, wanted)
	SELECT pg_notify('muster', subject || ' ' || wanted) FROM raised`

// Noticed is a hint that somebody did something with a channel; by is who, or
// empty. back says that it may be there again, which is news only of one that was
// not. Of channels that are no incident's it makes nothing.
func (s *Store) Noticed(ctx context.Context, channel, by string, back bool) error {
	_, err := s.exec(ctx, "noticed", `
		WITH touched AS (
			UPDATE rooms SET noticed = noticed + 1, noticed_by = @by
			 WHERE channel = @channel AND channel <> '' AND (state <> '' OR NOT @back) RETURNING 'incident:' || number AS subject),`+raise,
		pgx.NamedArgs{"channel": channel, "by": by, "back": back})
	return err
}

// TurnedPrivate is a hint that a channel is private now that was not; by is who made it
// so, or empty. Of other channels it makes nothing.
func (s *Store) TurnedPrivate(ctx context.Context, channel, by string) error {
	return s.turned(ctx, channel, by, `(exposed OR NOT private)`)
}

// TurnedPublic is a hint that a channel is public now that was private.
func (s *Store) TurnedPublic(ctx context.Context, channel, by string) error {
	return s.turned(ctx, channel, by, `private AND NOT exposed`)
}

func (s *Store) turned(ctx context.Context, channel, by, was string) error {
	_, err := s.exec(ctx, "turned", `
		WITH touched AS (
			UPDATE rooms SET noticed = noticed + 1, noticed_by = @by
			 WHERE channel = @channel AND channel <> '' AND `+was+` RETURNING 'incident:' || number AS subject),`+raise,
		pgx.NamedArgs{"channel": channel, "by": by})
	return err
}

// deletedHash stands for what a message shows that somebody has deleted: an edit that
// was on its way meanwhile leaves it there, and the next one finds no message.
const deletedHash = "deleted"

// Deleted is a hint that a message of ours was deleted. The card and the digest message
// of an open incident are posted anew.
func (s *Store) Deleted(ctx context.Context, channel, ts string) error {
	_, err := s.exec(ctx, "deleted", `
		WITH touched AS (
			UPDATE postings p SET hash = '`+deletedHash+`' FROM incidents i
			 WHERE p.channel = @channel AND p.ts = @ts AND p.key IN ('card', 'digest')
			   AND p.subject = 'incident:' || i.number AND i.resolved_at IS NULL RETURNING p.subject),`+raise,
		pgx.NamedArgs{"channel": channel, "ts": ts})
	return err
}

// turnPrivate makes an incident private whose room Slack shows to members alone. Who
// is in there is for Slack to say. A post that it came from is free for others, who
// don't know of it. A page that is there was made before, also by a clock that is ahead.
// What was told outside is told anew, as soon as somebody polls: the list of stale
// incidents, and those that are closed as its duplicates.
var turnPrivate = `
		turned AS (
			UPDATE incidents SET private = true,
			       private_at = greatest(@at, (SELECT done_at + interval '1 ms' FROM deeds WHERE subject = 'incident:' || incidents.number AND key = 'page')),
			       origin_key = CASE WHEN origin_key LIKE 'post:%' THEN 'private:' || incidents.number || ':' || origin_key ELSE origin_key END
			  FROM before WHERE incidents.number = before.number AND before.purpose = 'room' AND @private AND NOT incidents.private
			RETURNING incidents.number, declarer),
		told AS (
			INSERT INTO entries (number, kind, at, author, quiet, from_value, to_value, role, body)
			SELECT number, 'private', @at::timestamptz, @by::text, false, '', '', '', '' FROM turned),
		outside AS (
			INSERT INTO members (number, person, present)
			SELECT number, declarer, false FROM turned UNION
			SELECT a.number, a.holder, false FROM turned JOIN assignments a USING (number)
			ON CONFLICT DO NOTHING),
		others AS (
			UPDATE reconciliations SET wanted = wanted + 1, changed_at = now(), retry_at = '-infinity'
			  FROM turned WHERE subject = 'incident:' || turned.number
			    OR subject = (SELECT 'incident:' || stale_leader FROM installation)
			    OR subject = ANY (` + duplicatesOf(`turned.number`) + `))`

// DigestBack lets all open incidents be told in the digest channel what they could
// not be while nobody could write there.
func (s *Store) DigestBack(ctx context.Context) error {
	_, err := s.exec(ctx, "digest back", `
		WITH touched AS (SELECT 'incident:' || number AS subject FROM incidents WHERE resolved_at IS NULL),
		due AS (UPDATE steps SET not_before = 'epoch' WHERE subject IN (SELECT subject FROM touched) AND not_before > 'epoch'),`+raise, nil)
	return err
}

// PostsBack lets open incidents mark and answer the posts that they were declared
// from in a channel where muster could not write until now.
func (s *Store) PostsBack(ctx context.Context, channel string) error {
	_, err := s.exec(ctx, "posts back", `
		WITH touched AS (
			DELETE FROM deeds d USING incidents i
			 WHERE i.resolved_at IS NULL AND i.origin_post ->> 'channel' = @channel
			   AND d.subject = 'incident:' || i.number AND d.key = 'post:away' AND d.value = 'away' RETURNING d.subject),
		refused AS (
			DELETE FROM postings p USING touched WHERE p.subject = touched.subject AND p.key LIKE 'post:%' AND p.ts = '' AND p.error <> ''),`+raise,
		pgx.NamedArgs{"channel": channel})
	return err
}

// MoveChannel gives a channel the id that Slack moved it to, wherever it is on record:
// as an incident's, as the digest channel, or as the place of a post or a message. What
// could not be said or was taken for gone meanwhile is looked at again.
func (s *Store) MoveChannel(ctx context.Context, from, to string) error {
	_, err := s.exec(ctx, "move channel", `
		WITH moved AS (
			UPDATE rooms SET channel = @to, noticed = noticed + 1, noticed_by = '' WHERE channel = @from AND channel <> ''
			RETURNING 'incident:' || number AS subject),
		digest AS (UPDATE installation SET digest_id = @to WHERE digest_id = @from RETURNING 1),
		origins AS (
			UPDATE incidents SET origin_post = jsonb_set(origin_post, '{channel}', to_jsonb(@to::text)),
			       origin_key = CASE WHEN origin_key LIKE 'post:%' THEN replace(origin_key, 'post:' || @from || ':', 'post:' || @to || ':') ELSE origin_key END
			 WHERE origin_post ->> 'channel' = @from),
		kept AS (UPDATE messages SET channel = @to WHERE channel = @from),
		said AS (UPDATE postings SET channel = @to WHERE channel = @from),
		touched AS (
			SELECT subject FROM moved UNION
			SELECT subject FROM reconciliations WHERE seen < wanted AND EXISTS (SELECT FROM digest)),
		due AS (UPDATE steps SET not_before = 'epoch' WHERE subject IN (SELECT subject FROM touched) AND not_before > 'epoch'),`+raise,
		pgx.NamedArgs{"from": from, "to": to})
	return err
}

// SeeRoom notes what Slack says of a channel. A new state or name is an entry of the
// timeline, and a room that turned private makes the incident so. One that is public again
// leaves it private, and is an entry. A name is not worth more, since Slack says it in the
// channel, nor is what happens to the room of an incident that is over.
func (s *Store) SeeRoom(ctx context.Context, c *incident.Claim, seen incident.Sighting) error {
	return s.begin(ctx, c, "see room", `,
		before AS (
			SELECT r.number, r.purpose, r.state, r.name, r.wanted_back, i.resolved_at, r.exposed AS was_exposed,
			       CASE WHEN @public THEN r.private WHEN @private THEN false ELSE r.exposed END AS exposed FROM held, rooms r JOIN incidents i ON i.number = r.number
			 WHERE r.number = @number AND r.purpose = @purpose AND r.channel = @channel),
		noted AS (
			INSERT INTO entries (number, kind, at, author, quiet, from_value, to_value, role, body)
			SELECT number, 'channel', @at::timestamptz, @by::text, state = @state OR wanted_back OR purpose = 'room' AND resolved_at IS NOT NULL, purpose,
			       CASE WHEN state = @state THEN 'renamed' ELSE @state::text END, '', @name::text
			  FROM before WHERE state <> @state OR name <> @name),
		shown AS (
			INSERT INTO entries (number, kind, at, author, quiet, from_value, to_value, role, body)
			SELECT number, 'exposed', @at::timestamptz, @by::text, false, purpose, CASE WHEN exposed THEN 'public' ELSE 'private' END, '', @name::text
			  FROM before WHERE exposed <> was_exposed),`+turnPrivate+`
		UPDATE rooms SET state = @state, name = @name, private = rooms.private OR @private, exposed = before.exposed, wanted_back = rooms.wanted_back AND @state <> '', looked = greatest(looked, @noticed)
		  FROM before WHERE rooms.number = before.number AND rooms.purpose = before.purpose`,
		pgx.NamedArgs{
			"number": incident.SubjectNumber(c.Subject), "purpose": string(seen.Purpose), "channel": seen.Channel,
			"state": string(seen.State), "name": seen.Name, "by": seen.By, "at": seen.At, "noticed": seen.Noticed, "private": seen.Private, "public": seen.Public,
		})
}

// RenewRoom forgets a channel that can't be had back, so that another one is made,
// with the messages and deeds that belong to it: keys may end in %.
func (s *Store) RenewRoom(ctx context.Context, c *incident.Claim, purpose incident.RoomPurpose, keys []string) error {
	return s.begin(ctx, c, "renew room", `,
		messages AS (DELETE FROM postings USING held WHERE postings.subject = held.subject AND key LIKE ANY(@keys)),
		acts AS (DELETE FROM deeds USING held WHERE deeds.subject = held.subject AND key LIKE ANY(@keys))
		UPDATE rooms SET channel = '', state = '', wanted_back = false, exposed = false, attempted_at = NULL, looked = noticed
		  FROM held WHERE number = @number AND purpose = @purpose`,
		pgx.NamedArgs{"number": incident.SubjectNumber(c.Subject), "purpose": string(purpose), "keys": keys})
}

// ForgetDeeds forgets that things were done, so that they are done again.
func (s *Store) ForgetDeeds(ctx context.Context, c *incident.Claim, keys []string) error {
	return s.begin(ctx, c, "forget deeds", `,
		gone AS (DELETE FROM deeds USING held WHERE deeds.subject = held.subject AND key = ANY(@keys))
		SELECT FROM held`, pgx.NamedArgs{"keys": keys})
}

// wantBack notes that an incident that was reopened needs its room again. Somebody
// may have archived it unheard, or a moment ago.
const wantBack = `UPDATE rooms SET wanted_back = true, noticed = noticed + 1 WHERE number = @number AND purpose = 'room' AND channel <> ''`

// wantReviewBack does that for the channel of the review of one that is resolved again.
const wantReviewBack = `UPDATE rooms SET wanted_back = true, noticed = noticed + 1 WHERE number = @number AND purpose = 'rca' AND channel <> ''`

// HeldBy implements incident.DeskStore.
func (s *Store) HeldBy(ctx context.Context, person string) ([]int64, error) {
	rows, err := s.hear.Query(ctx, `
		SELECT number FROM assignments JOIN incidents USING (number) WHERE holder = $1 AND resolved_at IS NULL
		UNION SELECT number FROM follow_ups WHERE owner = $1 AND done_at IS NULL AND NOT dropped ORDER BY number`, person)
	if err != nil {
		return nil, fmt.Errorf("list who holds roles: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[int64])
}

// Holders lists, limit of them at most, who holds a role in an open incident.
func (s *Store) Holders(ctx context.Context, limit int) ([]string, error) {
	rows, err := s.hear.Query(ctx, `
		SELECT DISTINCT holder FROM assignments JOIN incidents USING (number)
		 WHERE resolved_at IS NULL ORDER BY holder LIMIT $1`, limit)
	if err != nil {
		return nil, fmt.Errorf("list who holds roles: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// Resync implements incident.DeskStore.
func (s *Store) Resync(ctx context.Context, number int64, at time.Time) error {
	_, err := s.exec(ctx, "resync", `
		WITH touched AS (UPDATE rooms SET noticed = noticed + 1, noticed_by = '' WHERE number = @number AND channel <> ''),
		due AS (UPDATE steps SET not_before = 'epoch' WHERE subject = @subject AND not_before > 'epoch'),
		refused AS (DELETE FROM postings WHERE subject = @subject AND ts = '' AND error <> '' AND key IN ('card', 'digest')),
		raised AS (
			UPDATE reconciliations SET wanted = wanted + 1, changed_at = now(), retry_at = '-infinity', resync_at = @at
			 WHERE subject = @subject RETURNING subject, wanted)
		SELECT pg_notify('muster', subject || ' ' || wanted) FROM raised`,
		pgx.NamedArgs{"number": number, "subject": incident.Subject(number), "at": at})
	return err
}

// RaiseChecks implements incident.DeskStore.
func (s *Store) RaiseChecks(ctx context.Context, now time.Time, age time.Duration, limit int) error {
	_, err := s.exec(ctx, "raise checks", `
		WITH due AS (
			SELECT subject FROM reconciliations
			 WHERE subject = ANY (ARRAY(SELECT 'incident:' || number FROM incidents WHERE resolved_at IS NULL AND declared_at <= @now::timestamptz - @age::interval))
			   AND (check_at IS NULL OR check_at <= @now::timestamptz - @age::interval)
			 LIMIT @limit FOR UPDATE SKIP LOCKED),
		raised AS (
			UPDATE reconciliations SET check_at = @now, wanted = wanted + 1, changed_at = now(), retry_at = '-infinity'
			  FROM due WHERE reconciliations.subject = due.subject RETURNING reconciliations.subject, wanted)
		SELECT pg_notify('muster', subject || ' ' || wanted) FROM raised`,
		pgx.NamedArgs{"now": now, "age": age, "limit": limit})
	return err
}
