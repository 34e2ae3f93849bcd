package form

import (
	"strings"
	"unicode/utf8"

	"github.com/go-playground/validator/v10"
	"github.com/nyaruka/phonenumbers"
	"golang.org/x/net/idna"

	"postern/internal/osdi"
)

// rules is the validation engine: made once because it caches, safe for concurrent use, never changed.
var rules = validator.New(validator.WithRequiredStructEnabled())

// domains writes host names in A-labels and, unlike idna.Lookup, holds DNS's own lengths.
var domains = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.StrictDomainName(true), idna.VerifyDNSLength(true))

// person checks the person's data. It keeps the first e-mail address, number and postal address: the upstream
// holds one of each.
func (f *Form) person(p Post, bad *Invalid) osdi.Person {
	in := p.Person
	out := osdi.Person{
		GivenName:  bad.text(FieldGivenName, "first name", in.GivenName, maxName, false),
		FamilyName: bad.text(FieldFamilyName, "last name", in.FamilyName, maxName, false),
	}
	email, phone := first(in.EmailAddresses), first(in.PhoneNumbers)
	if address := tidy(email.Address); address != "" {
		clean, ok := cleanEmail(address)
		if !ok {
			bad.Fields[FieldEmail] = "Enter an e-mail address like name@example.org."
		}
		out.EmailAddresses = []osdi.EmailAddress{{
			Address: clean, Status: f.status(email.Status, p.ConsentEmail),
		}}
	}
	if number := tidy(phone.Number); number != "" {
		clean, ok := cleanPhone(number, f.Country)
		if !ok {
			bad.Fields[FieldPhone] = "Enter a phone number, with the country code if it is not from here."
		}
		out.PhoneNumbers = []osdi.PhoneNumber{{
			Number: clean, Status: f.status(phone.Status, p.ConsentMobile),
		}}
	}
	if out.EmailAddresses == nil && out.PhoneNumbers == nil {
		bad.Fields[FieldEmail] = "Enter an e-mail address or a phone number."
	}
	if a := bad.address(first(in.PostalAddresses)); a != nil {
		out.PostalAddresses = []osdi.PostalAddress{*a}
	}
	out.CustomFields = f.customFields(in.CustomFields, bad)
	return out
}

// status is what may be said of a subscription: the supporter's tick, or the posting page's word where the form
// trusts that page. Nothing else than "subscribed" exists at the helper.
func (f *Form) status(posted string, ticked bool) string {
	if ticked || (f.TrustStatus && posted == osdi.StatusSubscribed) {
		return osdi.StatusSubscribed
	}
	return ""
}

func (bad *Invalid) address(in osdi.PostalAddress) *osdi.PostalAddress {
	out := osdi.PostalAddress{
		Locality:   bad.text(FieldLocality, "town or city", in.Locality, maxName, false),
		Region:     bad.text(FieldRegion, "region", in.Region, maxName, false),
		PostalCode: bad.text(FieldPostalCode, "postal code", in.PostalCode, maxPostalCode, false),
		Country:    strings.ToUpper(bad.text(FieldCountry, "country", in.Country, 2, false)),
	}
	if line := bad.text(FieldAddress, "address", first(in.AddressLines), maxLine, false); line != "" {
		out.AddressLines = []string{line}
	}
	if out.AddressLines == nil && out.Locality == "" && out.Region == "" && out.PostalCode == "" && out.Country == "" {
		return nil
	}
	return &out
}

// customFields keeps the declared ones that hold text.
func (f *Form) customFields(in map[string]any, bad *Invalid) map[string]any {
	var out map[string]any
	for _, d := range f.Fields {
		name, ok := customName(d.Name)
		if !ok {
			continue
		}
		s, ok := in[name].(string)
		if !ok {
			continue
		}
		if s = bad.text(d.Name, "answer", s, maxLine, true); s != "" {
			if out == nil {
				out = map[string]any{}
			}
			out[name] = s
		}
	}
	return out
}

// cleanEmail checks an address and writes its domain in lower-case A-labels. The local part stays as typed.
// Limits: RFC 5321 4.5.3.1 (64 and 254 octets), RFC 1035 2.3.4 (63 octets a label).
func cleanEmail(s string) (string, bool) {
	at := strings.LastIndexByte(s, '@')
	if at < 1 || at > 64 || strings.HasPrefix(s, `"`) {
		return "", false
	}
	domain, err := domains.ToASCII(strings.TrimSuffix(s[at+1:], "."))
	if err != nil {
		return "", false
	}
	clean := s[:at] + "@" + strings.ToLower(domain)
	if len(clean) > 254 || !isASCII(clean) || rules.Var(clean, "email") != nil {
		return "", false
	}
	return clean, true
}

// cleanPhone writes a number in E.164. A possible number is enough: numbering plans change faster than tables, and
// the source document's own example (202-123-4444) is not an assigned number.
func cleanPhone(s, country string) (string, bool) {
	if country == "" {
		country = "US"
	}
	n, err := phonenumbers.Parse(s, country)
	if err != nil || !phonenumbers.IsPossibleNumber(n) || n.GetExtension() != "" {
		return "", false
	}
	return phonenumbers.Format(n, phonenumbers.E164), true
}

func first[T any](list []T) T {
	var zero T
	if len(list) == 0 {
		return zero
	}
	return list[0]
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
