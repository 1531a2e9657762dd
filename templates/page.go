package templates

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

//go:embed confluence
var pages embed.FS

const pageFile = "confluence/rca.html"

// StockPage is the embedded template of the root-cause page.
func StockPage() (string, error) {
	content, err := pages.ReadFile(pageFile)
	return string(content), err
}

// OwnPage is the template that dir has instead, with its path. own is false if
// it has none.
func OwnPage(dir string) (path, content string, own bool, err error) {
	if dir == "" {
		return "", "", false, nil
	}
	path = filepath.Join(dir, filepath.FromSlash(pageFile))
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", "", false, nil
	}
	if err != nil {
		return path, "", false, fmt.Errorf("read a template: %w", err)
	}
	return path, string(raw), true, nil
}
