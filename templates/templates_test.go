package templates

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// folder makes an override folder with one file.
func folder(t *testing.T, file, content string) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, file)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func open(t *testing.T, dir string) *Set {
	t.Helper()
	set, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestStockTexts(t *testing.T) {
	t.Parallel()
	set := open(t, "")
	var roles []RoleText
	for _, r := range set.Roles() {
		t.Logf("%s: %d characters", r.Key, utf8.RuneCountInString(r.Text))
		roles = append(roles, RoleText{Key: r.Key, Name: r.Name, Position: r.Position})
	}
	want := []RoleText{
		{Key: "commander", Name: "Incident commander", Position: 1},
		{Key: "comms", Name: "Communications liaison", Position: 2},
		{Key: "lead", Name: "Technical lead", Position: 3},
	}
	if diff := cmp.Diff(want, roles); diff != "" {
		t.Error(diff)
	}
	for i, s := range set.Severities() {
		t.Logf("%s: %d characters", s.Name, utf8.RuneCountInString(s.Text))
		if s.Level != i+1 || s.Name != []string{"SEV1", "SEV2", "SEV3", "SEV4"}[i] {
			t.Errorf("severity %d is %+v", i, s)
		}
	}
}

func TestAFileOfTheFolderReplacesTheEmbeddedOne(t *testing.T) {
	t.Parallel()
	stock := open(t, "")
	own := open(t, folder(t, "roles/lead.md", "\ufeff# Fixer \r\n\r\n  Fix it.\r\nThen rest.\r\n\r\n"))
	want := stock.Roles()
	want[2].Name, want[2].Text = "Fixer", "Fix it.\nThen rest."
	if diff := cmp.Diff(want, own.Roles()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(stock.Severities(), own.Severities()); diff != "" {
		t.Error(diff)
	}
}

func TestMistakesNameFileAndLine(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 599)
	for _, tc := range []struct{ file, content, want string }{
		{"roles/lead.md", "", "roles/lead.md:1: the first line must be the name"},
		{"roles/lead.md", "#\ntext", "roles/lead.md:1: the first line must be the name"},
		{"roles/lead.md", strings.Repeat("n", 41) + "\ntext", "roles/lead.md:1: the name has 41 characters, at most 40 fit"},
		{"roles/lead.md", "Name\n\n", "roles/lead.md:2: below the name there must be a text"},
		{"roles/lead.md", "Name", "roles/lead.md:2: below the name there must be a text"},
		{"roles/lead.md", "Name\n\n" + long + "\nb", "roles/lead.md:4: the text has 601 characters, at most 600 fit"},
		{"roles/lead.md", "Name\n\nok\n\xff", "roles/lead.md:4: this is not UTF-8 text"},
		{"severities/sev2.md", "SEV2\n\n\na\nb", "severities/sev2.md:5: the text must be one line"},
		{"severities/sev2.md", "SEV2\n" + strings.Repeat("x", 76), "severities/sev2.md:2: the text has 76 characters, at most 75 fit"},
		{"severities/sev5.md", "SEV5\nx", "severities/sev5.md: replaces no template"},
		{"roles/comander.md", "X\nx", "roles/comander.md: replaces no template"},
	} {
		dir := folder(t, tc.file, tc.content)
		if set, err := Open(dir); err == nil || !strings.HasPrefix(err.Error(), filepath.Join(dir, tc.want)) {
			t.Errorf("%q in %s: got %v, %v, want %s", tc.content, tc.file, set, err, tc.want)
		}
	}
}

func TestEveryMistakeIsReported(t *testing.T) {
	t.Parallel()
	dir := folder(t, "roles/lead.md", "Name")
	if err := os.WriteFile(filepath.Join(dir, "roles/comms.md"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("want two lines, got %v", err)
	}
}

func TestAFileThatCannotBeReadIsNotReplacedByTheStock(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "roles/lead.md"), 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "lead.md") {
		t.Errorf("got %v", err)
	}
}

func TestOtherFilesOfTheFolderAreNobodysBusiness(t *testing.T) {
	t.Parallel()
	dir := folder(t, "README.md", "ours")
	if err := os.MkdirAll(filepath.Join(dir, "roles"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "roles/.lead.md.swp"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	open(t, dir)
}
