package guard

import (
	"net/url"
	"strings"

	"golang.org/x/net/idna"

	"postern/internal/form"
)

// Origin is what a request says of the page it came from.
type Origin struct {
	Header    string // the Origin header, empty when absent
	Host      string // the Host the request was sent to
	PublicURL string // the gateway's own address
	Sealed    bool   // the post carries a valid token of this form
}

// AllowOrigin tells whether a post to f may come from o. It is an abuse filter, not authentication: outside a
// browser anybody can write any origin.
func AllowOrigin(f *form.Form, o Origin) bool {
	if o.Header == "" {
		return f.AllowMissingOrigin || o.Sealed
	}
	got, ok := canonicalOrigin(o.Header)
	if !ok {
		return false // also "null"
	}
	if own, ok := canonicalOrigin(o.PublicURL); ok && got == own {
		return true
	}
	if _, host, _ := strings.Cut(got, "://"); host == strings.ToLower(o.Host) {
		return true // same origin under another name of this server
	}
	for _, listed := range f.Origins {
		if want, ok := canonicalOrigin(listed); ok && want == got {
			return true
		}
	}
	return false
}

// canonicalOrigin parses an origin so that equal ones compare equal: scheme and host in lower case, the host as
// A-label, no default port. Anything beyond scheme, host and port is refused.
func canonicalOrigin(s string) (string, bool) {
	if len(s) > 300 {
		return "", false
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || (u.Path != "" && u.Path != "/") || u.RawQuery != "" ||
		u.Fragment != "" || (u.Scheme != "http" && u.Scheme != "https") || strings.HasSuffix(s, "?") {
		return "", false
	}
	host := u.Hostname()
	if !strings.Contains(host, ":") {
		if host, err = idna.Lookup.ToASCII(host); err != nil {
			return "", false
		}
	} else {
		host = "[" + host + "]"
	}
	port := u.Port()
	if port == "" || (u.Scheme == "https" && port == "443") || (u.Scheme == "http" && port == "80") {
		return u.Scheme + "://" + host, true
	}
	return u.Scheme + "://" + host + ":" + port, true
}
