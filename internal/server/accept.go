package server

import (
	"errors"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"postern/internal/form"
	"postern/internal/guard"
)

// maxBody is the largest accepted post: a letter of the greatest length in the widest encoding fits.
const maxBody = 128 << 10

// admit runs the checks that come before a body is read, in one order for every way in: the form exists, the
// client is not too fast, the form is open. CORS headers are set first, so that a browser may read a refusal.
func (s *Server) admit(c echo.Context) (*form.Form, error) {
	f, err := s.form(c)
	if err != nil {
		return nil, err
	}
	s.cors(c, f)
	if wait := s.Limiter.Wait(guard.Client(c.Request(), s.TrustedProxies), s.Now()); wait > 0 {
		return nil, &failure{
			status: http.StatusTooManyRequests, retryAfter: wait,
			message: "Too many posts from your network just now. Please try again in a moment.",
		}
	}
	if f.Closed {
		return nil, &failure{status: http.StatusGone, message: "This form is closed."}
	}
	return f, nil
}

// accept takes a decoded post the rest of the way: origin, content, disk. It returns nil only when the submission
// is safe; complete says that the post came from the form's own markup.
func (s *Server) accept(c echo.Context, f *form.Form, p form.Post, token, trap string, complete bool) error {
	now := s.Now()
	origin := guard.Origin{
		Header: c.Request().Header.Get(echo.HeaderOrigin), Host: c.Request().Host, PublicURL: s.PublicURL,
		Sealed: s.Tokens.Valid(f, token, now),
	}
	if !guard.AllowOrigin(f, origin) {
		return &failure{status: http.StatusForbidden, message: "This website may not post to this form."}
	}
	if p.SubmissionID == "" {
		p.SubmissionID = c.Request().Header.Get("Idempotency-Key")
	}
	if p.Referrer.Website == "" {
		p.Referrer.Website = s.observedWebsite(origin)
	}
	sub, err := f.Check(p, complete, form.Stamp{Now: now, ID: s.NewID()})
	if err != nil {
		return err
	}
	if trap != "" {
		sub.Hold = "honeypot"
	}
	err = s.Outbox.Accept(c.Request().Context(), sub)
	switch {
	case errors.Is(err, form.ErrConflict):
		return &failure{status: http.StatusConflict, message: "This submission was already sent with other content."}
	case errors.Is(err, form.ErrUnavailable):
		return &failure{
			status: http.StatusServiceUnavailable, retryAfter: 5 * time.Second, cause: err,
			message: "We cannot keep your message right now. Please try again in a moment.",
		}
	}
	return err
}

// observedWebsite is the website a post came from when the page did not say: the origin's host, never our own.
func (s *Server) observedWebsite(o guard.Origin) string {
	u, err := url.Parse(o.Header)
	if err != nil || u.Host == o.Host || s.PublicURL == o.Header {
		return ""
	}
	return u.Host
}

func retryAfter(d time.Duration) string {
	return strconv.Itoa(max(1, int(math.Ceil(d.Seconds()))))
}
