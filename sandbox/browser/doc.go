// Package browser shows the sandbox as a page: a small Slack for the people of
// a workspace.Workspace, and the pages of its wiki.
//
// A page belongs to one person, who is in its address (/?as=ana&in=C…), so that
// two tabs may be two people. The server draws each part of the page for that
// person and sends, over server-sent events, the parts that changed; the script
// grafts them on, and leaves focus, scroll position and what is being typed
// alone. Every act of the page is one POST that calls workspace.Person: a click
// takes the way that it takes in tests.
//
// It is served on loopback alone, refuses foreign hosts and origins, and loads
// nothing from elsewhere but images that messages show.
package browser
