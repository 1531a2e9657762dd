package templates

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

//go:embed roles severities
var embedded embed.FS

// RoleText is the stock text of a role.
type RoleText struct {
	Key      string // "commander", "comms" or "lead": what is stored and what commands take
	Name     string // what people read
	Text     string // several lines, at most 600 characters
	Position int    // order on the card, from 1
}

// SeverityText is the stock text of a severity.
type SeverityText struct {
	Level int    // 1 is the worst, 4 the mildest
	Name  string // what people read
	Text  string // one line of at most 75 characters
}

// The longest texts, in characters. A role's text goes into one direct message with links and
// buttons and should fit a phone; a severity's stands in one line of a message.
const (
	maxName         = 40
	maxRoleText     = 600
	maxSeverityText = 75 // what the description of a menu option takes, so that nobody sees it cut
)

// roleKeys are the stock roles in the order of the card.
var roleKeys = [...]string{"commander", "comms", "lead"}

// severityLevels is how many severities there are.
const severityLevels = 4

// Set is every text, read and checked.
type Set struct {
	roles      []RoleText
	severities []SeverityText
}

// Open reads all texts: from dir where it has the file, else the embedded one. An empty dir
// means the embedded ones only. The error lists everything that is wrong, one mistake a line.
func Open(dir string) (*Set, error) {
	var set Set
	var faults []error
	for i, key := range roleKeys {
		name, text, err := read(dir, roleFile(key), maxRoleText, manyLines)
		faults = append(faults, err)
		set.roles = append(set.roles, RoleText{Key: key, Name: name, Text: text, Position: i + 1})
	}
	for level := 1; level <= severityLevels; level++ {
		name, text, err := read(dir, severityFile(level), maxSeverityText, oneLine)
		faults = append(faults, err)
		set.severities = append(set.severities, SeverityText{Level: level, Name: name, Text: text})
	}
	if dir != "" {
		faults = append(faults, strays(dir))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	return &set, nil
}

// Roles gives the stock roles in the order of the card.
func (s *Set) Roles() []RoleText { return slices.Clone(s.roles) }

// Severities gives the severities, worst first.
func (s *Set) Severities() []SeverityText { return slices.Clone(s.severities) }

func roleFile(key string) string { return "roles/" + key + ".md" }

func severityFile(level int) string { return fmt.Sprintf("severities/sev%d.md", level) }

// stockFiles are the files of roles and severities.
func stockFiles() []string {
	var files []string
	for _, key := range roleKeys {
		files = append(files, roleFile(key))
	}
	for level := 1; level <= severityLevels; level++ {
		files = append(files, severityFile(level))
	}
	return files
}

// read finds one file and parses it. Its errors begin with the path that was read.
func read(dir, file string, limit int, lines lines) (name, text string, err error) {
	path := filepath.Join(dir, filepath.FromSlash(file))
	content, err := os.ReadFile(path)
	if dir == "" || errors.Is(err, fs.ErrNotExist) {
		path = "templates/" + file
		content, err = embedded.ReadFile(file)
	}
	if err != nil {
		return "", "", fmt.Errorf("read a template: %w", err)
	}
	name, text, fault := parse(string(content), limit, lines)
	if fault != nil {
		return "", "", fmt.Errorf("%s:%w", path, fault)
	}
	return name, text, nil
}

// strays reports files of dir's roles and severities folders that replace nothing: a misspelt
// name would otherwise have no effect without a word.
func strays(dir string) error {
	known := stockFiles()
	var faults []error
	for _, folder := range []string{"roles", "severities"} {
		entries, err := os.ReadDir(filepath.Join(dir, folder))
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			faults = append(faults, fmt.Errorf("read the folder of templates: %w", err))
		}
		for _, entry := range entries {
			hidden := strings.HasPrefix(entry.Name(), ".") // editors and version control leave such files
			if !hidden && !slices.Contains(known, folder+"/"+entry.Name()) {
				faults = append(faults, fmt.Errorf("%s: replaces no template; there are roles/{%s}.md and severities/sev1.md to sev%d.md",
					filepath.Join(dir, folder, entry.Name()), strings.Join(roleKeys[:], ","), severityLevels))
			}
		}
	}
	return errors.Join(faults...)
}
