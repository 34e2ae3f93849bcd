package form_test

import (
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postern/internal/form"
	"postern/internal/osdi"
)

const id1 = "018f3c5a-0000-4000-8000-000000000001"

func park() *form.Form {
	return &form.Form{
		ID: "save-the-park", Version: 3, Type: osdi.TypeEmail, Campaign: "c1", Country: "US",
		OpenTargets: true, PublicTags: []string{"advocate", "member"}, AddTags: []string{"park"},
		Fields: []form.Field{
			{Name: "given_name", Label: "First name", Required: true},
			{Name: "email", Label: "E-mail"}, {Name: "phone", Label: "Phone"},
			{Name: "custom_fields[street]", Label: "Street"},
		},
		Targets: []form.Target{
			{ID: "a", Title: "Councillor", GivenName: "Ana", FamilyName: "Rivera"},
			{ID: "b", GivenName: "Kwame", FamilyName: "Osei"},
		},
		Letter: &form.Letter{Editable: true},
	}
}

func stamp() form.Stamp {
	return form.Stamp{Now: time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC), ID: id1}
}

func person(email, phone string) osdi.Person {
	p := osdi.Person{GivenName: " José "}
	if email != "" {
		p.EmailAddresses = []osdi.EmailAddress{{Address: email, Status: "subscribed"}}
	}
	if phone != "" {
		p.PhoneNumbers = []osdi.PhoneNumber{{Number: phone}}
	}
	return p
}

func TestCheckMakesOneOutreachForEachTarget(t *testing.T) {
	sub, err := park().Check(form.Post{
		Person: person("Jo@Bücher.EXAMPLE", "(202) 555-0143"), Subject: "S", Message: "M",
		TargetIDs: []string{"b", "a", "b"}, AddTags: []string{"member", "secret"}, RemoveTags: []string{"other"},
		Referrer: osdi.ReferrerData{Source: " mail-1 ", Website: strings.Repeat("x", 300)},
	}, true, stamp())
	if err != nil {
		t.Fatal(err)
	}
	created := osdi.NewTime(stamp().Now)
	outreach := osdi.Outreach{
		Identifiers: []string{"postern:" + id1 + "-1"}, CreatedDate: &created, Subject: "S", Message: "M",
		Targets:      []osdi.Target{{Title: "Councillor", GivenName: "Ana", FamilyName: "Rivera"}},
		ReferrerData: &osdi.ReferrerData{Source: "mail-1"},
		Person: &osdi.Person{
			GivenName:      "José",
			EmailAddresses: []osdi.EmailAddress{{Address: "Jo@xn--bcher-kva.example"}},
			PhoneNumbers:   []osdi.PhoneNumber{{Number: "+12025550143"}},
		},
		AddTags: []string{"park", "member"},
	}
	second := outreach
	second.Identifiers = []string{"postern:" + id1 + "-2"}
	second.Targets = []osdi.Target{{GivenName: "Kwame", FamilyName: "Osei"}}
	want := form.Submission{
		ID: id1, Form: "save-the-park", FormVersion: 3, AcceptedAt: stamp().Now, Digest: sub.Digest, Campaign: "c1",
		Source: "mail-1", Outreaches: []osdi.Outreach{outreach, second},
	}
	if diff := cmp.Diff(want, sub); diff != "" {
		t.Error(diff)
	}
}

func TestCheckReportsEverythingAtOnce(t *testing.T) {
	tests := []struct {
		name     string
		post     form.Post
		complete bool
		want     []string
	}{
		{"nothing", form.Post{}, true, []string{"email", "given_name", "message", "subject", "target"}},
		{"nothing, blind", form.Post{}, false, []string{"email"}},
		{"bad mail and phone", form.Post{Person: person("a@b", "12")}, false, []string{"email", "phone"}},
		{"unknown target", form.Post{Person: person("a@b.org", ""), TargetIDs: []string{"x"}}, false, []string{"target"}},
		{"bad id", form.Post{Person: person("a@b.org", ""), SubmissionID: "1"}, false, []string{"submission_id"}},
		{"long subject", form.Post{Person: person("a@b.org", ""), Subject: strings.Repeat("x", 201)}, false, []string{"subject"}},
		{"bidi override", form.Post{Person: person("a@b.org", ""), Subject: "a\u202eb"}, false, []string{"subject"}},
		{"NUL", form.Post{Person: osdi.Person{GivenName: "a\x00", EmailAddresses: person("a@b.org", "").EmailAddresses}}, false, []string{"given_name"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := park().Check(tt.post, tt.complete, stamp())
			invalid := new(form.Invalid)
			if !errors.As(err, &invalid) {
				t.Fatalf("error %v, want *Invalid", err)
			}
			if diff := cmp.Diff(tt.want, slices.Sorted(maps.Keys(invalid.Fields))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCheckEmail(t *testing.T) {
	tests := map[string]bool{
		"jsmith@mail.com": true, "a+b@x.museum": true, "o'brien@x-y.org": true,
		strings.Repeat("a", 64) + "@x.org": true, strings.Repeat("a", 65) + "@x.org": false,
		"a@b": false, "a@localhost": false, "a@[127.0.0.1]": false, `"a b"@x.org`: false, "a@x..org": false,
		"a@b.org\nBcc: c@d.org": false, "a@b.org,c@d.org": false, "Name <a@b.org>": false, "ü@x.org": false,
		".a@x.org": false, "a@-x.org": false, "a@x.org.": true, "@x.org": false, "a@": false,
		"a@" + strings.Repeat("b", 64) + ".org": false,
	}
	for address, want := range tests {
		_, err := park().Check(form.Post{Person: person(address, "")}, false, stamp())
		if got := err == nil; got != want {
			t.Errorf("%q: accepted %v, want %v", address, got, want)
		}
	}
}

func TestStrangersTarget(t *testing.T) {
	joe := &osdi.Target{GivenName: "Joe", FamilyName: "Schmoe"}
	f := park()
	if _, err := f.Check(form.Post{Person: person("a@b.org", ""), Target: joe}, false, stamp()); err != nil {
		t.Errorf("open form refused a target: %v", err)
	}
	f.OpenTargets = false
	if _, err := f.Check(form.Post{Person: person("a@b.org", ""), Target: joe}, false, stamp()); err == nil {
		t.Error("closed form took an undeclared target")
	}
	ana := &osdi.Target{GivenName: "Ana", FamilyName: "Rivera"}
	sub, err := f.Check(form.Post{Person: person("a@b.org", ""), Target: ana}, false, stamp())
	if err != nil || sub.Outreaches[0].Targets[0].Title != "Councillor" {
		t.Errorf("declared target: %v, %v", sub.Outreaches, err)
	}
}

func TestStatusOnlyWhereTrustedOrTicked(t *testing.T) {
	status := func(f *form.Form, ticked bool) string {
		sub, err := f.Check(form.Post{Person: person("a@b.org", ""), ConsentEmail: ticked}, false, stamp())
		if err != nil {
			t.Fatal(err)
		}
		return sub.Outreaches[0].Person.EmailAddresses[0].Status
	}
	trusting := park()
	trusting.TrustStatus = true
	got := []string{status(park(), false), status(park(), true), status(trusting, false)}
	if diff := cmp.Diff([]string{"", "subscribed", "subscribed"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestDigestTellsContentFromTries(t *testing.T) {
	digest := func(subject string, now time.Time) string {
		sub, err := park().Check(form.Post{Person: person("a@b.org", ""), Subject: subject, SubmissionID: id1}, false,
			form.Stamp{Now: now, ID: id1})
		if err != nil {
			t.Fatal(err)
		}
		return sub.Digest
	}
	now := stamp().Now
	if digest("a", now) != digest("a", now.Add(time.Minute)) {
		t.Error("a second try has another digest")
	}
	if digest("a", now) == digest("b", now) {
		t.Error("other content has the same digest")
	}
}

func TestReferrerFrom(t *testing.T) {
	tests := []struct {
		query string
		want  osdi.ReferrerData
	}{
		{"", osdi.ReferrerData{}},
		{"source=&referrer=", osdi.ReferrerData{}},
		{
			"source=s&referrer=group-x&email_referrer=email_1&mobile_message_referrer=mm_2&website=w.org&can_id=secret",
			osdi.ReferrerData{Source: "s", Referrer: "group-x", EmailReferrer: "email_1", MobileMessageReferrer: "mm_2", Website: "w.org"},
		},
		{"utm_source=fb&utm_campaign=may", osdi.ReferrerData{Source: "fb-may"}},
		{"source=s&utm_source=fb", osdi.ReferrerData{Source: "s"}},
		{"source=" + strings.Repeat("x", 256), osdi.ReferrerData{}},
		{"source=a%0ab", osdi.ReferrerData{}},
	}
	for _, tt := range tests {
		q, err := url.ParseQuery(tt.query)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tt.want, form.ReferrerFrom(q)); diff != "" {
			t.Errorf("%q: %s", tt.query, diff)
		}
	}
}

func TestParseSaysWhere(t *testing.T) {
	_, err := form.Parse([]byte("id: x\ntype: email\ntitel: typo\n"))
	if err == nil || !strings.Contains(err.Error(), "[3:1]") {
		t.Errorf("error %v, want line and column", err)
	}
}
