package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Facts are what a database is like, for whoever looks for what is wrong.
type Facts struct {
	// Version is the server's, as a number (150004) and in words.
	Version     int
	VersionText string
	// Have is the schema that it has, 0 if none, and Want that of this program.
	Have, Want int64
	// ReadOnly is whether nothing can be written, such as on a standby;
	// MayCreate whether this user may make tables, and MayUse whether it may read
	// and write those that are there.
	ReadOnly, MayCreate, MayUse bool
	// Encoding is that of the database, which must be UTF8.
	Encoding string
	// MaxConnections is how many the server takes from all programs, or fewer if
	// the user or the database has a limit of its own.
	MaxConnections int
	// Now is its clock.
	Now time.Time
}

// selectFacts looks at the rights on some of muster's own tables: the schema may hold
// those of others, too.
const selectFacts = `
	SELECT current_setting('server_version_num')::int, current_setting('server_version'),
	       pg_is_in_recovery() OR current_setting('default_transaction_read_only')::boolean,
	       coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),
	       coalesce((SELECT bool_and(has_table_privilege(oid, 'SELECT') AND has_table_privilege(oid, 'INSERT')
	                             AND has_table_privilege(oid, 'UPDATE') AND has_table_privilege(oid, 'DELETE'))
	                   FROM pg_class WHERE relname IN ('goose_db_version', 'incidents', 'reconciliations') AND relnamespace = current_schema()::regnamespace), true),
	       coalesce(has_table_privilege(to_regclass('goose_db_version'), 'SELECT'), false),
	       current_setting('server_encoding'),
	       least(current_setting('max_connections')::int,
	             (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user),
	             (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database())),
	       clock_timestamp()`

const selectSchema = `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`

// Inspect looks at the database behind a DSN, and changes nothing there. Its errors
// are for people: one line, without password.
func Inspect(ctx context.Context, dsn string) (Facts, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return Facts{}, ErrAddress
	}
	f, err := look(ctx, config)
	if _, unconnected := errors.AsType[*pgconn.ConnectError](err); unconnected {
		err = brief(err)
	}
	return f, err
}

// look is Inspect with the library's own errors.
func look(ctx context.Context, config *pgx.ConnConfig) (f Facts, err error) {
	if f.Want, err = newest(); err != nil {
		return f, err
	}
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return f, err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	row, hasSchema := conn.QueryRow(ctx, selectFacts), false
	if err := row.Scan(&f.Version, &f.VersionText, &f.ReadOnly, &f.MayCreate, &f.MayUse, &hasSchema, &f.Encoding, &f.MaxConnections, &f.Now); err != nil {
		return f, fmt.Errorf("ask the database: %w", err)
	}
	if hasSchema {
		err = conn.QueryRow(ctx, selectSchema).Scan(&f.Have)
	}
	return f, err
}

// brief leaves out what pgx says of the user and of each try, and keeps the
// reason.
func brief(err error) error {
	if refusal, ok := errors.AsType[*pgconn.PgError](err); ok {
		return errors.New(refusal.Message)
	}
	if op, ok := errors.AsType[*net.OpError](err); ok && op.Addr != nil {
		return fmt.Errorf("%s: %w", op.Addr, op.Err)
	}
	return errors.New(lastLine(err))
}

// newest is the schema that the migrations lead to.
func newest() (int64, error) {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil || len(files) == 0 {
		return 0, fmt.Errorf("list the migrations: %w", err)
	}
	name := strings.TrimPrefix(files[len(files)-1], "migrations/")
	number, _, _ := strings.Cut(name, "_")
	return strconv.ParseInt(number, 10, 64)
}
