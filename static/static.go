// Package static holds the built assets that the binary carries: the widget's script and the one stylesheet. Their
// sources are in web/; go generate builds them, and CI proves that they are current.
package static

import (
	"crypto/sha256"
	"crypto/sha512"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"fmt"
)

//go:generate go tool esbuild ../web/form.css --minify --outfile=form.css --log-level=warning
//go:generate go tool esbuild ../web/widget.ts --bundle --minify --target=es2021 --format=iife --loader:.css=text --outfile=widget.js --log-level=warning

// CSS is the stylesheet of form and pages.
//
//go:embed form.css
var CSS string

//go:embed widget.js
var widget []byte

// Assets are the files that are served under names of their own.
type Assets struct{ pinned string }

// New names the assets by their content.
func New() (*Assets, error) {
	if len(widget) == 0 {
		return nil, fmt.Errorf("the widget was not built")
	}
	sum := sha256.Sum256(widget)
	return &Assets{pinned: "widget." + hex.EncodeToString(sum[:6]) + ".js"}, nil
}

// Widget is the script.
func (*Assets) Widget() []byte { return widget }

// Pinned is the name under which exactly this build of the widget is served.
func (a *Assets) Pinned() string { return a.pinned }

// Integrity is the value of the integrity attribute for the pinned build.
func (*Assets) Integrity() string {
	sum := sha512.Sum384(widget)
	return "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
}

// Open returns a pinned file and its media type.
func (a *Assets) Open(name string) (body []byte, mediaType string, ok bool) {
	if name != a.pinned {
		return nil, "", false
	}
	return widget, "text/javascript; charset=utf-8", true
}
