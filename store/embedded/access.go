package embedded

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/user"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	rulesName    = "pg_hba.conf"
	accountsName = "pg_ident.conf"
)

// URL returns the address of the database named [DatabaseName]. It holds no secret.
func (s *Server) URL() string { return s.folder.url(DatabaseName) }

func (f *folder) url(database string) string {
	query := url.Values{"host": {f.path}, "port": {"5432"}, "sslmode": {"disable"}}.Encode()
	// PostgreSQL's addresses know %20 only, no plus sign for a blank.
	query = strings.ReplaceAll(query, "+", "%20")
	address := url.URL{Scheme: "postgres", User: url.User(DatabaseName), Path: "/" + database, RawQuery: query}
	return address.String()
}

// writeAccess writes who may connect: the account of this program, as the
// superuser, over the socket, and nobody else. Peer authentication alone would
// ask for a role named like the account; the map spares that, so that the
// same database opens for another account after a change of owner. The files are
// written at each start and lie outside the data folder.
func (f *folder) writeAccess() error {
	us, err := user.Current()
	if err != nil || us.Username == "" {
		return fmt.Errorf("find the name of user id %d, which peer authentication needs (DATABASE_URL does without): %w", os.Geteuid(), err)
	}
	rules := "local all all peer map=" + DatabaseName + "\n"
	quoted := `"` + strings.ReplaceAll(us.Username, `"`, `""`) + `"`
	accounts := DatabaseName + " " + quoted + " " + DatabaseName + "\n"
	return errors.Join(f.replace(rulesName, rules), f.replace(accountsName, accounts))
}

// replace writes a file anew instead of into what lies there: the folder belongs
// to the server's account, so as root we would follow any link that it planted.
func (f *folder) replace(name, text string) error {
	file, err := os.CreateTemp(f.path, name+".")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	_, err = file.WriteString(text)
	err = errors.Join(err, file.Close(), f.account.own(file.Name()))
	if err == nil {
		err = os.Rename(file.Name(), filepath.Join(f.path, name))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", name, errors.Join(err, os.Remove(file.Name())))
	}
	return nil
}

// ensureDatabase makes the database at the first start, and proves at each start
// that we can connect.
func (s *Server) ensureDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.URL())
	if err == nil {
		return conn.Close(ctx)
	}
	const noSuchDatabase = "3D000"
	if answer := (*pgconn.PgError)(nil); !errors.As(err, &answer) || answer.Code != noSuchDatabase {
		return fmt.Errorf("connect to the database: %w", err)
	}
	admin, err := pgx.Connect(ctx, s.folder.url("postgres"))
	if err != nil {
		return fmt.Errorf("connect to make the database: %w", err)
	}
	_, err = admin.Exec(ctx, "CREATE DATABASE "+DatabaseName)
	if err = errors.Join(err, admin.Close(ctx)); err != nil {
		return fmt.Errorf("make the database: %w", err)
	}
	return nil
}

// Address is the URL of the server in the folder that o leads to, if a program
// runs one there.
func Address(o Options) (string, error) {
	path, err := o.place()
	if err != nil {
		return "", err
	}
	return (&folder{path: path}).url(DatabaseName), nil
}
