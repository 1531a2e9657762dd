package config

import (
	"net/url"
	"regexp"
	"strings"
)

func (c *checker) database() Database {
	return Database{
		URL:     NewSecret(c.databaseURL()),
		BinDir:  c.folder("PG_BINDIR", c.env.PGBinDir),
		DataDir: c.env.DataDir,
	}
}

// keywordForm is PostgreSQL's other connection text: key=value pairs, values quoted with
// single quotes where they contain spaces.
var keywordForm = regexp.MustCompile(`^(\s*[a-z_]+\s*=\s*('([^'\\]|\\.)*'|([^\s'\\]|\\.)*))+\s*$`)

// databaseURL reads the address and checks its form only; whether the server answers shows at
// the first connection. No problem repeats any of it: a password may stand anywhere in a mistyped address.
func (c *checker) databaseURL() string {
	variable := "DATABASE_URL"
	value, _ := c.secret(variable, c.env.DatabaseURL, c.env.DatabaseURLFile, "write the address into it, or leave the variable out")
	if c.env.DatabaseURLFile != "" {
		variable += "_FILE"
	}
	const remedy = "write postgres://user:password@host:5432/database or host=… dbname=… user=…, " +
		"or leave the variable out for an own PostgreSQL"
	scheme, _, isURL := strings.Cut(value, "://")
	switch {
	case value == "":
	case strings.Trim(value, `"'`) != value && isURL:
		c.problem(variable, "there are quotation marks around it", "remove them")
	case isURL && scheme != "postgres" && scheme != "postgresql":
		c.problem(variable, "it does not begin with postgres://", remedy)
	case isURL:
		if _, err := url.Parse(value); err != nil {
			c.problem(variable, "it is not a well-formed address",
				"check the port, and write special characters of the password as %xx (/ is %2F, @ is %40)")
		}
	case !keywordForm.MatchString(value):
		c.problem(variable, "it is neither an address nor key=value pairs", remedy)
	}
	return value
}
