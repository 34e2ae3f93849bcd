// Package templates holds the pages and the form's markup. One component, Fields, is the form everywhere: in the
// widget, on the hosted page and without JavaScript.
package templates

//go:generate go tool templ generate
