package templates

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestUnusedFilesAreNamed(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, path := range []string{"roles/lead.md", "severities/sev4.md", "confluence/rca.html", "commander.md", "severities/SEV1.md", ".git/config", "roles/.swp"} {
		full := filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	unused, err := Unused(dir)
	if err != nil || !slices.Equal(unused, []string{"commander.md", "severities/SEV1.md"}) {
		t.Errorf("unused are %q, %v", unused, err)
	}
	if unused, err := Unused(""); unused != nil || err != nil {
		t.Errorf("unused are %q, %v", unused, err)
	}
	if _, err := Unused(filepath.Join(dir, "nothing")); err == nil {
		t.Error("a folder that is not there was read")
	}
}
