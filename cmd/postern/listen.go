package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"postern/internal/secret"
)

// stopTime is how long a stop waits for requests that are under way.
const stopTime = 10 * time.Second

// serveHTTP answers on l until ctx is done, then lets requests under way finish.
func serveHTTP(ctx context.Context, l net.Listener, h http.Handler) error {
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
	}
	stopped := make(chan error, 1)
	go func() {
		<-ctx.Done()
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		stopped <- srv.Shutdown(grace)
	}()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	}
	return <-stopped
}

// listenConsecutive opens n listeners on consecutive ports, the first at addr. Port 0 lets the system choose each.
func listenConsecutive(ctx context.Context, addr string, n int) ([]net.Listener, error) {
	tcp, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("address to listen on: %w", err)
	}
	var out []net.Listener
	var lc net.ListenConfig
	for i := range n {
		at := *tcp
		if at.Port != 0 {
			at.Port += i
		}
		l, err := lc.Listen(ctx, "tcp", at.String())
		if err != nil {
			for _, open := range out {
				_ = open.Close()
			}
			return nil, fmt.Errorf("listen: %w (choose other ports with --listen)", err)
		}
		out = append(out, l)
	}
	return out, nil
}

func trimKey(b []byte) secret.Secret { return secret.Secret(strings.TrimSpace(string(b))) }
