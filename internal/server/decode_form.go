package server

import (
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"postern/internal/form"
	"postern/internal/osdi"
)

// maxParameters is how many form parameters one post may hold.
const maxParameters = 200

// readBody returns the whole body if its media type is exactly want, in UTF-8, unencoded and not too large.
func readBody(c echo.Context, want string) ([]byte, error) {
	r := c.Request()
	kind, params, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
	charset := params["charset"]
	if err != nil || kind != want || r.Header.Get(echo.HeaderContentEncoding) != "" ||
		(charset != "" && !strings.EqualFold(charset, "utf-8")) {
		return nil, &failure{status: http.StatusUnsupportedMediaType, message: "Send " + want + " in UTF-8."}
	}
	b, err := io.ReadAll(http.MaxBytesReader(c.Response(), r.Body, maxBody))
	if tooLarge := new(http.MaxBytesError); errorsAs(err, &tooLarge) {
		return nil, &failure{status: http.StatusRequestEntityTooLarge, message: "That is too much text for one message."}
	}
	if err != nil {
		return nil, &failure{status: http.StatusBadRequest, message: "The message did not arrive whole.", cause: err}
	}
	if !utf8.Valid(b) {
		return nil, &failure{status: http.StatusBadRequest, message: "The message is not valid UTF-8."}
	}
	return b, nil
}

// readForm decodes a form body: from the body only, never from the address, each single-valued name once.
func readForm(c echo.Context) (url.Values, error) {
	b, err := readBody(c, echo.MIMEApplicationForm)
	if err != nil {
		return nil, err
	}
	unreadable := &failure{status: http.StatusBadRequest, message: "The form could not be read."}
	if strings.Count(string(b), "&") >= maxParameters {
		return nil, unreadable
	}
	v, err := url.ParseQuery(string(b))
	if err != nil {
		return nil, unreadable
	}
	for name, list := range v {
		if name != form.FieldTarget && len(list) > 1 {
			return nil, unreadable
		}
		for _, s := range list {
			if !utf8.ValidString(s) {
				return nil, unreadable
			}
		}
	}
	return v, nil
}

// postFrom puts form values where the declaration expects them. Names that the form does not declare are dropped.
func postFrom(f *form.Form, v url.Values) form.Post {
	get := func(name string) string {
		if !f.HasField(name) {
			return ""
		}
		return v.Get(name)
	}
	p := form.Post{
		SubmissionID: v.Get(form.FieldSubmissionID),
		Subject:      v.Get(form.FieldSubject),
		Message:      v.Get(form.FieldMessage),
		Duration:     v.Get(form.FieldDuration),
		TargetIDs:    v[form.FieldTarget],
		Referrer:     form.ReferrerFrom(v),
		Person: osdi.Person{
			GivenName:      get(form.FieldGivenName),
			FamilyName:     get(form.FieldFamilyName),
			EmailAddresses: []osdi.EmailAddress{{Address: get(form.FieldEmail)}},
			PhoneNumbers:   []osdi.PhoneNumber{{Number: get(form.FieldPhone)}},
			PostalAddresses: []osdi.PostalAddress{{
				AddressLines: []string{get(form.FieldAddress)}, Locality: get(form.FieldLocality),
				Region: get(form.FieldRegion), PostalCode: get(form.FieldPostalCode), Country: get(form.FieldCountry),
			}},
		},
		ConsentEmail:  f.Consent.Email != "" && v.Get(form.FieldConsentEmail) != "",
		ConsentMobile: f.Consent.Mobile != "" && v.Get(form.FieldConsentMobile) != "",
	}
	for name := range v {
		if inner, ok := strings.CutPrefix(name, "custom_fields["); ok && strings.HasSuffix(inner, "]") {
			if p.Person.CustomFields == nil {
				p.Person.CustomFields = map[string]any{}
			}
			p.Person.CustomFields[strings.TrimSuffix(inner, "]")] = v.Get(name)
		}
	}
	return p
}
