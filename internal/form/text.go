package form

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"
)

// Public field names: the hosted page, the widget and the errors use these.
const (
	FieldGivenName             = "given_name"
	FieldFamilyName            = "family_name"
	FieldEmail                 = "email"
	FieldPhone                 = "phone"
	FieldPostalCode            = "postal_code"
	FieldAddress               = "address"
	FieldLocality              = "locality"
	FieldRegion                = "region"
	FieldCountry               = "country"
	FieldSubject               = "subject"
	FieldMessage               = "message"
	FieldDuration              = "duration"
	FieldTarget                = "target"
	FieldConsentEmail          = "consent_email"
	FieldConsentMobile         = "consent_mobile"
	FieldSubmissionID          = "submission_id"
	FieldToken                 = "token"
	FieldSource                = "source"
	FieldReferrer              = "referrer"
	FieldWebsite               = "website"
	FieldEmailReferrer         = "email_referrer"
	FieldMobileMessageReferrer = "mobile_message_referrer"
	FieldTrap                  = "postern_trap" // invisible to people; whatever fills it is not one
)

// Longest accepted texts, in characters.
const (
	maxName       = 100
	maxLine       = 500
	maxPostalCode = 20
	maxSubject    = 200
	maxMessage    = 10_000
	maxReferrer   = 255
)

// Invalid lists everything wrong with a post: one sentence by public field name.
type Invalid struct{ Fields map[string]string }

func (bad *Invalid) Error() string { return fmt.Sprintf("%d fields are invalid", len(bad.Fields)) }

// text tidies one answer and reports it when it is too long or holds characters that nobody types.
func (bad *Invalid) text(field, what, s string, limit int, lines bool) string {
	s = tidy(s)
	if lines {
		s = strings.ReplaceAll(s, "\r\n", "\n")
	}
	if utf8.RuneCountInString(s) > limit {
		bad.Fields[field] = fmt.Sprintf("Shorten the %s to at most %d characters.", what, limit)
		return ""
	}
	for _, r := range s {
		if (unicode.IsControl(r) && !(lines && (r == '\n' || r == '\t'))) || isBidiControl(r) {
			bad.Fields[field] = fmt.Sprintf("Remove the invisible control characters from the %s.", what)
			return ""
		}
	}
	return s
}

// tidy is all that is ever changed in what somebody typed: NFC and trimmed ends.
func tidy(s string) string { return strings.TrimSpace(norm.NFC.String(s)) }

// isBidiControl finds the overrides and isolates that can turn text around for its reader. The plain marks
// (U+200E, U+200F) are needed in Arabic and Hebrew and stay.
func isBidiControl(r rune) bool {
	return (r >= 0x202A && r <= 0x202E) || (r >= 0x2066 && r <= 0x2069)
}

func validUUID(s string) bool {
	return len(s) == 36 && uuid.Validate(s) == nil
}

// customName is the NAME in custom_fields[NAME].
func customName(field string) (string, bool) {
	name, ok := strings.CutPrefix(field, "custom_fields[")
	if !ok {
		return "", false
	}
	return strings.CutSuffix(name, "]")
}

// value is the answer to a declared field.
func value(p Post, field string) string {
	a := first(p.Person.PostalAddresses)
	switch field {
	case FieldGivenName:
		return tidy(p.Person.GivenName)
	case FieldFamilyName:
		return tidy(p.Person.FamilyName)
	case FieldEmail:
		return tidy(first(p.Person.EmailAddresses).Address)
	case FieldPhone:
		return tidy(first(p.Person.PhoneNumbers).Number)
	case FieldPostalCode:
		return tidy(a.PostalCode)
	case FieldAddress:
		return tidy(first(a.AddressLines))
	case FieldLocality:
		return tidy(a.Locality)
	case FieldRegion:
		return tidy(a.Region)
	case FieldCountry:
		return tidy(a.Country)
	}
	if name, ok := customName(field); ok {
		s, _ := p.Person.CustomFields[name].(string)
		return tidy(s)
	}
	return ""
}
