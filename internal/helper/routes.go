package helper

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"postern/internal/osdi"
)

// refusal is an answer other than success; its sentence goes to the client.
type refusal struct {
	status  int
	message string
}

func (r *refusal) Error() string { return r.message }

// Handler returns the API.
func (h *Helper) Handler() http.Handler {
	e := echo.New()
	e.HideBanner, e.HidePort = true, true
	e.Logger.SetOutput(io.Discard)
	e.HTTPErrorHandler = h.handleError
	e.IPExtractor = echo.ExtractIPDirect()
	e.Pre(middleware.RemoveTrailingSlash())
	e.Use(h.common)
	e.GET("/api/v2", h.entryPoint)
	e.GET("/api/v2/people", h.keyed(h.listPeople))
	e.GET("/api/v2/people/:id", h.keyed(h.getPerson))
	e.GET("/api/v2/people/:id/outreaches", h.keyed(h.listPersonOutreaches))
	e.GET("/api/v2/people/:id/taggings", h.keyed(h.listPersonTaggings))
	e.GET("/api/v2/tags", h.keyed(h.listTags))
	e.GET("/api/v2/tags/:id", h.keyed(h.getTag))
	e.GET("/api/v2/advocacy_campaigns", h.keyed(h.listCampaigns))
	e.GET("/api/v2/advocacy_campaigns/:id", h.keyed(h.getCampaign))
	e.GET("/api/v2/advocacy_campaigns/:id/outreaches", h.keyed(h.listOutreaches))
	e.GET("/api/v2/advocacy_campaigns/:id/outreaches/:oid", h.keyed(h.getOutreach))
	e.POST("/api/v2/advocacy_campaigns/:id/outreaches", h.postOutreach)
	e.OPTIONS("/*", func(c echo.Context) error {
		c.Response().Header().Set(echo.HeaderAccessControlAllowMethods, "GET, POST")
		c.Response().Header().Set(echo.HeaderAccessControlAllowHeaders, "Content-Type")
		return c.NoContent(http.StatusNoContent)
	})
	return e
}

// common holds what is true of every answer: the rate, CORS for anybody without credentials, no caching.
func (h *Helper) common(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			if v := recover(); v != nil {
				err = errors.New("handler panicked")
			}
		}()
		header := c.Response().Header()
		header.Set(echo.HeaderAccessControlAllowOrigin, "*")
		header.Set(echo.HeaderCacheControl, "max-age=0, private, must-revalidate")
		header.Set("X-Content-Type-Options", "nosniff")
		if h.limiter != nil && !h.limiter.AllowN(h.Now(), 1) {
			header.Set(echo.HeaderRetryAfter, "1")
			return &refusal{http.StatusTooManyRequests, "Too many requests"}
		}
		return next(c)
	}
}

// keyed lets only holders of a key in.
func (h *Helper) keyed(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		ok, err := h.knows(c.Request().Context(), c.Request().Header.Get(osdi.TokenHeader))
		if err != nil {
			return err
		}
		if !ok {
			return &refusal{http.StatusForbidden, "API Key invalid or not present"}
		}
		return next(c)
	}
}

func (h *Helper) handleError(err error, c echo.Context) {
	status, message := http.StatusInternalServerError, "Something went wrong"
	var known *refusal
	var routed *echo.HTTPError
	switch {
	case errors.As(err, &known):
		status, message = known.status, known.message
	case errors.As(err, &routed):
		status, message = routed.Code, http.StatusText(routed.Code)
	default:
		h.Logger.Error("request failed", slog.String("route", c.Path()), slog.Any("error", err))
	}
	if err := answer(c, status, osdi.Error{Error: message}); err != nil {
		h.Logger.Warn("answer not written", slog.Any("error", err))
	}
}

func answer(c echo.Context, status int, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	return c.Blob(status, osdi.MediaType, b)
}

// href is an absolute address below the entry point.
func (h *Helper) href(parts ...string) osdi.Link {
	return osdi.Link{Href: h.BaseURL + "/api/v2/" + strings.Join(parts, "/")}
}

func (h *Helper) entryPoint(c echo.Context) error {
	return answer(c, http.StatusOK, map[string]any{
		"motd": "Welcome to Postern's record outreach helper", "vendor_name": "Postern", "product_name": "Postern",
		"osdi_version": "1.1.1", "namespace": osdi.NativeSystem, "max_page_size": pageSize,
		"_links": map[string]any{
			"self": h.href(), "osdi:people": h.href("people"), "osdi:tags": h.href("tags"),
			"osdi:advocacy_campaigns": h.href("advocacy_campaigns"), "curies": osdi.Curies(),
		},
	})
}
