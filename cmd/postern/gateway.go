package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"time"

	"github.com/google/uuid"

	"postern/internal/form"
	"postern/internal/guard"
	"postern/internal/outbox"
	"postern/internal/secret"
	"postern/internal/server"
	"postern/internal/store"
	"postern/internal/upstream"
	"postern/static"
)

// gateway is the public side, the outbox and the store, wired together.
type gateway struct {
	handler http.Handler
	outbox  *outbox.Outbox
	store   *store.Store
}

type gatewayConfig struct {
	data      string // folder
	publicURL string
	upstream  string
	key       secret.Secret
	rate      float64       // calls per second upstream
	settle    time.Duration // how long a call whose answer got lost may take to land
	limit     guard.Limit
	proxies   []netip.Prefix
	forms     []*form.Form
	logger    *slog.Logger
}

func openGateway(ctx context.Context, c gatewayConfig) (*gateway, error) {
	assets, err := static.New()
	if err != nil {
		return nil, fmt.Errorf("load assets: %w", err)
	}
	tokenKey, err := keyFile(filepath.Join(c.data, "token.key"))
	if err != nil {
		return nil, err
	}
	client, err := upstream.New(upstream.Config{BaseURL: c.upstream, APIKey: c.key, Timeout: 30 * time.Second, Logger: c.logger})
	if err != nil {
		return nil, fmt.Errorf("upstream: %w", err)
	}
	st, err := store.Open(ctx, store.Config{Path: filepath.Join(c.data, "postern.db"), Logger: c.logger})
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	if err := st.Recover(ctx, time.Now()); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	box := outbox.New(outbox.Config{
		Store: st, Upstream: client, Rate: c.rate, Settle: c.settle, Now: time.Now, Rand: mathrand.Float64, Logger: c.logger,
	})
	srv := server.New(server.Config{
		PublicURL: c.publicURL, Forms: c.forms, Outbox: box, Books: st, Limiter: guard.NewLimiter(c.limit),
		Tokens: guard.Tokens{Key: tokenKey}, TrustedProxies: c.proxies, Assets: assets, Now: time.Now,
		NewID: uuid.NewString, Nonce: rand.Text, Logger: c.logger,
	})
	return &gateway{handler: srv.Handler(), outbox: box, store: st}, nil
}

// keyFile reads a key of 32 random bytes, made with mode 0600 when missing.
func keyFile(path string) ([]byte, error) {
	b, err := os.ReadFile(path)
	if err == nil && len(b) == 32 {
		return b, nil
	}
	if err == nil {
		return nil, fmt.Errorf("key file %s does not hold 32 bytes", path)
	}
	if !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("read key: %w", err)
	}
	b = make([]byte, 32)
	rand.Read(b)
	if err := os.WriteFile(path, b, 0o600); err != nil {
		return nil, fmt.Errorf("write key: %w", err)
	}
	return b, nil
}

// apiKeyFile reads an API key from a text file, made with mode 0600 when missing.
func apiKeyFile(path string) (secret.Secret, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		b = []byte(rand.Text())
		err = os.WriteFile(path, append(b, '\n'), 0o600)
	}
	if err != nil {
		return "", fmt.Errorf("API key file: %w", err)
	}
	return trimKey(b), nil
}
