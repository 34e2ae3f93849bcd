package form

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"postern/internal/osdi"
)

// Stamp is what the caller adds to a post: the moment of acceptance and an id for posts that brought none.
type Stamp struct {
	Now time.Time
	ID  string // UUID
}

// Check turns a post into a submission, or says everything that is wrong with it at once as *Invalid.
// complete asks for the form's required fields and a chosen target, as the form's own page does; a page written for
// the upstream's blind POST (complete = false) needs no more than an e-mail address or a phone number.
func (f *Form) Check(p Post, complete bool, s Stamp) (Submission, error) {
	bad := &Invalid{Fields: map[string]string{}}
	person := f.person(p, bad)
	if complete {
		f.required(p, bad)
	}
	subject, message := f.letter(p, complete, bad)
	duration := f.duration(p, bad)
	targets := f.targets(p, complete, bad)
	id := p.SubmissionID
	if id == "" {
		id = s.ID
	} else if !validUUID(id) {
		bad.Fields[FieldSubmissionID] = "The submission id must be a UUID."
	}
	if len(bad.Fields) > 0 {
		return Submission{}, bad
	}

	created := osdi.NewTime(s.Now)
	base := osdi.Outreach{
		CreatedDate: &created,
		Subject:     subject,
		Message:     message,
		Duration:    duration,
		Person:      &person,
		AddTags:     merge(f.AddTags, allowed(p.AddTags, f.PublicTags)),
		RemoveTags:  allowed(p.RemoveTags, f.PublicTags),
	}
	if ref := cleanReferrer(p.Referrer); ref != (osdi.ReferrerData{}) {
		base.ReferrerData = &ref
	}
	sub := Submission{
		ID: id, Form: f.ID, FormVersion: f.Version, AcceptedAt: s.Now, Campaign: f.Campaign,
		Source: cleanReferrer(p.Referrer).Source,
	}
	sub.Digest = digest(f.ID, base, targets)
	for i, t := range targets {
		o := base
		o.Identifiers = []string{identifier(id, i, len(targets))}
		if t != (osdi.Target{}) {
			o.Targets = []osdi.Target{t}
		}
		sub.Outreaches = append(sub.Outreaches, o)
	}
	return sub, nil
}

// identifier names one outreach upstream, for ever: the submission's own when it has one target, numbered otherwise.
func identifier(id string, i, n int) string {
	if n == 1 {
		return "postern:" + id
	}
	return fmt.Sprintf("postern:%s-%d", id, i+1)
}

// digest covers everything the supporter decided and nothing that differs between two tries.
func digest(id ID, o osdi.Outreach, targets []osdi.Target) string {
	o.CreatedDate = nil
	o.Targets = targets
	b, err := json.Marshal(struct {
		Form ID
		osdi.Outreach
	}{id, o})
	if err != nil {
		// Strings, numbers and booleans only: nothing here can fail to encode.
		panic("form: digest: " + err.Error())
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// required reports each required field that was left empty.
func (f *Form) required(p Post, bad *Invalid) {
	for _, d := range f.Fields {
		if d.Required && value(p, d.Name) == "" && bad.Fields[d.Name] == "" {
			bad.Fields[d.Name] = fmt.Sprintf("Enter your answer to “%s”.", d.Label)
		}
	}
}

// letter is the text that goes out: the form's own when it is fixed, the supporter's otherwise.
func (f *Form) letter(p Post, complete bool, bad *Invalid) (subject, message string) {
	if f.Type != osdi.TypeEmail {
		return "", ""
	}
	if f.Letter != nil && !f.Letter.Editable {
		return f.Letter.Subject, f.Letter.Message
	}
	subject = bad.text(FieldSubject, "subject", p.Subject, maxSubject, false)
	message = bad.text(FieldMessage, "message", p.Message, maxMessage, true)
	if complete && f.Letter != nil {
		if subject == "" && bad.Fields[FieldSubject] == "" {
			bad.Fields[FieldSubject] = "Enter a subject for your letter."
		}
		if message == "" && bad.Fields[FieldMessage] == "" {
			bad.Fields[FieldMessage] = "Write your letter."
		}
	}
	return subject, message
}

// duration is the length of a call in whole seconds, at most a day.
func (f *Form) duration(p Post, bad *Invalid) string {
	d := tidy(p.Duration)
	if f.Type != osdi.TypePhone || d == "" {
		return ""
	}
	if n, err := strconv.Atoi(d); err != nil || n < 0 || n > 24*60*60 {
		bad.Fields[FieldDuration] = "Enter the length of the call in seconds, for example 90."
		return ""
	}
	return d
}

// targets are the chosen addressees in the form's own order, each once; one empty target stands for none.
func (f *Form) targets(p Post, complete bool, bad *Invalid) []osdi.Target {
	if p.Target != nil {
		return f.strangersTarget(*p.Target, bad)
	}
	chosen := map[string]bool{}
	for _, id := range p.TargetIDs {
		chosen[id] = true
	}
	var out []osdi.Target
	for _, t := range f.Targets {
		if chosen[t.ID] {
			out = append(out, t.OSDI())
			delete(chosen, t.ID)
		}
	}
	switch {
	case len(chosen) > 0:
		bad.Fields[FieldTarget] = "Choose from the people listed."
	case len(out) == 0 && complete && len(f.Targets) == 1:
		out = []osdi.Target{f.Targets[0].OSDI()}
	case len(out) == 0 && complete && len(f.Targets) > 1:
		bad.Fields[FieldTarget] = "Choose at least one person to contact."
	case len(out) == 0:
		out = []osdi.Target{{}}
	}
	return out
}

// strangersTarget is a target that came as JSON: one that the form declares, or any where the form is open.
func (f *Form) strangersTarget(t osdi.Target, bad *Invalid) []osdi.Target {
	clean := osdi.Target{
		Title:      bad.text(FieldTarget, "target's title", t.Title, maxName, false),
		GivenName:  bad.text(FieldTarget, "target's given name", t.GivenName, maxName, false),
		FamilyName: bad.text(FieldTarget, "target's family name", t.FamilyName, maxName, false),
		OCDID:      bad.text(FieldTarget, "target's division id", t.OCDID, maxLine, false),
	}
	for _, d := range f.Targets {
		if d.GivenName == clean.GivenName && d.FamilyName == clean.FamilyName &&
			(clean.Title == "" || clean.Title == d.Title) {
			return []osdi.Target{d.OSDI()}
		}
	}
	if !f.OpenTargets && clean != (osdi.Target{}) {
		bad.Fields[FieldTarget] = "This form does not write to that person."
	}
	return []osdi.Target{clean}
}

// allowed keeps the tags of the list that the form makes public, in the form's spelling.
func allowed(tags, public []string) []string {
	var out []string
	for _, p := range public {
		for _, t := range tags {
			if t == p {
				out = append(out, p)
				break
			}
		}
	}
	return out
}

func merge(a, b []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, list := range [][]string{a, b} {
		for _, s := range list {
			if !seen[s] {
				seen[s] = true
				out = append(out, s)
			}
		}
	}
	return out
}
