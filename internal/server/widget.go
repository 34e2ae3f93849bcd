package server

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"postern/internal/form"
	"postern/templates"
)

// configMark is the place in the widget's script that the gateway fills in.
const configMark = `"__POSTERN_CONFIG__"`

// embedding is all that the widget needs to show one form.
type embedding struct {
	Form   form.ID `json:"form"`
	Lang   string  `json:"lang"`
	Dir    string  `json:"dir"`
	HTML   string  `json:"html"`
	Thanks string  `json:"thanks"`
	Token  string  `json:"token"`
}

// widgetConfig is what the script knows from the start: the gateway's address and, in the one-request form, the
// whole embedding.
type widgetConfig struct {
	Gateway string     `json:"gateway"`
	Form    form.ID    `json:"form"`
	Embed   *embedding `json:"embed"`
}

// embed answers with everything that the widget shows, for any website: the markup is public anyway.
func (s *Server) embed(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderAccessControlAllowOrigin, "*")
	c.Response().Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	f, err := s.form(c)
	if err != nil {
		return err
	}
	if f.Closed {
		return &failure{status: http.StatusGone, message: "This form is closed."}
	}
	e, err := s.embedding(c.Request().Context(), f)
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "public, max-age=60")
	return c.JSON(http.StatusOK, e)
}

// embedding renders the markup for the widget. The submission id stays empty: the widget mints one for each
// visitor, since this answer is shared by all of them.
func (s *Server) embedding(ctx context.Context, f *form.Form) (*embedding, error) {
	v := s.view(f)
	v.Action = v.HostedURL
	v.SubmissionID = ""
	e := &embedding{Form: f.ID, Lang: v.Lang, Dir: v.Dir, Token: v.Token}
	var b bytes.Buffer
	if err := templates.Fields(v).Render(ctx, &b); err != nil {
		return nil, fmt.Errorf("render form: %w", err)
	}
	e.HTML = b.String()
	b.Reset()
	if err := templates.Thanks(f).Render(ctx, &b); err != nil {
		return nil, fmt.Errorf("render thanks: %w", err)
	}
	e.Thanks = b.String()
	return e, nil
}

// widget is the script for the pasted tag; with ?form= it carries the form, so that one request shows it.
func (s *Server) widget(c echo.Context) error {
	config := widgetConfig{Gateway: s.PublicURL}
	if id := c.QueryParam("form"); id != "" {
		f, ok := s.forms[form.ID(id)]
		if !ok {
			return &failure{status: http.StatusNotFound, message: "There is no such form."}
		}
		e, err := s.embedding(c.Request().Context(), f)
		if err != nil {
			return err
		}
		config.Form, config.Embed = f.ID, e
	}
	b, err := json.Marshal(config) // escapes <, > and U+2028, so it is safe inside a script
	if err != nil {
		return fmt.Errorf("encode widget configuration: %w", err)
	}
	h := c.Response().Header()
	h.Set(echo.HeaderCacheControl, "public, max-age=300, stale-while-revalidate=86400, stale-if-error=604800")
	h.Set(echo.HeaderAccessControlAllowOrigin, "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	return c.Blob(http.StatusOK, "text/javascript; charset=utf-8",
		bytes.Replace(s.Assets.Widget(), []byte(configMark), b, 1))
}

// static serves pinned builds, which never change under their name.
func (s *Server) static(c echo.Context) error {
	b, kind, ok := s.Assets.Open(c.Param("name"))
	if !ok {
		return echo.ErrNotFound
	}
	h := c.Response().Header()
	h.Set(echo.HeaderCacheControl, "public, max-age=31536000, immutable")
	h.Set(echo.HeaderAccessControlAllowOrigin, "*")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	return c.Blob(http.StatusOK, kind, b)
}
