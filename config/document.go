package config

import (
	"fmt"
	"strings"
)

// Table is every variable as a Markdown table: variable, meaning, default.
func Table() string {
	byName := defaults()
	var b strings.Builder
	b.WriteString("| variable | meaning | default |\n| --- | --- | --- |\n")
	for _, s := range sections {
		for _, v := range s.variables {
			otherwise := v.unset
			if d := byName[v.name]; d != "" {
				otherwise = "`" + d + "`"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", v.name, v.meaning, otherwise)
		}
	}
	return b.String()
}

// Example is a .env file to start from: what is required stands empty, the rest is commented
// out with its default. The last one is not the program's but docker-compose.yml's, which reads
// the same file.
func Example() string {
	byName := defaults()
	var b strings.Builder
	b.WriteString("# Settings of muster. Copy this file to .env and fill in what is empty;\n" +
		"# everything that is commented out has the default that is shown, or is off.\n")
	for _, s := range sections {
		fmt.Fprintf(&b, "\n## %s\n", s.title)
		for _, v := range s.variables {
			fmt.Fprintf(&b, "\n# %s\n%s\n", plain(v), assignment(v, byName[v.name]))
		}
	}
	b.WriteString("\n## Docker Compose\n\n" +
		"# Password of the database that docker-compose.yml starts, set when its volume is made\n# POSTGRES_PASSWORD=muster\n")
	return b.String()
}

// plain is the meaning without Markdown, and what rules when the variable is not set.
func plain(v variable) string {
	text := strings.ReplaceAll(v.meaning, "`", "")
	if v.unset != "" && v.unset != "–" {
		text += " (" + when(v.unset) + ")"
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

func when(unset string) string {
	if unset == required {
		return required
	}
	return "unset: " + strings.ReplaceAll(unset, "`", "")
}

func assignment(v variable, value string) string {
	if v.unset == required {
		return v.name + "="
	}
	return "# " + v.name + "=" + value
}
