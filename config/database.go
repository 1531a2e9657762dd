package config

import (
	"net/url"
	"regexp"
	"strings"
)

func (c *checker) database() Database {
	c.databaseURL(c.env.DatabaseURL)
	return Database{
		URL:     NewSecret(c.env.DatabaseURL),
		BinDir:  c.folder("PG_BINDIR", c.env.PGBinDir),
		DataDir: c.env.DataDir,
	}
}

// keywordForm is PostgreSQL's other connection text: key=value pairs, values quoted with
// single quotes where they contain spaces.
var keywordForm = regexp.MustCompile(`^(\s*[a-z_]+\s*=\s*('([^'\\]|\\.)*'|([^\s'\\]|\\.)*))+\s*$`)

// databaseURL checks the form only; whether the server answers shows at the first connection.
// No problem repeats any of it: a password may stand anywhere in a mistyped address.
func (c *checker) databaseURL(value string) {
	const remedy = "write postgres://user:password@host:5432/database or host=… dbname=… user=…, " +
		"or leave the variable out for an own PostgreSQL"
	scheme, _, isURL := strings.Cut(value, "://")
	switch {
	case value == "":
	case strings.Trim(value, `"'`) != value && isURL:
		c.problem("DATABASE_URL", "there are quotation marks around it", "remove them")
	case isURL && scheme != "postgres" && scheme != "postgresql":
		c.problem("DATABASE_URL", "it does not begin with postgres://", remedy)
	case isURL:
		if _, err := url.Parse(value); err != nil {
			c.problem("DATABASE_URL", "it is not a well-formed address",
				"check the port, and write special characters of the password as %xx (/ is %2F, @ is %40)")
		}
	case !keywordForm.MatchString(value):
		c.problem("DATABASE_URL", "it is neither an address nor key=value pairs", remedy)
	}
}
