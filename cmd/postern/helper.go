package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"postern/internal/helper"
)

type helperCmd struct {
	Listen     string  `default:"127.0.0.1:8082" help:"Address to listen on."`
	Data       string  `default:"helper-data" type:"path" help:"Folder for the database."`
	APIKeyFile string  `name:"api-key-file" type:"path" help:"File with the group's API key; made when missing. Default: api.key in the data folder."`
	Rate       float64 `default:"4" help:"Calls per second; 0 means no limit."`
}

// Help is shown by `postern helper --help`.
func (helperCmd) Help() string {
	return "Examples:\n  postern helper\n  postern helper --listen 127.0.0.1:9000 --data ./helper --rate 0"
}

// Run serves the record outreach helper until it is stopped.
func (c helperCmd) Run(ctx context.Context, s streams) error {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if c.APIKeyFile == "" {
		c.APIKeyFile = filepath.Join(c.Data, "api.key")
	}
	key, err := apiKeyFile(c.APIKeyFile)
	if err != nil {
		return err
	}
	listeners, err := listenConsecutive(ctx, c.Listen, 1)
	if err != nil {
		return err
	}
	base := "http://" + listeners[0].Addr().String()
	h, err := helper.Open(ctx, helper.Config{
		Path: filepath.Join(c.Data, "helper.db"), BaseURL: base, Rate: c.Rate, Now: time.Now,
		Logger: slog.New(slog.NewTextHandler(s.err, nil)),
	})
	if err != nil {
		return err
	}
	defer h.Close()
	if err := h.EnsureGroup(ctx, "default", key.Reveal()); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "Record outreach helper: %s/api/v2/\nAPI key: in %s\n", base, c.APIKeyFile)
	return serveHTTP(ctx, listeners[0], h.Handler())
}
