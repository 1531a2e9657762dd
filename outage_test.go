package main

import (
	"errors"
	"strings"
	"testing"

	"muster/bot"
	"muster/sandbox/workspace"
)

// full makes a database take no new incident and no entry, as one whose disk is full.
const full = `
	CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
		RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = 'disk_full';
	END $$;
	CREATE TRIGGER full_disk BEFORE INSERT ON entries FOR EACH STATEMENT EXECUTE FUNCTION full_disk();
	CREATE TRIGGER full_disk BEFORE INSERT ON inbox FOR EACH STATEMENT EXECUTE FUNCTION full_disk();
	CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON postings FOR EACH STATEMENT EXECUTE FUNCTION full_disk();`

// A database that answers and yet takes nothing is as one that is away: what was
// typed stays, what was begun goes on afterwards, and nobody has to start anything.
func TestTheDatabaseTakesNothing(t *testing.T) {
	t.Parallel()
	for name, way := range map[string]struct{ ill, well string }{
		"the disk is full": {full, `DROP FUNCTION full_disk CASCADE`},
		"it is read-only":  {readOnly("on"), readOnly("off")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, workspace.Config{})
			w.start(impatient())
			w.says(w.lee, "general", "/incident new mail is slow")
			w.do(w.lee.Hears(w.ctx, "declared: #inc-1"))
			w.rest()
			w.says(w.lee, "general", "/incident")
			form, err := w.lee.AwaitForm(w.ctx, "What is wrong?")
			w.do(err)
			w.do(form.Fill("What is wrong?", "checkout returns 500"))
			w.exec(way.ill)
			outcome, err := form.Submit(w.ctx)
			w.do(err)
			w.contains(outcome.Errors["What is wrong?"], "can't use its database", "Your text is kept here")
			w.contains(w.says(w.ana, "general", "/incident 1 severity sev1"), "That did not work", "Nothing was changed")
			w.eventually("it is read", func() bool {
				return strings.Contains(w.says(w.ana, "general", "/incident 1 show"), "SEV4")
			})
			w.exec(way.well)
			w.eventually("the form is taken", func() bool {
				if outcome.Updated || outcome.Closed {
					return true
				}
				outcome, err = form.Submit(w.ctx)
				return err == nil && (outcome.Updated || outcome.Closed)
			})
			w.shows("incidents", "checkout returns 500")
			w.eventually("a severity is taken", func() bool {
				w.says(w.ana, "general", "/incident 1 severity sev1")
				return strings.Contains(w.ana.Sees("incidents"), "SEV1")
			})
			w.rest()
			if n := w.query(`SELECT count(*)::text FROM incidents`); n != "2" {
				t.Errorf("there are %s incidents", n)
			}
		})
	}
}

// readOnly lets all connections that are made from now on write nothing, or write
// again, and ends those that are.
func readOnly(on string) string {
	return `SET TRANSACTION READ WRITE;
		DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = ` + on + `', current_database()); END $$;
		SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();`
}

// The bot token is revoked while muster hears: what people decide is kept, the
// reason is told, and all is said when there is a token again.
func TestTheBotTokenIsRevokedForAWhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	w.start(impatient())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+overRoom))
	w.rest()
	w.Fault(workspace.Fault{Kind: workspace.Refuse, Code: "token_revoked", Times: -1})
	w.says(w.ana, overRoom, "/incident severity sev2")
	w.says(w.ana, "general", "/incident new mail is slow")
	w.eventually("the reason is on record", func() bool {
		return strings.Contains(w.says(w.ana, overRoom, "/incident show"), "the bot token was revoked")
	})
	w.ClearFaults()
	w.shows(overRoom, "SEV4 → SEV2")
	w.shows("incidents", "#inc-2-mail-is-slow")
	w.rest()
}

// The app is removed from the workspace: muster ends and says why, since waiting
// does not help.
func TestTheAppIsRemoved(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{})
	m := w.start(impatient())
	w.says(w.ana, "general", "/incident new db down")
	w.do(w.ana.Hears(w.ctx, "declared: #"+overRoom))
	w.rest()
	w.Uninstall()
	w.CutSockets(workspace.Abruptly)
	err := <-m.done
	m.done <- nil
	var token *bot.TokenError
	if !errors.As(err, &token) || token.Code != "account_inactive" {
		t.Errorf("it ended with %v", err)
	}
	if code := report(&strings.Builder{}, err); code != exitSetup {
		t.Errorf("exit code %d", code)
	}
}
