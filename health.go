package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"muster/config"
)

// healthLimit bounds the question: whoever asks has a limit of their own.
const healthLimit = 3 * time.Second

// healthCommand asks the program that runs beside it whether it can work, for
// the health checks of containers that hold no other program.
func healthCommand(ctx context.Context, out, errs io.Writer) int {
	addr, err := config.LoadHealth()
	if err != nil {
		return report(errs, err)
	}
	if addr == "" {
		return report(errs, setupErrorf("HEALTH_ADDR is not set: nothing answers for the muster on this machine. Set it for both, such as 127.0.0.1:9090"))
	}
	return askHealth(ctx, addr, out, errs)
}

func askHealth(ctx context.Context, addr string, out, errs io.Writer) int {
	ctx, cancel := context.WithTimeout(ctx, healthLimit)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+here(addr)+"/readyz", nil)
	if err != nil {
		return report(errs, err)
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return report(errs, fmt.Errorf("nothing answers: %w", err))
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	if err != nil {
		return report(errs, err)
	}
	text := strings.TrimSpace(string(said))
	if resp.StatusCode != http.StatusOK {
		return report(errs, fmt.Errorf("not ready: %s", text))
	}
	fmt.Fprintln(out, text)
	return 0
}

// here is how this machine reaches an address that is listened on.
func here(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err == nil && (host == "" || ip != nil && ip.IsUnspecified()) {
		return net.JoinHostPort("localhost", port)
	}
	return addr
}
