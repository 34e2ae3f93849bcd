package osdi

// StatusSubscribed is the only subscription status that the record outreach helper knows.
const StatusSubscribed = "subscribed"

// StatusUnsubscribed is what a new mobile number gets when no status is passed.
const StatusUnsubscribed = "unsubscribed"

// Person is person data inlined into an outreach, or a person resource. At least one e-mail address or phone
// number is required to create one.
type Person struct {
	Identifiers     []string        `json:"identifiers,omitempty"`
	CreatedDate     *Time           `json:"created_date,omitempty"`
	ModifiedDate    *Time           `json:"modified_date,omitempty"`
	GivenName       string          `json:"given_name,omitempty"`
	FamilyName      string          `json:"family_name,omitempty"`
	EmailAddresses  []EmailAddress  `json:"email_addresses,omitempty"`
	PhoneNumbers    []PhoneNumber   `json:"phone_numbers,omitempty"`
	PostalAddresses []PostalAddress `json:"postal_addresses,omitempty"`
	LanguagesSpoken []string        `json:"languages_spoken,omitempty"`
	CustomFields    map[string]any  `json:"custom_fields,omitempty"`
}

// EmailAddress is one e-mail address with its list status.
type EmailAddress struct {
	Primary *bool  `json:"primary,omitempty"`
	Address string `json:"address,omitempty"`
	Status  string `json:"status,omitempty"`
}

// PhoneNumber is one mobile number with its list status.
type PhoneNumber struct {
	Primary    *bool  `json:"primary,omitempty"`
	Number     string `json:"number,omitempty"`
	NumberType string `json:"number_type,omitempty"`
	Status     string `json:"status,omitempty"`
}

// PostalAddress is one postal address. Country is ISO 3166-1 alpha-2, region the part after the dash of ISO 3166-2.
type PostalAddress struct {
	Primary      *bool    `json:"primary,omitempty"`
	AddressLines []string `json:"address_lines,omitempty"`
	Locality     string   `json:"locality,omitempty"`
	Region       string   `json:"region,omitempty"`
	PostalCode   string   `json:"postal_code,omitempty"`
	Country      string   `json:"country,omitempty"`
	Language     string   `json:"language,omitempty"`
}
