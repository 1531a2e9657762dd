package store

import (
	"errors"
	"fmt"
	"strings"
)

// oldestPostgreSQL is the oldest whose SQL is used.
const oldestPostgreSQL = 140000

// errReadOnly may pass by itself: a standby is made the primary.
var errReadOnly = errors.New("the database can only be read: name the primary in DATABASE_URL, not a standby")

// UnfitError says why a database that answers can't be used until somebody has
// mended it: a sentence for each fault, with its remedy.
type UnfitError struct{ Faults []string }

func (e *UnfitError) Error() string {
	return "the database can't be used: " + strings.Join(e.Faults, "; ")
}

// Faults are what keeps muster from using the database, a sentence each.
func (f Facts) Faults() []string {
	faults := f.unfit()
	if f.ReadOnly {
		faults = append(faults, errReadOnly.Error())
	}
	if f.Have > f.Want {
		faults = append(faults, (&NewerSchemaError{Have: f.Have, Want: f.Want}).Error())
	}
	return faults
}

// unfit are the faults that stay until somebody mends them.
func (f Facts) unfit() []string {
	var faults []string
	if f.Version < oldestPostgreSQL {
		faults = append(faults, fmt.Sprintf("PostgreSQL %s is too old: use 14 or newer", f.VersionText))
	}
	if f.Encoding != "UTF8" {
		faults = append(faults, fmt.Sprintf("its encoding is %s: make one with ENCODING 'UTF8'", f.Encoding))
	}
	switch {
	case !f.MayUse:
		faults = append(faults, "this user may not read and write all tables of the schema: GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA to it")
	case f.Have < f.Want && !f.MayCreate:
		faults = append(faults, "this user may not make tables in the schema: GRANT CREATE ON SCHEMA to it, or run `muster migrate` as another user")
	}
	return faults
}

// check gives the first reason not to go on.
func (f Facts) check() error {
	if faults := f.unfit(); len(faults) > 0 {
		return &UnfitError{Faults: faults}
	}
	if f.ReadOnly {
		return errReadOnly
	}
	return nil
}
