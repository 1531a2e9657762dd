package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"muster/incident"
)

// linksLive is how many links one person may have that are neither used nor too
// old. An envelope that comes twice makes two.
const linksLive = 5

const forgetOld = `WITH links AS (DELETE FROM console_links WHERE expires_at < now())
	DELETE FROM console_sessions WHERE expires_at < now()`

const insertLink = `
	INSERT INTO console_links (hash, person, expires_at)
	SELECT @hash, @person, now() + @life::interval
	 WHERE (SELECT count(*) FROM console_links WHERE person = @person) < @most`

// SaveLink keeps the hash of a link with which person may sign in to the console
// once within life. Who has many such links gets no more.
func (s *Store) SaveLink(ctx context.Context, person string, hash []byte, life time.Duration) error {
	if err := s.before(ctx, "console link"); err != nil {
		return err
	}
	var saved bool
	batch := &pgx.Batch{}
	batch.Queue(forgetOld)
	batch.Queue(insertLink, pgx.NamedArgs{"hash": hash, "person": person, "life": life, "most": linksLive})
	results := s.hear.SendBatch(ctx, batch)
	_, err := results.Exec()
	if err == nil {
		tag, inserted := results.Exec()
		saved, err = tag.RowsAffected() == 1, inserted
	}
	if err = errors.Join(err, results.Close()); err != nil {
		return fmt.Errorf("save a link of the console: %w", err)
	}
	if !saved {
		return incident.Errorf(incident.Conflict, "You have %d links to the console that nobody has used. Use one of them, or wait until they are too old.", linksLive)
	}
	return s.after(ctx, "console link")
}

// LinkPerson gives whom a link signs in, or empty if it was used, is too old, or
// never was.
func (s *Store) LinkPerson(ctx context.Context, hash []byte) (string, error) {
	return s.person(ctx, `SELECT person FROM console_links WHERE hash = $1 AND expires_at > now()`, hash)
}

// spendLink is one statement: of two who send one link, one gets a session.
const spendLink = `
	WITH spent AS (DELETE FROM console_links WHERE hash = $1 AND expires_at > now() RETURNING person)
	INSERT INTO console_sessions (hash, person, expires_at) SELECT $2, person, now() + $3::interval FROM spent
	RETURNING person`

// SpendLink turns a link into a session that lasts for life, and gives whose it
// is; empty means as in LinkPerson, and that nothing was changed.
func (s *Store) SpendLink(ctx context.Context, link, session []byte, life time.Duration) (string, error) {
	if err := s.before(ctx, "console sign-in"); err != nil {
		return "", err
	}
	person, err := s.person(ctx, spendLink, link, session, life)
	if err != nil {
		return "", err
	}
	return person, s.after(ctx, "console sign-in")
}

// SessionPerson gives who is signed in by a session, or empty.
func (s *Store) SessionPerson(ctx context.Context, hash []byte) (string, error) {
	return s.person(ctx, `SELECT person FROM console_sessions WHERE hash = $1 AND expires_at > now()`, hash)
}

// EndSession signs out.
func (s *Store) EndSession(ctx context.Context, hash []byte) error {
	if _, err := s.hear.Exec(ctx, `DELETE FROM console_sessions WHERE hash = $1`, hash); err != nil {
		return fmt.Errorf("end a session of the console: %w", err)
	}
	return nil
}

// EndSessions signs a person out everywhere, and makes their links worthless.
func (s *Store) EndSessions(ctx context.Context, person string) error {
	_, err := s.hear.Exec(ctx, `WITH links AS (DELETE FROM console_links WHERE person = $1)
		DELETE FROM console_sessions WHERE person = $1`, person)
	if err != nil {
		return fmt.Errorf("end a person's sessions of the console: %w", err)
	}
	return nil
}

// person reads one Slack user id, or empty if there is no row.
func (s *Store) person(ctx context.Context, sql string, args ...any) (string, error) {
	var person string
	err := s.hear.QueryRow(ctx, sql, args...).Scan(&person)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("look up who is signed in: %w", err)
	}
	return person, nil
}
