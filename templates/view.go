package templates

import (
	"slices"
	"strings"

	"github.com/a-h/templ"

	"postern/internal/form"
	"postern/internal/osdi"
)

// FormView is one form as it is shown now.
type FormView struct {
	Form         *form.Form
	Action       string // where the form posts to
	HostedURL    string
	Values       map[string][]string // what was typed; nil when the form is fresh
	Errors       []FieldError
	Token        string
	SubmissionID string
	Referrer     osdi.ReferrerData
	Nonce        string // of the Content-Security-Policy
	Lang, Dir    string
}

// FieldError is one problem, named by public field name.
type FieldError struct{ Field, Message string }

// DemoView is the sample campaign website.
type DemoView struct {
	Gateway string // base address
	Call    bool   // the page about the call instead of the letter
}

func (v FormView) value(name, fresh string) string {
	if v.Values == nil {
		return fresh
	}
	if list := v.Values[name]; len(list) > 0 {
		return list[0]
	}
	return ""
}

// chosen tells whether a target's box is ticked: all are on a fresh form.
func (v FormView) chosen(id string) bool {
	return v.Values == nil || slices.Contains(v.Values[form.FieldTarget], id)
}

func (v FormView) problem(name string) string {
	for _, e := range v.Errors {
		if e.Field == name {
			return e.Message
		}
	}
	return ""
}

// describedBy lists the ids that explain a control: its error, then its help.
func (v FormView) describedBy(name, help string) string {
	var ids []string
	if v.problem(name) != "" {
		ids = append(ids, id(name)+"-error")
	}
	if help != "" {
		ids = append(ids, id(name)+"-help")
	}
	return strings.Join(ids, " ")
}

// id is the element id of a field.
func id(name string) string {
	return "pf-" + strings.NewReplacer("[", "-", "]", "", "_", "-").Replace(name)
}

func paragraphs(s string) []string {
	var out []string
	for _, p := range strings.Split(s, "\n\n") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// control is how a field is typed: the input's type, autofill token and keyboard.
type control struct{ kind, autocomplete, inputMode string }

func controlOf(name string) control {
	switch name {
	case form.FieldGivenName:
		return control{"text", "given-name", ""}
	case form.FieldFamilyName:
		return control{"text", "family-name", ""}
	case form.FieldEmail:
		return control{"email", "email", "email"}
	case form.FieldPhone:
		return control{"tel", "tel", "tel"}
	case form.FieldPostalCode:
		return control{"text", "postal-code", ""}
	case form.FieldAddress:
		return control{"text", "street-address", ""}
	case form.FieldLocality:
		return control{"text", "address-level2", ""}
	case form.FieldRegion:
		return control{"text", "address-level1", ""}
	case form.FieldCountry:
		return control{"text", "country", ""}
	}
	return control{"text", "off", ""}
}

func (v FormView) submitText() string {
	if v.Form.Submit != "" {
		return v.Form.Submit
	}
	return "Send"
}

func dialled(targets []form.Target) []form.Target {
	return slices.DeleteFunc(slices.Clone(targets), func(t form.Target) bool { return t.Phone == "" })
}

// state is what assistive technology learns of a control beyond its label.
func state(v FormView, name, help string) templ.Attributes {
	a := templ.Attributes{}
	if ids := v.describedBy(name, help); ids != "" {
		a["aria-describedby"] = ids
	}
	if v.problem(name) != "" {
		a["aria-invalid"] = "true"
	}
	if mode := controlOf(name).inputMode; mode != "" {
		a["inputmode"] = mode
	}
	return a
}

func hostedTitle(v FormView) string {
	if len(v.Errors) > 0 {
		return "Error: " + v.Form.Title
	}
	return v.Form.Title
}

func firstParagraph(s string) string {
	if list := paragraphs(s); len(list) > 0 {
		return list[0]
	}
	return ""
}
