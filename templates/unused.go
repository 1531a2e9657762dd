package templates

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// Unused lists the files of dir that replace no stock one, by their paths in it:
// somebody who wrote them expects otherwise. Hidden ones and links are not looked
// at: what Kubernetes mounts is made of them.
func Unused(dir string) ([]string, error) {
	if dir == "" {
		return nil, nil
	}
	known := append(stockFiles(), pageFile)
	var unused []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if hidden := path != "." && filepath.Base(path)[0] == '.'; hidden {
			if entry.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if entry.Type().IsRegular() && !slices.Contains(known, path) {
			unused = append(unused, path)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look for templates: %w", err)
	}
	return unused, nil
}
