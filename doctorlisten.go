package main

import (
	"context"
	"fmt"
	"net"
)

// listeners looks whether the addresses to listen on are of this machine. That a port
// is taken says nothing: a muster that runs beside may have it.
func (d doctor) listeners(ctx context.Context) (list []finding) {
	if d.cfg.HealthAddr != "" && d.cfg.HealthAddr == d.cfg.Console.Addr {
		list = append(list, finding{faulty, "CONSOLE_ADDR", d.cfg.HealthAddr + " is HEALTH_ADDR as well: give one of them another port"})
	}
	for _, l := range []struct{ variable, address string }{{"HEALTH_ADDR", d.cfg.HealthAddr}, {"CONSOLE_ADDR", d.cfg.Console.Addr}} {
		host, _, err := net.SplitHostPort(l.address)
		if err != nil {
			// It is off: the configuration has been read already.
			continue
		}
		listener, err := new(net.ListenConfig).Listen(ctx, "tcp", net.JoinHostPort(host, "0"))
		if err != nil {
			list = append(list, finding{faulty, l.variable, fmt.Sprintf("%s is no address of this machine: write 127.0.0.1, its own address, or nothing before the port for all", host)})
			continue
		}
		_ = listener.Close()
	}
	return list
}
