package guard_test

import (
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"postern/internal/form"
	"postern/internal/guard"
)

func TestAllowOrigin(t *testing.T) {
	f := &form.Form{ID: "f", Origins: []string{"https://campaign.example", "https://bücher.example", "http://127.0.0.1:8081"}}
	tests := []struct {
		origin string
		want   bool
	}{
		{"https://campaign.example", true}, {"HTTPS://Campaign.Example", true}, {"https://campaign.example:443", true},
		{"https://xn--bcher-kva.example", true}, {"http://127.0.0.1:8081", true},
		{"https://gw.example", true}, {"http://gw.internal", true},
		{"http://campaign.example", false}, {"https://campaign.example:8443", false},
		{"https://campaign.example.evil.org", false}, {"https://evilcampaign.example", false},
		{"https://a.campaign.example", false}, {"https://evil.org/.campaign.example", false},
		{"https://evil.org?.campaign.example", false}, {"https://user@campaign.example", false},
		{"https://campaign.example.", false}, {"null", false}, {"", false},
		{"https://" + strings.Repeat("a", 10_000), false}, {"javascript://campaign.example", false},
	}
	for _, tt := range tests {
		got := guard.AllowOrigin(f, guard.Origin{Header: tt.origin, Host: "gw.internal", PublicURL: "https://gw.example"})
		if got != tt.want {
			t.Errorf("%.60q: %v, want %v", tt.origin, got, tt.want)
		}
	}
	if !guard.AllowOrigin(f, guard.Origin{Sealed: true}) {
		t.Error("a sealed form without an Origin was refused")
	}
}

func TestLimiter(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	l := guard.NewLimiter(guard.Limit{PerSecond: 1, Burst: 2})
	one, neighbour := netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("2001:db8::2")
	other := netip.MustParseAddr("192.0.2.1")
	for i := range 2 {
		if d := l.Wait(one, now); d != 0 {
			t.Fatalf("post %d waits %v", i, d)
		}
	}
	for range 5 { // refused posts do not push the client further away
		if d := l.Wait(neighbour, now); d != time.Second {
			t.Fatalf("third post of the /64 waits %v, want 1s", d)
		}
	}
	if d := l.Wait(other, now); d != 0 {
		t.Errorf("another client waits %v", d)
	}
	if d := l.Wait(one, now.Add(time.Second)); d != 0 {
		t.Errorf("after a second it still waits %v", d)
	}
}

func TestClient(t *testing.T) {
	trusted := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	tests := []struct {
		peer, forwarded, want string
	}{
		{"203.0.113.9:1", "1.2.3.4", "203.0.113.9"},
		{"10.0.0.2:1", "1.2.3.4", "1.2.3.4"},
		{"10.0.0.2:1", "6.6.6.6, 198.51.100.7:4711", "198.51.100.7"},
		{"10.0.0.2:1", "6.6.6.6, 198.51.100.7, 10.1.1.1", "198.51.100.7"},
		{"10.0.0.2:1", "10.9.9.9", "10.0.0.2"},
		{"10.0.0.2:1", "1.2.3.4, unknown", "10.0.0.2"},
		{"10.0.0.2:1", "[2001:db8::1]:99", "2001:db8::1"},
		{"10.0.0.2:1", "", "10.0.0.2"},
	}
	for _, tt := range tests {
		r := httptest.NewRequest("POST", "/", nil)
		r.RemoteAddr = tt.peer
		r.Header.Set("X-Forwarded-For", tt.forwarded)
		if got := guard.Client(r, trusted).String(); got != tt.want {
			t.Errorf("%s, %q: %s, want %s", tt.peer, tt.forwarded, got, tt.want)
		}
	}
}

func TestTokens(t *testing.T) {
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	f, g := &form.Form{ID: "f", Version: 1}, &form.Form{ID: "g", Version: 1}
	tokens := guard.Tokens{Key: []byte("k")}
	token := tokens.Seal(f, now)
	if !tokens.Valid(f, token, now.Add(time.Hour)) {
		t.Error("fresh token refused")
	}
	for name, ok := range map[string]bool{
		"another form":  tokens.Valid(g, token, now),
		"too old":       tokens.Valid(f, token, now.Add(guard.TokenAge+time.Second)),
		"from tomorrow": tokens.Valid(f, token, now.Add(-time.Hour)),
		"cut":           tokens.Valid(f, token[:len(token)-1], now),
		"empty":         tokens.Valid(f, "", now),
		"another key":   guard.Tokens{Key: []byte("x")}.Valid(f, token, now),
	} {
		if ok {
			t.Errorf("%s: token accepted", name)
		}
	}
}

func FuzzTokenAndOrigin(f *testing.F) {
	f.Add("1.f.1.abc.sig", "https://campaign.example")
	f.Fuzz(func(t *testing.T, token, origin string) {
		form := &form.Form{ID: "f", Origins: []string{"https://campaign.example"}}
		if (guard.Tokens{Key: []byte("k")}).Valid(form, token, time.Unix(0, 0)) {
			t.Error("made-up token accepted")
		}
		guard.AllowOrigin(form, guard.Origin{Header: origin, PublicURL: "https://gw.example"})
	})
}
