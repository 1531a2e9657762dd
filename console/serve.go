package console

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// door is where the browser comes in.
type door struct {
	listener net.Listener
	// hosts are those that a request may name: another one is a page elsewhere
	// whose name was made to lead here.
	hosts  map[string]bool
	secure bool
	knocks knocks
}

// The times after which a connection is given up.
const (
	headerLimit   = 5 * time.Second
	readLimit     = 20 * time.Second
	writeLimit    = 2 * time.Minute // an export of everything
	shutdownLimit = 5 * time.Second
)

// Open begins to listen on addr, host:port.
func (c *Console) Open(ctx context.Context, addr string) (err error) {
	c.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("CONSOLE_ADDR: %w: name an address of this machine and a port that nothing uses", err)
	}
	return c.settle()
}

// settle works out by which names the console is called.
func (c *Console) settle() error {
	at := c.listener.Addr().String()
	c.hosts = map[string]bool{at: true}
	if host, port, err := net.SplitHostPort(at); err == nil && net.ParseIP(host).IsLoopback() {
		c.hosts["localhost:"+port] = true
	}
	if c.URL == "" {
		c.URL = "http://" + at
	}
	u, err := url.Parse(c.URL)
	if err != nil {
		return errors.New("CONSOLE_URL: it is no address")
	}
	c.secure = u.Scheme == "https"
	host := strings.ToLower(u.Host)
	if port := map[string]string{"http": ":80", "https": ":443"}[u.Scheme]; port != "" {
		host = strings.TrimSuffix(host, port) // browsers leave it out
	}
	c.hosts[host] = true
	return nil
}

// Run serves until ctx ends, and then lets requests in hand come to their end.
func (c *Console) Run(ctx context.Context) error {
	server := &http.Server{
		Handler: c.Handler(), ReadHeaderTimeout: headerLimit, ReadTimeout: readLimit, WriteTimeout: writeLimit,
		IdleTimeout: writeLimit, MaxHeaderBytes: 32 << 10,
	}
	c.Log.Info().Str("url", c.URL).Msg("the console is open; /incident console signs in")
	served := make(chan error, 1)
	go func() { served <- server.Serve(c.listener) }()
	select {
	case err := <-served:
		return fmt.Errorf("serve the console: %w", err)
	case <-ctx.Done():
	}
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownLimit)
	defer cancel()
	if server.Shutdown(within) != nil {
		_ = server.Close()
	}
	<-served
	return nil
}

// Addr is where the console listens, host:port.
func (c *Console) Addr() string { return c.listener.Addr().String() }
