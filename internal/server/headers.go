package server

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"postern/internal/form"
	"postern/internal/guard"
)

// headers sets what every answer carries; pages and scripts loosen the policy for themselves.
func (s *Server) headers(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set(echo.HeaderCacheControl, "no-store")
		if strings.HasPrefix(s.PublicURL, "https://") {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		return next(c)
	}
}

// cors lets pages of the form's own origins read the answer. There are never credentials to allow.
func (s *Server) cors(c echo.Context, f *form.Form) bool {
	h := c.Response().Header()
	h.Add(echo.HeaderVary, echo.HeaderOrigin)
	origin := c.Request().Header.Get(echo.HeaderOrigin)
	if origin == "" || !guard.AllowOrigin(f, guard.Origin{Header: origin, Host: c.Request().Host, PublicURL: s.PublicURL}) {
		return false
	}
	h.Set(echo.HeaderAccessControlAllowOrigin, origin)
	h.Set(echo.HeaderAccessControlExposeHeaders, echo.HeaderRetryAfter)
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	return true
}

// preflight answers a browser that asks before it posts JSON.
func (s *Server) preflight(c echo.Context) error {
	f, err := s.form(c)
	if err != nil {
		return err
	}
	if s.cors(c, f) {
		h := c.Response().Header()
		h.Set(echo.HeaderAccessControlAllowMethods, http.MethodPost)
		h.Set(echo.HeaderAccessControlAllowHeaders, "Content-Type, Idempotency-Key")
		h.Set(echo.HeaderAccessControlMaxAge, "600")
	}
	return c.NoContent(http.StatusNoContent)
}

// pagePolicy is the Content-Security-Policy of a page: its own nonce for the inline style, no script, and frames
// only on the form's origins. Origins were parsed when the form was loaded.
func (s *Server) pagePolicy(c echo.Context, f *form.Form, nonce string) {
	frames := "'none'"
	if f != nil && len(f.Origins) > 0 {
		frames = "'self' " + strings.Join(f.Origins, " ")
	}
	c.Response().Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+nonce+
		"'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors "+frames)
}

// isPage tells whether the route is one that people open.
func (s *Server) isPage(c echo.Context) bool {
	path := c.Request().URL.Path
	return strings.HasPrefix(path, "/f/") && !strings.HasSuffix(path, "/count")
}
