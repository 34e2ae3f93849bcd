// Package guard decides who may post and how often: the origin rule of a form, a rate for each client, and the
// token that is sealed into a form when it is served.
package guard
