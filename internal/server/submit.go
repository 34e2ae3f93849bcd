package server

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"postern/internal/form"
	"postern/internal/osdi"
)

// postForm is the door for forms: the widget (which asks for JSON) and the hosted page.
func (s *Server) postForm(c echo.Context) error {
	asJSON := wantsJSON(c)
	f, err := s.admit(c)
	if err != nil {
		return err
	}
	v, err := readForm(c)
	if err != nil {
		return err
	}
	err = s.accept(c, f, postFrom(f, v), v.Get(form.FieldToken), v.Get(form.FieldTrap), true)
	if asJSON {
		if err != nil {
			return err
		}
		return done(c)
	}
	if invalid := new(form.Invalid); errors.As(err, &invalid) {
		return s.pageAgain(c, f, v, invalid)
	}
	if err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/f/"+url.PathEscape(string(f.ID))+"/thanks")
}

// postJSON is the blind POST in the record outreach helper's shape.
func (s *Server) postJSON(c echo.Context) error {
	f, err := s.admit(c)
	if err != nil {
		return err
	}
	p, err := readJSON(c)
	if err == nil {
		err = s.accept(c, f, p, "", "", false)
	}
	if invalid := new(form.Invalid); errors.As(err, &invalid) {
		fields := map[string]string{}
		for name, message := range invalid.Fields {
			fields[jsonPath(name)] = message
		}
		return &form.Invalid{Fields: fields}
	}
	if err != nil {
		return err
	}
	return done(c)
}

// done is all that a blind post ever learns.
func done(c echo.Context) error {
	return c.Blob(http.StatusOK, osdi.MediaType, []byte("{}"))
}

// wantsJSON tells whether a post should be answered as JSON rather than with a page.
func wantsJSON(c echo.Context) bool {
	return strings.HasPrefix(c.Path(), "/api/") || strings.Contains(c.Request().Header.Get(echo.HeaderAccept), "json")
}
