// Package templates holds the texts that muster ships and that an operator may replace with
// files of their own: what the stock roles and severities mean.
//
// They are the stock, written to the database at first start and restored on request; what
// administrators edit afterwards lives there, not here. A file is as plain as it can be: the
// first line is the name, the rest is the text, line by line as Slack will show it.
//
//	roles/commander.md  roles/comms.md  roles/lead.md
//	severities/sev1.md  … severities/sev4.md
//	confluence/rca.html
//
// The last is the root-cause page in Confluence's storage format, a Go template of what package
// rca describes; it is checked there, and a broken one is reported and not used.
//
// A folder given to [Open] replaces single files: where it has a file of the same name, that
// one is read and the embedded one is not. Every file is checked at start, so that a mistake
// shows then, with file and line, and not in the middle of an incident.
package templates
