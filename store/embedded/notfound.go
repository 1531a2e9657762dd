package embedded

import (
	"fmt"
	"strings"
)

// NotFoundError says that this machine has no PostgreSQL that fits. Its text has
// several lines and is meant to be shown to the person who started the program.
type NotFoundError struct {
	// BinDir is the one folder that was asked for, empty after a search.
	BinDir string
	// Major is the version that an existing database needs, 0 for any.
	Major int
	// Looked holds the places searched, in order, as glob patterns.
	Looked []string
	// Unfit says of each PostgreSQL found why it does not do.
	Unfit []string
}

// Error names what is missing, where it was looked for, and the choices.
func (e *NotFoundError) Error() string {
	var b strings.Builder
	if e.Major != 0 {
		fmt.Fprintf(&b, "the database was made by PostgreSQL %d, and no PostgreSQL %d is found on this machine", e.Major, e.Major)
		b.WriteString("\nthe database was left as it is")
	} else {
		fmt.Fprintf(&b, "no PostgreSQL (%d or newer) is found on this machine", minMajor)
	}
	b.WriteString("\n\nlooked for the programs postgres and initdb in:\n  " + strings.Join(e.Looked, "\n  "))
	if len(e.Unfit) > 0 {
		b.WriteString("\n\nfound, but not fit:\n  " + strings.Join(e.Unfit, "\n  "))
	}
	b.WriteString("\n\nany one of these helps:\n  " + strings.Join(e.choices(), "\n  "))
	return b.String()
}

func (e *NotFoundError) choices() []string {
	wanted := "PostgreSQL"
	if e.Major != 0 {
		wanted = fmt.Sprintf("PostgreSQL %d", e.Major)
	}
	choices := []string{
		fmt.Sprintf("install %s: %s", wanted, packageHint()),
		"set PG_BINDIR to the folder that holds its programs",
		"run docker compose up, which brings a PostgreSQL along",
		"set DATABASE_URL to a PostgreSQL server that you have",
	}
	if e.Major != 0 {
		choices = append(choices, "move the database to a newer version with pg_upgrade, which needs the programs of both versions")
	}
	return choices
}
