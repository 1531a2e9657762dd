package storetest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// database copies the source that source names and returns the copy's address.
func (s *server) database(t testing.TB, source func(ctx context.Context, server string) (string, error)) string {
	t.Helper()
	address, err := s.start()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	template, err := source(ctx, address)
	if err != nil {
		t.Fatal(err)
	}
	name := newName("test")
	if err := execute(ctx, address, createSQL(name, template)); err != nil {
		t.Fatalf("make a database: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		if err := execute(ctx, address, dropSQL(name)); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	return withDatabase(address, name)
}

// template makes the migrated database once and returns its name.
func (s *server) template(ctx context.Context, server string) (string, error) {
	s.templateOnce.Do(func() {
		name := newName("template")
		if s.templateErr = execute(ctx, server, createSQL(name, "template0")); s.templateErr != nil {
			return
		}
		s.templateName = name
		if err := s.migrate(ctx, withDatabase(server, name)); err != nil {
			s.templateErr = fmt.Errorf("migrate: %w", err)
		}
	})
	return s.templateName, s.templateErr
}

// dropTemplate leaves a server that is not ours as it was.
func (s *server) dropTemplate() error {
	if s.templateName == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	return execute(ctx, s.address, dropSQL(s.templateName))
}

func createSQL(name, template string) string {
	return "CREATE DATABASE " + name + " TEMPLATE " + template
}

func dropSQL(name string) string { return "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)" }

// newName is unique on a server that several test binaries share.
func newName(kind string) string {
	return "muster_" + kind + "_" + strings.ToLower(rand.Text()[:12])
}

// execute opens a connection for one statement: none stays open between tests,
// where it would look like a leak.
func execute(ctx context.Context, address, statement string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}

// withDatabase points an address, of either form that PostgreSQL knows, to
// another database of the same server.
func withDatabase(address, name string) string {
	if u, err := url.Parse(address); err == nil && u.Scheme != "" {
		query := u.Query()
		query.Del("dbname")
		u.RawQuery = strings.ReplaceAll(query.Encode(), "+", "%20")
		u.Path, u.RawPath = "/"+name, ""
		return u.String()
	}
	return address + " dbname=" + name
}
