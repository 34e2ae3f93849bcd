package guard

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"postern/internal/form"
)

// Tokens seals and opens the token that a form carries from the moment it is served: which form, which version
// and when. It proves that the form came from here and holds nothing about a person.
type Tokens struct{ Key []byte }

// TokenAge is how long a token is good: long enough for a page left open overnight.
const TokenAge = 48 * time.Hour

// Seal makes a token for the form as served now.
func (t Tokens) Seal(f *form.Form, now time.Time) string {
	body := strings.Join([]string{"1", string(f.ID), strconv.Itoa(f.Version), strconv.FormatInt(now.Unix(), 36)}, ".")
	return body + "." + t.sign(body)
}

// Valid tells whether the token was sealed here for this form and is not too old. The version may be an earlier
// one: the form may have changed while the page was open.
func (t Tokens) Valid(f *form.Form, token string, now time.Time) bool {
	i := strings.LastIndexByte(token, '.')
	if i < 0 || len(token) > 200 || !hmac.Equal([]byte(t.sign(token[:i])), []byte(token[i+1:])) {
		return false
	}
	parts := strings.Split(token[:i], ".")
	if len(parts) != 4 || parts[1] != string(f.ID) {
		return false
	}
	at, err := strconv.ParseInt(parts[3], 36, 64)
	age := now.Sub(time.Unix(at, 0))
	return err == nil && age >= -time.Minute && age <= TokenAge
}

func (t Tokens) sign(body string) string {
	mac := hmac.New(sha256.New, t.Key)
	mac.Write([]byte(body))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}
