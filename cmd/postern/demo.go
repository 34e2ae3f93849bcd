package main

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"postern/internal/form"
	"postern/internal/guard"
	"postern/internal/helper"
	"postern/templates"
)

//go:embed demo/*.yaml
var demoForms embed.FS

// demoSettle is short: the built-in helper answers after its commit, never before.
const demoSettle = 2 * time.Second

type demoCmd struct {
	Listen string `default:"127.0.0.1:8080" help:"Address of the gateway; the sample website and the helper take the next two ports."`
	Data   string `type:"path" help:"Folder that keeps the state. Without it everything is removed at the end."`
	JSON   bool   `name:"json" help:"Print one line of JSON once everything is ready."`
}

// Help is shown by `postern demo --help`.
func (demoCmd) Help() string {
	return "Examples:\n  postern demo\n  postern demo --listen 127.0.0.1:9000 --data ./demo --json"
}

// demoReady is the line that --json prints.
type demoReady struct {
	Gateway          string `json:"gateway"`
	Site             string `json:"site"`
	Helper           string `json:"helper"`
	HelperAPIKeyFile string `json:"helper_api_key_file"`
}

// Run serves the gateway, a campaign website on another origin and the helper until it is stopped.
func (c demoCmd) Run(ctx context.Context, s streams) error {
	if c.Data == "" {
		dir, err := os.MkdirTemp("", "postern-demo-")
		if err != nil {
			return fmt.Errorf("temporary folder: %w", err)
		}
		defer os.RemoveAll(dir)
		c.Data = dir
	} else if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	logger := slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelWarn}))

	listeners, err := listenConsecutive(ctx, c.Listen, 3)
	if err != nil {
		return err
	}
	address := func(i int) string { return "http://" + listeners[i].Addr().String() }
	ready := demoReady{
		Gateway: address(0), Site: address(1), Helper: address(2),
		HelperAPIKeyFile: filepath.Join(c.Data, "helper-api.key"),
	}
	forms, err := loadDemoForms(ready.Site)
	if err != nil {
		return err
	}
	key, err := apiKeyFile(ready.HelperAPIKeyFile)
	if err != nil {
		return err
	}
	h, err := openDemoHelper(ctx, c.Data, ready.Helper, key.Reveal(), forms, logger)
	if err != nil {
		return err
	}
	defer h.Close()
	gw, err := openGateway(ctx, gatewayConfig{
		data: c.Data, publicURL: ready.Gateway, upstream: ready.Helper, key: key, rate: defaultRate, settle: demoSettle,
		limit: guard.Limit{PerSecond: defaultClientRate, Burst: defaultClientBurst}, forms: forms, logger: logger,
	})
	if err != nil {
		return err
	}
	defer gw.store.Close()

	if err := c.announce(s, ready); err != nil {
		return err
	}
	return runAll(ctx,
		func(ctx context.Context) error { return serveHTTP(ctx, listeners[2], h.Handler()) },
		gw.outbox.Run,
		func(ctx context.Context) error { return serveHTTP(ctx, listeners[1], demoSite(ready.Gateway)) },
		func(ctx context.Context) error { return serveHTTP(ctx, listeners[0], gw.handler) },
	)
}

func (c demoCmd) announce(s streams, r demoReady) error {
	if c.JSON {
		return json.NewEncoder(s.out).Encode(r)
	}
	_, err := fmt.Fprintf(s.out, `Postern is running.

  A campaign website with the widget   %s
  The hosted form                      %s/f/save-the-park
  The record outreach helper           %s/api/v2/
  Its API key                          in %s

Fill in a form, then look at the outreach that arrived:
  curl -H "OSDI-API-Token: $(cat %s)" %s/api/v2/people

Ctrl-C stops it.
`, r.Site, r.Gateway, r.Helper, r.HelperAPIKeyFile, r.HelperAPIKeyFile, r.Helper)
	return err
}

// loadDemoForms reads the sample forms and lets the sample website post to them.
func loadDemoForms(site string) ([]*form.Form, error) {
	names, err := fs.Glob(demoForms, "demo/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("sample forms: %w", err)
	}
	var forms []*form.Form
	for _, name := range names {
		b, err := demoForms.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("sample forms: %w", err)
		}
		f, err := form.Parse(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		f.Origins = append(f.Origins, site)
		forms = append(forms, f)
	}
	return forms, nil
}

// openDemoHelper opens the helper with the campaigns that the forms feed and the tags of the document's example.
func openDemoHelper(ctx context.Context, data, base, key string, forms []*form.Form, logger *slog.Logger) (*helper.Helper, error) {
	h, err := helper.Open(ctx, helper.Config{
		Path: filepath.Join(data, "helper.db"), BaseURL: base, Now: time.Now, Logger: logger,
	})
	if err != nil {
		return nil, fmt.Errorf("open helper: %w", err)
	}
	err = h.EnsureGroup(ctx, "Friends of Alder Park", key)
	for _, f := range forms {
		err = errors.Join(err, h.EnsureCampaign(ctx, helper.Campaign{ID: f.Campaign, Title: f.Title, Type: f.Type}))
		for _, tag := range f.PublicTags {
			err = errors.Join(err, h.EnsureTag(ctx, tag))
		}
	}
	if err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return h, nil
}

// demoSite is a website of somebody else: plain pages with the pasted tag.
func demoSite(gateway string) http.Handler {
	mux := http.NewServeMux()
	for path, call := range map[string]bool{"GET /{$}": false, "GET /call": true} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			page := templates.DemoSite(templates.DemoView{Gateway: gateway, Call: call})
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_ = page.Render(r.Context(), w) // a visitor who left is no event
		})
	}
	return mux
}

// runAll runs every part until ctx is done or one of them fails; then all stop.
func runAll(ctx context.Context, parts ...func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	errs := make([]error, len(parts))
	var wg sync.WaitGroup
	for i, part := range parts {
		wg.Go(func() {
			errs[i] = part(ctx)
			cancel()
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}
