package server

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

func (s *Server) healthz(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// readyz says whether posts can be kept right now.
func (s *Server) readyz(c echo.Context) error {
	if err := s.Books.Ping(c.Request().Context()); err != nil {
		return &failure{
			status: http.StatusServiceUnavailable, message: "The store does not answer.",
			retryAfter: 5 * time.Second, cause: err,
		}
	}
	return c.String(http.StatusOK, "ready\n")
}

// count is the public counter: submissions accepted.
func (s *Server) count(c echo.Context) error {
	f, err := s.form(c)
	if err != nil {
		return err
	}
	n, err := s.Books.Count(c.Request().Context(), f.ID)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderAccessControlAllowOrigin, "*")
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=10")
	return c.JSON(http.StatusOK, map[string]int64{"count": n})
}
