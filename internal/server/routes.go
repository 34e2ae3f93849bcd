package server

import "github.com/labstack/echo/v4"

// routes is every address on one page.
func (s *Server) routes(e *echo.Echo) {
	// The hosted page, and the door for forms.
	e.GET("/f/:form", s.page)
	e.POST("/f/:form", s.postForm)
	e.GET("/f/:form/thanks", s.thanks)
	e.GET("/f/:form/count", s.count)
	e.OPTIONS("/f/:form", s.preflight)

	// The blind POST in the record outreach helper's own shape.
	e.POST("/api/v2/advocacy_campaigns/:form/outreaches", s.postJSON)
	e.POST("/api/v2/advocacy_campaigns/:form/outreaches/", s.postJSON)
	e.OPTIONS("/api/v2/advocacy_campaigns/:form/outreaches", s.preflight)
	e.OPTIONS("/api/v2/advocacy_campaigns/:form/outreaches/", s.preflight)

	// The widget.
	e.GET("/widget.js", s.widget)
	e.GET("/embed/:form", s.embed)
	e.GET("/static/:name", s.static)

	e.GET("/healthz", s.healthz)
	e.GET("/readyz", s.readyz)
}
