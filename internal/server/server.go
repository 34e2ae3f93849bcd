// Package server is the gateway's HTTP face: the public door (hosted page, widget, blind JSON post) and the health
// checks. Every way in ends in one chain, Server.accept; routes.go shows all addresses on one page.
package server

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"time"

	"github.com/labstack/echo/v4"

	"postern/internal/form"
	"postern/internal/guard"
	"postern/static"
)

// Outbox keeps submissions. Accept returns only an error, so that a blind post has nothing to leak: nil when it is
// safe on disk, form.ErrConflict, form.ErrUnavailable, or an internal error.
type Outbox interface {
	Accept(ctx context.Context, s form.Submission) error
}

// Books answers the two questions that the public side asks of the store.
type Books interface {
	Count(ctx context.Context, id form.ID) (int64, error)
	Ping(ctx context.Context) error
}

// Config names everything that the server needs. All fields but TrustedProxies are required.
type Config struct {
	PublicURL      string // how browsers reach the gateway, without a slash at the end
	Forms          []*form.Form
	Outbox         Outbox
	Books          Books
	Limiter        *guard.Limiter
	Tokens         guard.Tokens
	TrustedProxies []netip.Prefix
	Assets         *static.Assets
	Now            func() time.Time
	NewID          func() string // UUID for posts that bring none
	Nonce          func() string // for Content-Security-Policy, at least 128 random bits
	Logger         *slog.Logger
}

// Server answers the public routes.
type Server struct {
	Config
	forms map[form.ID]*form.Form
}

// New returns a server.
func New(c Config) *Server {
	s := &Server{Config: c, forms: map[form.ID]*form.Form{}}
	for _, f := range c.Forms {
		s.forms[f.ID] = f
	}
	return s
}

// Handler returns the routes behind recovery, the common headers and the one error handler.
func (s *Server) Handler() http.Handler {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Logger.SetOutput(io.Discard)
	e.HTTPErrorHandler = s.handleError
	e.IPExtractor = func(r *http.Request) string { return guard.Client(r, s.TrustedProxies).String() }
	e.Use(s.recover, s.headers)
	s.routes(e)
	return e
}

// form is the form that the address names.
func (s *Server) form(c echo.Context) (*form.Form, error) {
	f, ok := s.forms[form.ID(c.Param("form"))]
	if !ok {
		return nil, &failure{status: http.StatusNotFound, message: "There is no such form."}
	}
	return f, nil
}
