package config

import (
	"net"
	"net/url"
	"strconv"
	"strings"
)

// secureURL accepts https, and http on loopback: tests and the demo have no certificates, and
// everywhere else a token would travel in the clear. It gives nil when value is empty or wrong.
func (c *checker) secureURL(variable, value string) *url.URL {
	u := c.webURL(variable, value)
	if u == nil {
		return nil
	}
	if u.Scheme != "https" && !loopback(u.Hostname()) {
		c.problem(variable, "it does not begin with https://",
			"write an https address: http is accepted on this machine (localhost) only")
		return nil
	}
	return u
}

// webURL accepts an absolute http or https address without user, query and fragment.
func (c *checker) webURL(variable, value string) *url.URL {
	if value == "" {
		return nil
	}
	u, err := url.Parse(value) // the error repeats the value and is not shown
	switch {
	case err != nil, u.Scheme != "https" && u.Scheme != "http", u.Hostname() == "":
		c.problem(variable, shown(value)+" is not a web address", "write a whole address, such as https://example.org")
		return nil
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		c.problem(variable, "there is more in it than host and path",
			"write the address without user name, question mark and #")
		return nil
	}
	return u
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// listenAddr accepts host:port, with any host and a port from 0 (any free one) to 65535.
func (c *checker) listenAddr(variable, value string) string {
	if value == "" {
		return ""
	}
	_, port, err := net.SplitHostPort(value)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		c.problem(variable, shown(value)+" is not host:port", "write an address to listen on, such as 127.0.0.1:8080")
	}
	return value
}

func (c *checker) console() Console {
	const remedy = "set CONSOLE_URL to the address that people type, such as https://muster.example.org"
	console := Console{Addr: c.listenAddr("CONSOLE_ADDR", c.env.ConsoleAddr)}
	if u := c.webURL("CONSOLE_URL", c.env.ConsoleURL); u != nil {
		console.URL = strings.TrimSuffix(u.String(), "/")
		if strings.Trim(u.Path, "/") != "" {
			c.problem("CONSOLE_URL", "there is a path in it", "give the console a host name of its own: "+u.Scheme+"://"+u.Host)
		}
		if console.Addr != "" && u.Scheme == "http" && !loopback(u.Hostname()) {
			c.warnings = append(c.warnings, Problem{Variable: "CONSOLE_URL", What: "it begins with http://, so whoever can read the network can sign in as anybody",
				Remedy: "put a proxy with a certificate before the console, and write https://"})
		}
	}
	switch host, _, err := net.SplitHostPort(console.Addr); {
	case console.Addr == "" && console.URL != "":
		c.warnings = append(c.warnings, Problem{Variable: "CONSOLE_URL", What: "it has no effect, because CONSOLE_ADDR is not set",
			Remedy: "set CONSOLE_ADDR to switch the console on"})
	case c.env.ConsoleURL == "" && err == nil && everyAddress(host):
		// Links in Slack need a host that a browser can reach; nothing here tells which.
		c.problem("CONSOLE_URL", "it is not set, and CONSOLE_ADDR listens on every address of this machine", remedy)
	}
	return console
}

// everyAddress reports whether listening on host means listening on all interfaces.
func everyAddress(host string) bool {
	ip := net.ParseIP(host)
	return host == "" || ip != nil && ip.IsUnspecified()
}
