package store_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"muster/incident"
	"muster/store"
	"muster/store/storetest"
)

func TestProgramsThatStartTogetherAgree(t *testing.T) {
	t.Parallel()
	address := storetest.New(t)
	const programs = 8
	ids := make([]string, programs)
	var group sync.WaitGroup
	for n := range programs {
		s := open(t, address)
		group.Go(func() {
			var err error
			if ids[n], err = s.Install(t.Context(), stock()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	for _, id := range ids {
		if id != ids[0] || len(id) != 36 {
			t.Errorf("ids %q", ids)
		}
	}
	have, err := open(t, address).Definitions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(stock(), have); d != "" {
		t.Errorf("definitions (-want +got):\n%s", d)
	}
}

// What administrators wrote survives a start with other stock texts.
func TestStockIsWrittenOnce(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	exec(t, address, `UPDATE roles SET definition = 'ours' WHERE key = 'commander'; DELETE FROM roles WHERE key = 'lead'`)
	if _, err := s.Install(t.Context(), stock()); err != nil {
		t.Fatal(err)
	}
	have, err := s.Definitions(t.Context())
	if err != nil || len(have.Roles) != 1 || have.Roles[0].Text != "ours" {
		t.Errorf("%+v, %v", have.Roles, err)
	}
}

func TestDeclaringBeforeInstallSaysSo(t *testing.T) {
	t.Parallel()
	s := open(t, storetest.New(t))
	if _, _, err := s.Declare(t.Context(), declaration("V1"), noon, build(declaration("V1"), noon)); err == nil {
		t.Error("declared")
	}
}

func TestTheDigestChannelIsOfItsName(t *testing.T) {
	t.Parallel()
	s, _ := fresh(t)
	if err := s.SaveDigestChannel(t.Context(), "incidents", "C1"); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"incidents": "C1", "other": ""} {
		if got, err := s.DigestChannel(t.Context(), name); got != want || err != nil {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestTold(t *testing.T) {
	t.Parallel()
	s, address := fresh(t)
	for n, call := range []struct {
		try  string
		want bool
	}{{"T1", false}, {"T1", false}, {"T2", true}, {"T2", true}, {"T3", true}} {
		if got, err := s.Told(t.Context(), "k", call.try); got != call.want || err != nil {
			t.Errorf("call %d, %s: %v, %v", n, call.try, got, err)
		}
	}
	if got, err := open(t, address).Told(t.Context(), "other", "T1"); got || err != nil {
		t.Errorf("another key: %v, %v", got, err)
	}
}

func TestMigrateAtOnce(t *testing.T) {
	t.Parallel()
	address := storetest.Empty(t)
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() {
			if err := store.Migrate(t.Context(), address); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if got := query(t, address, `SELECT count(*)::text FROM pg_tables WHERE tablename IN ('incidents', 'entries', 'slack_limits')`); got != "3" {
		t.Errorf("%s of 3 tables", got)
	}
	applied := query(t, address, `SELECT string_agg(version_id::text, ' ' ORDER BY id) FROM goose_db_version`)
	if err := store.Migrate(t.Context(), address); err != nil {
		t.Error(err)
	}
	if got := query(t, address, `SELECT string_agg(version_id::text, ' ' ORDER BY id) FROM goose_db_version`); got != applied {
		t.Errorf("versions %s, then %s", applied, got)
	}
}

// Two people work on migrations, and the lower number lands later: databases that
// already have the higher one get it all the same.
func TestALateMigrationIsNotSkipped(t *testing.T) {
	t.Parallel()
	address := storetest.New(t)
	exec(t, address, `DELETE FROM goose_db_version WHERE version_id = 8; ALTER TABLE assignments DROP COLUMN note`)
	for range 2 {
		if err := store.Migrate(t.Context(), address); err != nil {
			t.Fatal(err)
		}
		if got := query(t, address, `SELECT count(*)::text FROM information_schema.columns WHERE table_name = 'assignments' AND column_name = 'note'`); got != "1" {
			t.Fatal("the late migration was skipped")
		}
	}
}

func TestANewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	address := storetest.New(t)
	exec(t, address, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9000, true)`)
	err := store.Migrate(t.Context(), address)
	newer, ok := errors.AsType[*store.NewerSchemaError](err)
	if !ok || newer.Have != 9000 || newer.Want >= newer.Have || !strings.Contains(err.Error(), "newer muster") {
		t.Errorf("error %v", err)
	}
}

// Others may have tables in the same schema that are none of muster's business.
func TestASharedSchemaIsUsed(t *testing.T) {
	t.Parallel()
	address := storetest.New(t)
	exec(t, address, `CREATE TABLE theirs (id int); GRANT ALL ON ALL TABLES IN SCHEMA public TO pg_monitor; REVOKE ALL ON theirs FROM pg_monitor;
		DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || quote_ident(current_database()) || ' SET role = pg_monitor'; END $$`)
	if err := store.Migrate(t.Context(), address); err != nil {
		t.Error(err)
	}
}

// A database that can't be used is told before anything is written to it, in
// words that an operator can act on.
func TestADatabaseThatCannotBeUsedIsRefused(t *testing.T) {
	t.Parallel()
	alter := func(what string) string {
		return `DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || quote_ident(current_database()) || ' ` + what + `'; END $$`
	}
	// A role that each server has, and that may do nothing here.
	const role = "pg_monitor"
	for name, c := range map[string]struct {
		address string
		spoil   string
		mend    bool
		says    string
	}{
		"read only":      {storetest.Empty(t), alter("SET default_transaction_read_only = on"), false, "name the primary"},
		"makes no table": {storetest.Empty(t), "REVOKE CREATE ON SCHEMA public FROM public; " + alter("SET role = "+role), true, "GRANT CREATE"},
		"may not write":  {storetest.New(t), alter("SET role = " + role), true, "GRANT SELECT, INSERT, UPDATE, DELETE"},
	} {
		t.Run(name, func(t *testing.T) {
			exec(t, c.address, c.spoil)
			err := store.Migrate(t.Context(), c.address)
			if _, unfit := errors.AsType[*store.UnfitError](err); unfit != c.mend || err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v", err)
			}
			if f, err := store.Inspect(t.Context(), c.address); err != nil || !strings.Contains(strings.Join(f.Faults(), "; "), c.says) {
				t.Errorf("facts %+v, %v", f, err)
			}
		})
	}
	for _, c := range []struct {
		facts store.Facts
		says  string
	}{
		{store.Facts{Version: 130000, VersionText: "13.1", Encoding: "UTF8", MayCreate: true, MayUse: true}, "13.1 is too old"},
		{store.Facts{Version: 150000, Encoding: "LATIN1", MayCreate: true, MayUse: true}, "LATIN1"},
	} {
		if faults := c.facts.Faults(); len(faults) != 1 || !strings.Contains(faults[0], c.says) {
			t.Errorf("%+v: %q", c.facts, faults)
		}
	}
}

func TestABadAddressIsNotRepeated(t *testing.T) {
	t.Parallel()
	const address = "postgres://u:hunter2@h:not-a-port/x"
	_, opened := store.Open(t.Context(), address)
	for name, err := range map[string]error{"open": opened, "migrate": store.Migrate(t.Context(), address)} {
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

var _ incident.DeskStore = (*store.Store)(nil)
