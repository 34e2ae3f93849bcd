package form

import (
	"net/url"
	"unicode/utf8"

	"postern/internal/osdi"
)

// ReferrerFrom reads how the supporter came from the arguments of an address: the five documented names, and
// utm_source (with -utm_campaign behind it) as the source where none is given. Nothing else is looked at, so
// personal link arguments such as can_id are never kept.
func ReferrerFrom(q url.Values) osdi.ReferrerData {
	r := osdi.ReferrerData{
		Source:                q.Get(FieldSource),
		Referrer:              q.Get(FieldReferrer),
		Website:               q.Get(FieldWebsite),
		EmailReferrer:         q.Get(FieldEmailReferrer),
		MobileMessageReferrer: q.Get(FieldMobileMessageReferrer),
	}
	if r.Source == "" {
		r.Source = q.Get("utm_source")
		if c := q.Get("utm_campaign"); r.Source != "" && c != "" {
			r.Source += "-" + c
		}
	}
	return cleanReferrer(r)
}

// cleanReferrer keeps each value whole or not at all: a shortened code would count for another source.
func cleanReferrer(r osdi.ReferrerData) osdi.ReferrerData {
	for _, s := range []*string{&r.Source, &r.Referrer, &r.Website, &r.EmailReferrer, &r.MobileMessageReferrer} {
		probe := &Invalid{Fields: map[string]string{}}
		if *s = tidy(*s); utf8.RuneCountInString(*s) > maxReferrer {
			*s = ""
			continue
		}
		*s = probe.text("", "", *s, maxReferrer, false)
	}
	return r
}
