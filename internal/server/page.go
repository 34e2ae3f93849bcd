package server

import (
	"bytes"
	"maps"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"postern/internal/form"
	"postern/templates"
)

// page is the hosted page: the whole form without a script.
func (s *Server) page(c echo.Context) error {
	f, err := s.form(c)
	if err != nil {
		return err
	}
	if f.Closed {
		return &failure{status: http.StatusGone, message: "This form is closed."}
	}
	v := s.view(f)
	v.Referrer = form.ReferrerFrom(c.QueryParams())
	if v.Referrer.Website == "" {
		if from, err := url.Parse(c.Request().Referer()); err == nil && from.Host != c.Request().Host {
			v.Referrer.Website = from.Host
		}
	}
	v.Nonce = s.Nonce()
	s.pagePolicy(c, f, v.Nonce)
	return s.render(c, http.StatusOK, templates.HostedPage(v))
}

// pageAgain shows the form once more with everything that was typed and what to mend.
func (s *Server) pageAgain(c echo.Context, f *form.Form, typed url.Values, invalid *form.Invalid) error {
	v := s.view(f)
	v.Values = typed
	v.Referrer = form.ReferrerFrom(typed)
	if id := typed.Get(form.FieldSubmissionID); id != "" && invalid.Fields[form.FieldSubmissionID] == "" {
		v.SubmissionID = id
	}
	v.Errors = fieldErrors(f, invalid)
	v.Nonce = s.Nonce()
	s.pagePolicy(c, f, v.Nonce)
	return s.render(c, http.StatusUnprocessableEntity, templates.HostedPage(v))
}

func (s *Server) thanks(c echo.Context) error {
	f, err := s.form(c)
	if err != nil {
		return err
	}
	v := s.view(f)
	v.Nonce = s.Nonce()
	s.pagePolicy(c, f, v.Nonce)
	return s.render(c, http.StatusOK, templates.ThanksPage(v))
}

// view is the form as it is served now, with a token and a submission id of its own.
func (s *Server) view(f *form.Form) templates.FormView {
	hosted := s.PublicURL + "/f/" + url.PathEscape(string(f.ID))
	return templates.FormView{
		Form: f, Action: "/f/" + url.PathEscape(string(f.ID)), HostedURL: hosted,
		Token: s.Tokens.Seal(f, s.Now()), SubmissionID: s.NewID(), Lang: f.Language, Dir: "ltr",
	}
}

// fieldErrors are the problems in the order of the page.
func fieldErrors(f *form.Form, invalid *form.Invalid) []templates.FieldError {
	left := maps.Clone(invalid.Fields)
	var order []string
	for _, d := range f.Fields {
		order = append(order, d.Name)
	}
	order = append(order, form.FieldTarget, form.FieldSubject, form.FieldMessage, form.FieldDuration)
	order = append(order, slices.Sorted(maps.Keys(invalid.Fields))...)
	var out []templates.FieldError
	for _, name := range order {
		if message, ok := left[name]; ok {
			out = append(out, templates.FieldError{Field: name, Message: message})
			delete(left, name)
		}
	}
	return out
}

// render writes a page only when all of it could be made, so that a failure can still become an error page.
func (s *Server) render(c echo.Context, status int, page templ.Component) error {
	var b bytes.Buffer
	if err := page.Render(c.Request().Context(), &b); err != nil {
		return err
	}
	return c.HTMLBlob(status, b.Bytes())
}
