package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"postern/internal/form"
	"postern/internal/guard"
)

// Defaults that serve and demo share.
const (
	defaultRate        = 4 // calls per second: what Action Network asks for
	defaultSettle      = time.Minute
	defaultClientRate  = 10  // posts per second from one network
	defaultClientBurst = 100 // posts at once from one network
)

type serveCmd struct {
	Listen         string   `default:"127.0.0.1:8080" env:"POSTERN_LISTEN" help:"Address to listen on."`
	PublicURL      string   `name:"public-url" env:"POSTERN_PUBLIC_URL" help:"How browsers reach the gateway. Default: the address it listens on."`
	Data           string   `default:"data" type:"path" env:"POSTERN_DATA" help:"Folder for the database and keys."`
	Forms          []string `type:"existingfile" sep:"," env:"POSTERN_FORMS" required:"" help:"Form files (YAML)."`
	UpstreamURL    string   `name:"upstream-url" default:"https://actionnetwork.org" env:"POSTERN_UPSTREAM_URL" help:"The OSDI server."`
	UpstreamRate   float64  `name:"upstream-rate" default:"4" env:"POSTERN_UPSTREAM_RATE" help:"Calls per second upstream."`
	UpstreamKey    string   `name:"upstream-api-key-file" type:"path" env:"POSTERN_UPSTREAM_API_KEY_FILE" help:"File with the upstream's API key; POSTERN_UPSTREAM_API_KEY may hold the key itself."`
	TrustedProxies []string `sep:"," env:"POSTERN_TRUSTED_PROXIES" help:"Networks (CIDR) whose X-Forwarded-For is believed."`
}

// Help is shown by `postern serve --help`.
func (serveCmd) Help() string {
	return "Example:\n  postern serve --forms save-the-park.yaml --upstream-api-key-file an.key --public-url https://gw.example.org"
}

// Run serves the gateway until it is stopped.
func (c serveCmd) Run(ctx context.Context, s streams) error {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	var forms []*form.Form
	for _, path := range c.Forms {
		b, err := os.ReadFile(path)
		if err != nil {
			return fmt.Errorf("read form: %w", err)
		}
		f, err := form.Parse(b)
		if err != nil {
			return fmt.Errorf("%s: %w", filepath.Base(path), err)
		}
		forms = append(forms, f)
	}
	var proxies []netip.Prefix
	for _, p := range c.TrustedProxies {
		prefix, err := netip.ParsePrefix(p)
		if err != nil {
			return fmt.Errorf("trusted proxies: %w", err)
		}
		proxies = append(proxies, prefix)
	}
	key := trimKey([]byte(os.Getenv("POSTERN_UPSTREAM_API_KEY")))
	if c.UpstreamKey != "" {
		b, err := os.ReadFile(c.UpstreamKey)
		if err != nil {
			return fmt.Errorf("upstream API key: %w", err)
		}
		key = trimKey(b)
	}
	listeners, err := listenConsecutive(ctx, c.Listen, 1)
	if err != nil {
		return err
	}
	if c.PublicURL == "" {
		c.PublicURL = "http://" + listeners[0].Addr().String()
	}
	gw, err := openGateway(ctx, gatewayConfig{
		data: c.Data, publicURL: c.PublicURL, upstream: c.UpstreamURL, key: key, rate: c.UpstreamRate, settle: defaultSettle,
		limit:   guard.Limit{PerSecond: defaultClientRate, Burst: defaultClientBurst},
		proxies: proxies, forms: forms, logger: slog.New(slog.NewTextHandler(s.err, nil)),
	})
	if err != nil {
		return err
	}
	defer gw.store.Close()
	fmt.Fprintf(s.out, "Postern is running at %s\n", c.PublicURL)
	return runAll(ctx, gw.outbox.Run,
		func(ctx context.Context) error { return serveHTTP(ctx, listeners[0], gw.handler) })
}
