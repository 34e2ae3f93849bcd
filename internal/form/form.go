package form

import "postern/internal/osdi"

// ID is a form's slug, as it stands in its address.
type ID string

// Form is one public action. A value is immutable once loaded; a change is a new Version.
type Form struct {
	ID          ID       `yaml:"id"`
	Version     int      `yaml:"-"`
	Type        string   `yaml:"type"` // osdi.TypeEmail or osdi.TypePhone
	Language    string   `yaml:"language"`
	Title       string   `yaml:"title"`
	Description string   `yaml:"description"` // paragraphs of plain text, separated by blank lines
	Campaign    string   `yaml:"campaign"`    // the advocacy campaign upstream; never shown to the public
	Country     string   `yaml:"country"`     // default for phone numbers, ISO 3166-1 alpha-2
	Origins     []string `yaml:"origins"`     // websites that may post, exact origins; the gateway's own is always allowed
	Closed      bool     `yaml:"closed"`

	AllowMissingOrigin bool `yaml:"allow_missing_origin"` // accept posts without an Origin header
	OpenTargets        bool `yaml:"open_targets"`         // accept one target that the form does not declare
	TrustStatus        bool `yaml:"trust_status"`         // a posted "subscribed" is the supporter's own choice

	PublicTags []string `yaml:"public_tags"` // tags that a stranger's post may add or remove
	AddTags    []string `yaml:"add_tags"`    // tags that every submission adds

	Fields   []Field  `yaml:"fields"`
	Targets  []Target `yaml:"targets"`
	Letter   *Letter  `yaml:"letter"`
	Call     *Call    `yaml:"call"`
	Consent  Consent  `yaml:"consent"`
	Submit   string   `yaml:"submit"` // text of the button
	ThankYou ThankYou `yaml:"thank_you"`
}

// Field is one question. Name is a public field name of the contract (given_name, email, …).
type Field struct {
	Name     string `yaml:"name"`
	Label    string `yaml:"label"`
	Help     string `yaml:"help"`
	Required bool   `yaml:"required"`
}

// Target is a declared addressee; supporters choose by ID.
type Target struct {
	ID         string `yaml:"id"`
	Title      string `yaml:"title"`
	GivenName  string `yaml:"given_name"`
	FamilyName string `yaml:"family_name"`
	OCDID      string `yaml:"ocdid"`
	Phone      string `yaml:"phone"` // for calls: the number to dial, E.164
}

// OSDI is the target as the upstream records it.
func (t Target) OSDI() osdi.Target {
	return osdi.Target{Title: t.Title, GivenName: t.GivenName, FamilyName: t.FamilyName, OCDID: t.OCDID}
}

// Name is the target as a supporter reads it.
func (t Target) Name() string {
	name := t.GivenName
	for _, part := range []string{t.FamilyName} {
		if name != "" && part != "" {
			name += " "
		}
		name += part
	}
	if t.Title != "" {
		return t.Title + " " + name
	}
	return name
}

// Letter is the suggested text of a letter.
type Letter struct {
	Subject  string `yaml:"subject"`
	Message  string `yaml:"message"`
	Editable bool   `yaml:"editable"`
}

// Call is what the page of a phone action says.
type Call struct {
	Script string `yaml:"script"` // what to say, plain text
}

// Consent holds the wording of the boxes; a box without wording is not shown. No box is ever ticked beforehand.
type Consent struct {
	Email  string `yaml:"email"`
	Mobile string `yaml:"mobile"`
}

// ThankYou is what the supporter reads afterwards.
type ThankYou struct {
	Title string `yaml:"title"`
	Text  string `yaml:"text"`
}

// HasField tells whether the form asks for the named field.
func (f *Form) HasField(name string) bool {
	_, ok := f.Field(name)
	return ok
}

// Field returns the declaration of the named field.
func (f *Form) Field(name string) (Field, bool) {
	for _, d := range f.Fields {
		if d.Name == name {
			return d, true
		}
	}
	return Field{}, false
}
