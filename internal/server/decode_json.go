package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"postern/internal/form"
	"postern/internal/osdi"
)

// Limits of a JSON post; more than any client of the record outreach helper sends.
const (
	maxDepth = 8
	maxKeys  = 200
	maxItems = 50
)

// jsonPaths say where a field with a public name stands in the record outreach helper's shape.
func jsonPath(field string) string {
	switch field {
	case form.FieldEmail:
		return "person.email_addresses.0.address"
	case form.FieldPhone:
		return "person.phone_numbers.0.number"
	case form.FieldGivenName, form.FieldFamilyName:
		return "person." + field
	case form.FieldAddress:
		return "person.postal_addresses.0.address_lines.0"
	case form.FieldPostalCode, form.FieldLocality, form.FieldRegion, form.FieldCountry:
		return "person.postal_addresses.0." + field
	case form.FieldTarget:
		return "targets.0"
	case form.FieldSubmissionID:
		return "identifiers.0"
	}
	if strings.HasPrefix(field, "custom_fields[") {
		return "person.custom_fields." + strings.TrimSuffix(strings.TrimPrefix(field, "custom_fields["), "]")
	}
	return field
}

// readJSON decodes a blind post. What it does not know it ignores, as the helper does.
func readJSON(c echo.Context) (form.Post, error) {
	b, err := readBody(c, echo.MIMEApplicationJSON)
	if err != nil {
		return form.Post{}, err
	}
	if err := scanJSON(b); err != nil {
		return form.Post{}, &failure{status: http.StatusBadRequest, message: "The JSON could not be read: " + err.Error() + "."}
	}
	var o osdi.Outreach
	if err := json.Unmarshal(b, &o); err != nil {
		wrong := new(json.UnmarshalTypeError)
		if errors.As(err, &wrong) {
			return form.Post{}, &form.Invalid{Fields: map[string]string{wrong.Field: "This has the wrong JSON type."}}
		}
		return form.Post{}, &form.Invalid{Fields: map[string]string{"created_date": "Write dates in ISO 8601 form."}}
	}
	if o.Person == nil {
		return form.Post{}, &form.Invalid{Fields: map[string]string{form.FieldEmail: "Enter an e-mail address or a phone number."}}
	}
	if len(o.Targets) > 1 {
		return form.Post{}, &form.Invalid{Fields: map[string]string{"targets": "Send one target in each post."}}
	}
	p := form.Post{
		Person: *o.Person, Subject: o.Subject, Message: o.Message, Duration: o.Duration,
		AddTags: o.AddTags, RemoveTags: o.RemoveTags,
	}
	if o.ReferrerData != nil {
		p.Referrer = *o.ReferrerData
	}
	if len(o.Targets) == 1 {
		p.Target = &o.Targets[0]
	}
	for _, id := range o.Identifiers {
		if own, ok := strings.CutPrefix(id, "postern:"); ok {
			p.SubmissionID = own
			break
		}
	}
	return p, nil
}

// scanJSON refuses what encoding/json would quietly accept: a top level that is not an object, duplicate keys
// (also in other case), data behind the object, and structures too deep or too wide to be honest. Its errors are
// fixed sentences that repeat nothing of the input.
func scanJSON(b []byte) error {
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.UseNumber()
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return errors.New("it must be one object")
	}
	keys := 0
	if err := scanContainer(dec, true, 1, &keys); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("there is something behind the object")
	}
	return nil
}

func scanContainer(dec *json.Decoder, object bool, depth int, keys *int) error {
	if depth > maxDepth {
		return fmt.Errorf("it is nested deeper than %d levels", maxDepth)
	}
	seen := map[string]bool{}
	for items := 0; dec.More(); items++ {
		if object {
			t, err := dec.Token()
			name, ok := t.(string)
			if err != nil || !ok {
				return errors.New("it is not well formed")
			}
			if name = strings.ToLower(name); seen[name] {
				return errors.New("a key appears twice")
			}
			seen[name] = true
			if *keys++; *keys > maxKeys {
				return fmt.Errorf("it has more than %d keys", maxKeys)
			}
		} else if items >= maxItems {
			return fmt.Errorf("a list has more than %d items", maxItems)
		}
		t, err := dec.Token()
		if err != nil {
			return errors.New("it is not well formed")
		}
		if d, ok := t.(json.Delim); ok {
			if err := scanContainer(dec, d == '{', depth+1, keys); err != nil {
				return err
			}
		}
	}
	if _, err := dec.Token(); err != nil {
		return errors.New("it is not well formed")
	}
	return nil
}
