package incident

import "strings"

// terminal marks who acted from a terminal: Slack knows nobody of that name.
const terminal = " (terminal)"

// Terminal is how a person is recorded who acts from a terminal, by the name of
// their account there.
func Terminal(account string) string {
	account = CleanLine(account)
	if account == "" {
		account = "somebody"
	}
	return account + terminal
}

// AtTerminal reports whether a recorded person acted from a terminal: they can
// be named, and not invited or written to.
func AtTerminal(by string) bool { return strings.HasSuffix(by, terminal) }
