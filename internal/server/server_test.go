package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"postern/internal/form"
	"postern/internal/guard"
	"postern/internal/osdi"
	"postern/internal/server"
	"postern/static"
)

const (
	publicURL = "https://gw.example"
	site      = "https://campaign.example"
	campaign  = "11111111-2222-4333-8444-campaigncanary"
	idOne     = "018f3c5a-0000-4000-8000-000000000001"
)

// box is an outbox in memory that can be told to fail.
type box struct {
	mu   sync.Mutex
	fail error
	got  []form.Submission
}

func (b *box) Accept(_ context.Context, s form.Submission) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.fail == nil {
		b.got = append(b.got, s)
	}
	return b.fail
}

func (b *box) Count(context.Context, form.ID) (int64, error) { return int64(len(b.got)), nil }
func (b *box) Ping(context.Context) error                    { return b.fail }

func newServer(t *testing.T, limit guard.Limit) (http.Handler, *box) {
	t.Helper()
	assets, err := static.New()
	if err != nil {
		t.Fatal(err)
	}
	b := &box{}
	f := func(id form.ID) *form.Form {
		return &form.Form{
			ID: id, Version: 1, Type: osdi.TypeEmail, Language: "en", Title: "Save the park", Campaign: campaign,
			Country: "US", Origins: []string{site}, AllowMissingOrigin: true, OpenTargets: true,
			PublicTags: []string{"advocate", "member", "inactive"}, Submit: "Send",
			Fields:   []form.Field{{Name: "given_name", Label: "First name"}, {Name: "family_name", Label: "Last name"}, {Name: "email", Label: "E-mail"}, {Name: "phone", Label: "Phone"}, {Name: "postal_code", Label: "ZIP"}},
			Targets:  []form.Target{{ID: "a", GivenName: "Ana", FamilyName: "Rivera"}, {ID: "b", GivenName: "Kwame", FamilyName: "Osei"}},
			Letter:   &form.Letter{Editable: true, Subject: "S", Message: "M"},
			ThankYou: form.ThankYou{Title: "Thank you", Text: "It is recorded."},
		}
	}
	strict, closed := f("strict"), f("closed")
	strict.AllowMissingOrigin = false
	closed.Closed = true
	n := 0
	return server.New(server.Config{
		PublicURL: publicURL, Forms: []*form.Form{f("park"), strict, closed}, Outbox: b, Books: b,
		Limiter: guard.NewLimiter(limit), Tokens: guard.Tokens{Key: []byte("tokenkeycanary")}, Assets: assets,
		Now:    func() time.Time { return time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC) },
		NewID:  func() string { n++; return fmt.Sprintf("018f3c5a-0000-4000-8000-%012d", n) },
		Nonce:  func() string { return "NONCE" },
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	}).Handler(), b
}

func do(h http.Handler, method, path, contentType, body string, headers ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const (
	jsonType = "application/json"
	formType = "application/x-www-form-urlencoded"
	blind    = "/api/v2/advocacy_campaigns/park/outreaches"
	// The example request of the source document.
	example = `{ "targets": [ { "given_name": "Joe", "family_name": "Schmoe" } ], "person" : { "family_name" : "Smith",
	"given_name" : "John", "postal_addresses" : [ { "postal_code" : "20009" }], "email_addresses" : [ { "address" :
	"jsmith@mail.com" }], "phone_numbers": [ {"number": "2021234444" }] }, "add_tags": [ "advocate", "member", "vip" ],
	"remove_tags": [ "inactive" ] }`
)

func TestBlindPostRecordsTheExampleWhole(t *testing.T) {
	h, b := newServer(t, guard.Limit{})
	w := do(h, "POST", blind+"?background_request=true&x=1", jsonType+"; charset=UTF-8", example, "Origin", site)
	if w.Code != 200 || w.Body.String() != "{}" || w.Header().Get("Content-Type") != osdi.MediaType {
		t.Fatalf("%d %q %q", w.Code, w.Body, w.Header().Get("Content-Type"))
	}
	if got := w.Header().Get("Access-Control-Allow-Origin"); got != site {
		t.Errorf("allowed origin %q", got)
	}
	created := osdi.NewTime(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	want := []osdi.Outreach{{
		Identifiers: []string{"postern:018f3c5a-0000-4000-8000-000000000001"}, CreatedDate: &created,
		Targets:      []osdi.Target{{GivenName: "Joe", FamilyName: "Schmoe"}},
		ReferrerData: &osdi.ReferrerData{Website: "campaign.example"},
		Person: &osdi.Person{
			GivenName: "John", FamilyName: "Smith",
			EmailAddresses:  []osdi.EmailAddress{{Address: "jsmith@mail.com"}},
			PhoneNumbers:    []osdi.PhoneNumber{{Number: "+12021234444"}},
			PostalAddresses: []osdi.PostalAddress{{PostalCode: "20009"}},
		},
		AddTags: []string{"advocate", "member"}, RemoveTags: []string{"inactive"},
	}}
	if diff := cmp.Diff(want, b.got[0].Outreaches); diff != "" {
		t.Error(diff)
	}
}

func TestStatusesAtTheDoor(t *testing.T) {
	ok := `{"person":{"email_addresses":[{"address":"a@b.org"}]}}`
	deep := strings.Repeat(`{"a":`, 9) + "1" + strings.Repeat("}", 9)
	tests := []struct {
		name, path, kind, body string
		headers                []string
		want                   int
	}{
		{"accepted", blind, jsonType, ok, nil, 200},
		{"trailing slash", blind + "/", jsonType, ok, nil, 200},
		{"empty", blind, jsonType, "", nil, 400},
		{"cut", blind, jsonType, `{"person":`, nil, 400},
		{"array", blind, jsonType, `[]`, nil, 400},
		{"trailing data", blind, jsonType, ok + "x", nil, 400},
		{"second object", blind, jsonType, ok + ok, nil, 400},
		{"duplicate key", blind, jsonType, `{"person":{},"person":{}}`, nil, 400},
		{"duplicate key in other case", blind, jsonType, `{"person":{},"PERSON":{}}`, nil, 400},
		{"deep", blind, jsonType, deep, nil, 400},
		{"broken UTF-8", blind, jsonType, "{\"subject\":\"\xff\"}", nil, 400},
		{"origin of somebody else", blind, jsonType, ok, []string{"Origin", "https://evil.example"}, 403},
		{"null origin", blind, jsonType, ok, []string{"Origin", "null"}, 403},
		{"no origin at a strict form", strings.Replace(blind, "park", "strict", 1), jsonType, ok, nil, 403},
		{"no such form", strings.Replace(blind, "park", "none", 1), jsonType, ok, nil, 404},
		{"closed", strings.Replace(blind, "park", "closed", 1), jsonType, ok, nil, 410},
		{"large", blind, jsonType, `{"subject":"` + strings.Repeat("x", 200_000) + `"}`, nil, 413},
		{"xml", blind, "application/xml", "<a/>", nil, 415},
		{"text", blind, "text/plain", ok, nil, 415},
		{"utf-16", blind, jsonType + "; charset=utf-16", ok, nil, 415},
		{"compressed", blind, jsonType, ok, []string{"Content-Encoding", "gzip"}, 415},
		{"nobody", blind, jsonType, `{"person":{}}`, nil, 422},
		{"no person", blind, jsonType, `{}`, nil, 422},
		{"wrong type", blind, jsonType, `{"person":{"given_name":1}}`, nil, 422},
		{"two targets", blind, jsonType, `{"person":{"email_addresses":[{"address":"a@b.org"}]},"targets":[{},{}]}`, nil, 422},
		{"form: accepted", "/f/park", formType, "email=a%40b.org&subject=s&message=m&target=a", []string{"Accept", jsonType}, 200},
		{"form: bad escape", "/f/park", formType, "email=%zz", nil, 400},
		{"form: name twice", "/f/park", formType, "email=a&email=b", nil, 400},
		{"form: multipart", "/f/park", "multipart/form-data; boundary=x", "", nil, 415},
		{"form: invalid", "/f/park", formType, "email=a", nil, 422},
		{"form: query is not the body", "/f/park?email=a%40b.org&target=a&subject=s&message=m", formType, "", nil, 422},
		{"method", blind, jsonType, ok, []string{":method", "PUT"}, 405},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h, b := newServer(t, guard.Limit{})
			method, headers := "POST", tt.headers
			if len(headers) > 0 && headers[0] == ":method" {
				method, headers = headers[1], nil
			}
			w := do(h, method, tt.path, tt.kind, tt.body, headers...)
			if w.Code != tt.want {
				t.Errorf("status %d, want %d: %s", w.Code, tt.want, w.Body)
			}
			if (w.Code == 200) != (len(b.got) == 1) {
				t.Errorf("status %d but %d kept", w.Code, len(b.got))
			}
			if w.Header().Get("X-Content-Type-Options") != "nosniff" || w.Header().Get("Content-Security-Policy") == "" {
				t.Error("security headers are missing")
			}
		})
	}
}

func TestInvalidNamesFieldsAsSent(t *testing.T) {
	h, _ := newServer(t, guard.Limit{})
	var body struct {
		Error  string
		Fields map[string]string
	}
	w := do(h, "POST", blind, jsonType, `{"person":{"email_addresses":[{"address":"nonsense"}]}}`)
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	if body.Error == "" || body.Fields["person.email_addresses.0.address"] == "" {
		t.Errorf("JSON: %+v", body)
	}
	w = do(h, "POST", "/f/park", formType, "email=nonsense&target=a&subject=s&message=m", "Accept", jsonType)
	if err := json.Unmarshal(w.Body.Bytes(), &body); err != nil {
		t.Fatal(err)
	}
	if body.Fields["email"] == "" {
		t.Errorf("form: %+v", body)
	}
	if strings.Contains(w.Body.String(), "nonsense") {
		t.Error("the answer repeats what was typed")
	}
}

func TestTooFast(t *testing.T) {
	h, _ := newServer(t, guard.Limit{PerSecond: 0.5, Burst: 1})
	do(h, "POST", blind, jsonType, example)
	w := do(h, "POST", blind, jsonType, example, "Origin", site)
	if w.Code != 429 || w.Header().Get("Retry-After") != "2" || w.Header().Get("Access-Control-Expose-Headers") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

func TestStoreTroubleIsNeverThanked(t *testing.T) {
	for err, want := range map[error]int{
		form.ErrConflict: 409, fmt.Errorf("disk: %w", form.ErrUnavailable): 503, io.ErrUnexpectedEOF: 500,
	} {
		h, b := newServer(t, guard.Limit{})
		b.fail = err
		w := do(h, "POST", blind, jsonType, example)
		if w.Code != want || strings.Contains(w.Body.String(), "disk") {
			t.Errorf("%v: %d %s", err, w.Code, w.Body)
		}
		if want == 503 && w.Header().Get("Retry-After") == "" {
			t.Error("503 without Retry-After")
		}
	}
}

func TestPreflight(t *testing.T) {
	h, _ := newServer(t, guard.Limit{})
	ask := []string{"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", "content-type,x-evil"}
	w := do(h, "OPTIONS", blind, "", "", append(ask, "Origin", site)...)
	if w.Code != 204 || w.Header().Get("Access-Control-Allow-Origin") != site ||
		strings.Contains(w.Header().Get("Access-Control-Allow-Headers"), "evil") {
		t.Errorf("own: %d %v", w.Code, w.Header())
	}
	w = do(h, "OPTIONS", blind, "", "", append(ask, "Origin", "https://evil.example")...)
	if w.Header().Get("Access-Control-Allow-Origin") != "" {
		t.Error("a stranger's preflight was answered")
	}
}

func TestHostedPageWithoutScript(t *testing.T) {
	h, b := newServer(t, guard.Limit{})
	w := do(h, "GET", "/f/park?source=mail-1&email_referrer=email_9&mobile_message_referrer=mm_1&referrer=group-x&can_id=person", "", "",
		"Referer", "https://news.example/")
	page := w.Body.String()
	for _, want := range []string{"mail-1", "email_9", "mm_1", "group-x", "news.example", `name="submission_id"`, `name="token"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if strings.Contains(page, "can_id") || strings.Contains(page, campaign) {
		t.Error("the page shows what it must not")
	}
	v := url.Values{
		"given_name": {`Zoë <b>`}, "email": {"nonsense"}, "target": {"a", "b"}, "subject": {"S"}, "message": {"M"},
		"submission_id": {idOne}, "source": {"mail-1"}, "website": {"news.example"},
	}
	w = do(h, "POST", "/f/park", formType, v.Encode(), "Origin", publicURL)
	if w.Code != 422 || !strings.Contains(w.Body.String(), "Zoë &lt;b&gt;") || !strings.Contains(w.Body.String(), idOne) ||
		!strings.Contains(w.Body.String(), `role="alert"`) {
		t.Errorf("%d: what was typed is not kept, or there is no error summary", w.Code)
	}
	v.Set("email", "zoe@example.org")
	w = do(h, "POST", "/f/park", formType, v.Encode(), "Origin", publicURL)
	if w.Code != 303 || w.Header().Get("Location") != "/f/park/thanks" {
		t.Fatalf("%d %s", w.Code, w.Header().Get("Location"))
	}
	if len(b.got) != 1 || len(b.got[0].Outreaches) != 2 || b.got[0].ID != idOne || b.got[0].Source != "mail-1" {
		t.Errorf("kept %+v", b.got)
	}
	if w = do(h, "GET", "/f/park/thanks", "", ""); w.Code != 200 || !strings.Contains(w.Body.String(), "Thank you") {
		t.Errorf("thanks: %d", w.Code)
	}
}

func TestHoneypotHolds(t *testing.T) {
	h, b := newServer(t, guard.Limit{})
	w := do(h, "POST", "/f/park", formType, "email=a%40b.org&target=a&subject=s&message=m&postern_trap=x", "Accept", jsonType)
	if w.Code != 200 || len(b.got) != 1 || b.got[0].Hold == "" {
		t.Errorf("%d %+v", w.Code, b.got)
	}
}

func TestSealedFormNeedsNoOrigin(t *testing.T) {
	h, _ := newServer(t, guard.Limit{})
	post := "email=a%40b.org&target=a&subject=s&message=m&token="
	if w := do(h, "POST", "/f/strict", formType, post, "Accept", jsonType); w.Code != 403 {
		t.Errorf("without a token: %d", w.Code)
	}
	var e struct{ Token string }
	if err := json.Unmarshal(do(h, "GET", "/embed/strict", "", "").Body.Bytes(), &e); err != nil {
		t.Fatal(err)
	}
	if w := do(h, "POST", "/f/strict", formType, post+url.QueryEscape(e.Token), "Accept", jsonType); w.Code != 200 {
		t.Errorf("with a token: %d", w.Code)
	}
}

func TestNothingPublicNamesTheCampaignOrKey(t *testing.T) {
	h, _ := newServer(t, guard.Limit{})
	for _, path := range []string{"/f/park", "/f/park/thanks", "/f/park/count", "/embed/park", "/widget.js", "/widget.js?form=park", "/healthz", "/readyz", "/f/none", "/nowhere"} {
		w := do(h, "GET", path, "", "")
		for _, canary := range []string{campaign, "tokenkeycanary"} {
			if strings.Contains(w.Body.String()+fmt.Sprint(w.Header()), canary) {
				t.Errorf("%s shows %s", path, canary)
			}
		}
	}
}

func FuzzBlindPost(f *testing.F) {
	f.Add(example)
	f.Add(`{"person":{"email_addresses":[{"address":"a@b.org"}],"custom_fields":{"a":1}},"identifiers":["postern:x"]}`)
	f.Fuzz(func(t *testing.T, body string) {
		h, _ := newServer(t, guard.Limit{})
		if w := do(h, "POST", blind, jsonType, body); w.Code >= 500 {
			t.Errorf("status %d", w.Code)
		}
	})
}
