package helper

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/pressly/goose/v3"
	"golang.org/x/time/rate"
	_ "modernc.org/sqlite" // the engine

	"postern/internal/osdi"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Config says where the helper lives.
type Config struct {
	Path    string  // SQLite file
	BaseURL string  // every link is built on it; no slash at the end
	Rate    float64 // calls per second; 0 means no limit
	Country string  // default for phone numbers, US when empty
	Now     func() time.Time
	Logger  *slog.Logger
}

// Helper is an open helper.
type Helper struct {
	Config
	db      *sql.DB
	limiter *rate.Limiter
}

// Campaign is an advocacy campaign as an operator makes it.
type Campaign struct {
	ID            string // UUID
	Title         string
	Type          string // osdi.TypeEmail or osdi.TypePhone
	UserInterface bool   // refuses outreaches, as campaigns do that were not made through the API
}

// Open opens the database and brings its tables up to date.
func Open(ctx context.Context, c Config) (*Helper, error) {
	if c.Country == "" {
		c.Country = "US"
	}
	h := &Helper{Config: c}
	if c.Rate > 0 {
		h.limiter = rate.NewLimiter(rate.Limit(c.Rate), max(1, int(c.Rate)))
	}
	var err error
	h.db, err = sql.Open("sqlite", "file:"+(&url.URL{Path: c.Path}).EscapedPath()+"?_pragma=busy_timeout(10000)"+
		"&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_txlock=immediate")
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	h.db.SetMaxOpenConns(1)
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("migrations: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, h.db, dir)
	if err == nil {
		_, err = p.Up(ctx)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("migrate: %w", err), h.db.Close())
	}
	return h, nil
}

// Close closes the database.
func (h *Helper) Close() error { return h.db.Close() }

// EnsureGroup makes the group or gives it another key; a key that opens a group already stays with it. Only the
// key's hash is kept.
func (h *Helper) EnsureGroup(ctx context.Context, name, key string) error {
	if ok, err := h.knows(ctx, key); ok || err != nil {
		return err
	}
	_, err := h.db.ExecContext(ctx, `INSERT INTO groups (name, key_hash) VALUES ($1, $2)
		ON CONFLICT (name) DO UPDATE SET key_hash = excluded.key_hash`, name, hash(key))
	return wrap("make group", err)
}

// EnsureCampaign makes the campaign unless it exists.
func (h *Helper) EnsureCampaign(ctx context.Context, c Campaign) error {
	_, err := h.db.ExecContext(ctx, `INSERT INTO campaigns (id, title, type, user_interface, created)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`, c.ID, c.Title, c.Type, c.UserInterface, h.stamp())
	return wrap("make campaign", err)
}

// EnsureTag makes the tag unless it exists.
func (h *Helper) EnsureTag(ctx context.Context, name string) error {
	_, err := h.db.ExecContext(ctx, `INSERT INTO tags (id, name, created) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO NOTHING`, uuid.NewString(), name, h.stamp())
	return wrap("make tag", err)
}

// knows tells whether the key belongs to a group.
func (h *Helper) knows(ctx context.Context, key string) (bool, error) {
	var n int
	err := h.db.QueryRowContext(ctx, `SELECT count(*) FROM groups WHERE key_hash = $1`, hash(key)).Scan(&n)
	return n > 0, wrap("read key", err)
}

func (h *Helper) stamp() string { return h.Now().UTC().Format(time.RFC3339) }

func hash(key string) string {
	sum := sha256.Sum256([]byte(strings.TrimSpace(key)))
	return hex.EncodeToString(sum[:])
}

func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", what, err)
}

// instant reads a stored date.
func instant(s string) *osdi.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		return nil
	}
	v := osdi.NewTime(t)
	return &v
}
