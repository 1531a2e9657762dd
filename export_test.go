package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	papers "muster/report"
	"muster/sandbox/workspace"
)

// written exports the world's incidents as the command does.
func (w *world) written(args ...string) string {
	w.t.Helper()
	order, err := parseExport(args)
	w.do(err)
	var out bytes.Buffer
	w.do(export(w.ctx, w.config(), order, &out))
	return out.String()
}

func TestStoryExportFromATerminal(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 92})
	if got := w.written("-format", "json"); strings.TrimSpace(got) != "[\n]" {
		t.Errorf("of nothing it prints %q", got)
	}
	w.start(quick())
	w.says(w.lee, "general", "/incident new checkout returns 500")
	w.do(w.lee.Hears(w.ctx, "declared: #"+firstRoom))
	w.says(w.lee, "general", "/incident 1 todo try it on one server @bo by 2030-01-02")
	w.says(w.lee, "general", "/incident 1 resolve rolled <&> back")
	for kind, person := range map[string]*workspace.Person{"Private": w.ana, "Test": w.bo} {
		w.do(person.Shortcut(w.ctx, "Declare an incident"))
		w.submit(person, "What is wrong?", "of "+kind, "What kind is it?", kind)
	}
	w.rest()
	w.ResetCalls()
	rows, err := csv.NewReader(strings.NewReader(w.written())).ReadAll()
	if err != nil || len(rows) != 3 || rows[1][2] != "checkout returns 500" || rows[2][2] != "of Test" || rows[1][5] != "false" || rows[2][5] != "true" {
		t.Errorf("the table is %q: %v", rows, err)
	}
	file := filepath.Join(t.TempDir(), "out.json")
	if got := w.written("-format", "json", "-private", "-o", file); got != "" {
		t.Errorf("it prints %q", got)
	}
	raw, err := os.ReadFile(file)
	w.do(err)
	var records []papers.Record
	w.do(json.Unmarshal(raw, &records))
	if len(records) != 3 || records[1].Private == records[2].Private || records[0].Resolution != "rolled <&> back" || len(records[0].Timeline) != 3 || records[0].FollowUps[0].Owner.Name != "Bo Berg" {
		t.Errorf("the records are %+v", records)
	}
	if names := records[0].DeclaredBy.Name + rows[1][8]; names != "Lee WongLee Wong" {
		t.Errorf("who declared it is called %q", names)
	}
	if text := w.written("-format", "md"); !strings.Contains(text, "# INC-1 checkout returns 500") || !strings.Contains(text, "- Test: not counted") || !strings.Contains(text, "- [ ] try it on one server, Bo Berg, by 2030-01-02") || strings.Contains(text, "of Private") {
		t.Errorf("the document is\n%s", text)
	}
	w.makes("writing it down", map[string]int{})
	if rows := w.written("-since", time.Now().AddDate(0, 0, 2).Format(time.DateOnly)); strings.Count(rows, "\n") != 1 {
		t.Errorf("since the day after tomorrow: %s", rows)
	}
}

func TestExportArguments(t *testing.T) {
	t.Parallel()
	for _, bad := range [][]string{{"-since", "yesterday"}, {"-format", "xml"}, {"all"}, {"-loud"}} {
		var out, errs bytes.Buffer
		if code := exportCommand(t.Context(), bad, &out, &errs); code != exitSetup || !strings.Contains(errs.String(), "usage: muster export") {
			t.Errorf("%q: exit code %d, %s", bad, code, errs.String())
		}
	}
}

func TestStoryAnExportComesAsFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t, workspace.Config{Seed: 93})
	w.start(quick())
	w.says(w.lee, "general", "/incident new checkout returns <500>")
	w.do(w.lee.Hears(w.ctx, "declared: #inc-1"))
	w.contains(w.says(w.bo, "general", "/incident 1 export"), "# INC-1 checkout returns <500>", "comes to your messages")
	w.do(w.bo.AwaitDM(w.ctx, "INC-1.md"))
	w.do(w.bo.AwaitDM(w.ctx, "INC-1.json"))
	var record papers.Record
	w.do(json.Unmarshal(w.FileContent("INC-1.json"), &record))
	if record.Title != "checkout returns <500>" || record.DeclaredBy.Name != "Lee Wong" {
		t.Errorf("the record is %+v", record)
	}
	if text := string(w.FileContent("INC-1.md")); !strings.Contains(text, "Lee Wong: Declared") {
		t.Errorf("the document is\n%s", text)
	}
	w.says(w.ana, "general", "/incident 1 claim lead")
	w.shows("inc-1-checkout-returns-500", "@Ana Lima is now")
	w.says(w.ana, "inc-1-checkout-returns-500", "/incident")
	w.do(w.ana.ClickInForm(w.ctx, "Export"))
	w.eventually("the export is over the panel", func() bool { return strings.Contains(w.ana.SeesForm(), "# INC-1 checkout returns <500>") })
	w.do(w.ana.AwaitDM(w.ctx, "INC-1.json"))
	w.Fault(workspace.Fault{Method: "files.completeUploadExternal", Kind: workspace.Refuse, Code: "restricted_action"})
	w.says(w.lee, "general", "/incident 1 export")
	w.do(w.lee.Hears(w.ctx, "could not be sent (restricted_action)"))
	if strings.Contains(w.lee.DirectMessages(), "INC-1.md") || strings.Contains(w.ana.Sees("general"), "# INC-1") {
		t.Errorf("others see it:\n%s", w.Dump())
	}
}
