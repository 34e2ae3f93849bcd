package server

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/labstack/echo/v4"

	"postern/internal/form"
	"postern/internal/osdi"
	"postern/templates"
)

// failure is a refusal with the one sentence that the visitor sees. cause, if any, goes to the log only.
type failure struct {
	status     int
	message    string
	retryAfter time.Duration
	cause      error
}

func (f *failure) Error() string { return fmt.Sprintf("%d: %s", f.status, f.message) }
func (f *failure) Unwrap() error { return f.cause }

func errorsAs[T error](err error, target *T) bool { return err != nil && errors.As(err, target) }

// errorBody is the shape of every refusal in JSON.
type errorBody struct {
	Error  string            `json:"error"`
	Fields map[string]string `json:"fields,omitempty"`
}

// handleError turns every error into an answer, as JSON or as a page. Whatever is not a failure, an invalid form
// or one of Echo's own statuses is internal: logged here, once, and shown as a fixed sentence.
func (s *Server) handleError(err error, c echo.Context) {
	if c.Response().Committed {
		return
	}
	status, body := http.StatusInternalServerError, errorBody{Error: "Something went wrong on our side. Please try again."}
	var known *failure
	var invalid *form.Invalid
	var routed *echo.HTTPError
	switch {
	case errors.As(err, &known):
		status, body.Error = known.status, known.message
		if known.retryAfter > 0 {
			c.Response().Header().Set(echo.HeaderRetryAfter, retryAfter(known.retryAfter))
		}
		if known.cause != nil {
			s.Logger.Warn("request refused", slog.Int("status", status), slog.Any("cause", known.cause))
		}
	case errors.As(err, &invalid):
		status = http.StatusUnprocessableEntity
		body = errorBody{Error: "Some answers need another look.", Fields: invalid.Fields}
		if len(invalid.Fields) == 1 {
			for _, only := range invalid.Fields {
				body.Error = only
			}
		}
	case errors.As(err, &routed):
		status, body.Error = routed.Code, http.StatusText(routed.Code)+"."
	default:
		s.Logger.Error("request failed", slog.String("route", c.Path()), slog.Any("error", err))
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	if c.Request().Method == http.MethodHead {
		err = c.NoContent(status)
	} else if wantsJSON(c) || !s.isPage(c) {
		err = halJSON(c, status, body)
	} else {
		nonce := s.Nonce()
		s.pagePolicy(c, nil, nonce)
		err = s.render(c, status, templates.MessagePage(http.StatusText(status), body.Error, nonce, "en"))
	}
	if err != nil {
		s.Logger.Warn("answer not written", slog.Any("error", err))
	}
}

// halJSON answers with the media type of every answer of the API.
func halJSON(c echo.Context, status int, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return fmt.Errorf("encode answer: %w", err)
	}
	return c.Blob(status, osdi.MediaType, b)
}

// recover turns a panic in a handler into an internal error.
func (s *Server) recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		defer func() {
			if v := recover(); v != nil {
				s.Logger.Error("handler panicked", slog.String("route", c.Path()), slog.String("stack", string(debug.Stack())))
				s.handleError(errors.New("panic"), c)
			}
		}()
		return next(c)
	}
}
