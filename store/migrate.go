package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the schema of the database behind a DSN up to this program's.
// Any number of programs may do so at once: one works, the others wait for it. A
// migration that came late, with a lower number than some that ran, still runs. A
// database that can't be used is refused with an [UnfitError] before anything else.
func Migrate(ctx context.Context, dsn string) error {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return ErrAddress
	}
	facts, err := look(ctx, config)
	if err != nil {
		return fmt.Errorf("look at the database: %w", err)
	}
	if err := facts.check(); err != nil {
		return err
	}
	db := stdlib.OpenDB(*config)
	defer db.Close()
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 120))
	if err != nil {
		return fmt.Errorf("make the migration lock: %w", err)
	}
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fmt.Errorf("open the migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker), goose.WithAllowOutofOrder(true))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	have, want, err := provider.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("ask for the schema version: %w", err)
	}
	if have > want {
		return &NewerSchemaError{Have: have, Want: want}
	}
	// The highest number alone does not tell whether a lower one is missing.
	pending, err := provider.HasPending(ctx)
	if err != nil {
		return fmt.Errorf("ask for migrations to run: %w", err)
	}
	if !pending {
		return nil
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}

// NewerSchemaError says that the database was migrated by a newer program.
type NewerSchemaError struct{ Have, Want int64 }

func (e *NewerSchemaError) Error() string {
	return fmt.Sprintf("the database has schema %d, and this program knows only %d: start the newer muster that migrated it", e.Have, e.Want)
}
