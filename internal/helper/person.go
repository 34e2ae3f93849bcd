package helper

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/google/uuid"
	"github.com/nyaruka/phonenumbers"

	"postern/internal/osdi"
)

// savePerson finds the person by e-mail address, then by phone number, and layers the posted data on the record;
// or makes a new one. It returns the person's id.
func (h *Helper) savePerson(ctx context.Context, tx *sql.Tx, in osdi.Person) (string, error) {
	var email osdi.EmailAddress
	var phone osdi.PhoneNumber
	if len(in.EmailAddresses) > 0 {
		email = in.EmailAddresses[0]
	}
	if len(in.PhoneNumbers) > 0 {
		phone = in.PhoneNumbers[0]
	}
	email.Address = strings.TrimSpace(email.Address)
	if email.Address != "" && (strings.Count(email.Address, "@") != 1 || strings.ContainsAny(email.Address, " \r\n,;<>") ||
		strings.HasPrefix(email.Address, "@") || strings.HasSuffix(email.Address, "@")) {
		return "", &refusal{http.StatusBadRequest, "The email address is invalid"}
	}
	number, err := h.e164(phone.Number)
	if err != nil {
		return "", err
	}
	if email.Address == "" && number == "" {
		return "", &refusal{http.StatusBadRequest, "An email address or phone number is required"}
	}
	old, err := match(ctx, tx, strings.ToLower(email.Address), number)
	if err != nil {
		return "", err
	}
	p := old
	if p.id == "" {
		p.id, p.phoneStatus = uuid.NewString(), osdi.StatusUnsubscribed
	}
	// Who is new to the list is subscribed; who is on it stays as they are unless "subscribed" is passed.
	if email.Address != "" {
		if p.email == "" || email.Status == osdi.StatusSubscribed {
			p.emailStatus = osdi.StatusSubscribed
		}
		p.email = email.Address
	}
	if number != "" {
		p.phone = number
		if phone.Status == osdi.StatusSubscribed {
			p.phoneStatus = osdi.StatusSubscribed
		}
	}
	layer(&p.data, in)
	return p.id, h.writePerson(ctx, tx, p, old.id == "")
}

// record is a person's row.
type record struct {
	id, email, emailStatus, phone, phoneStatus string
	data                                       osdi.Person
}

func match(ctx context.Context, tx *sql.Tx, emailKey, phone string) (record, error) {
	var p record
	var number sql.NullString
	var data string
	err := tx.QueryRowContext(ctx, `SELECT id, email, email_status, phone, phone_status, data FROM people
		WHERE (email_key = $1 AND $1 <> '') OR (phone = $2 AND $2 <> '')
		ORDER BY (email_key = $1 AND $1 <> '') DESC LIMIT 1`, emailKey, phone).
		Scan(&p.id, &p.email, &p.emailStatus, &number, &p.phoneStatus, &data)
	if errors.Is(err, sql.ErrNoRows) {
		return record{}, nil
	}
	if err != nil {
		return record{}, fmt.Errorf("find person: %w", err)
	}
	if emailKey != "" && p.email != "" && strings.ToLower(p.email) != emailKey {
		return record{}, nil // the number is somebody else's: it moves, the record stays
	}
	p.phone = number.String
	return p, wrap("decode person", json.Unmarshal([]byte(data), &p.data))
}

func (h *Helper) writePerson(ctx context.Context, tx *sql.Tx, p record, fresh bool) error {
	data, err := json.Marshal(p.data)
	if err != nil {
		return fmt.Errorf("encode person: %w", err)
	}
	if p.phone != "" {
		if _, err := tx.ExecContext(ctx, `UPDATE people SET phone = NULL WHERE phone = $1 AND id <> $2`, p.phone, p.id); err != nil {
			return fmt.Errorf("move phone number: %w", err)
		}
	}
	now := h.stamp()
	query := `UPDATE people SET email = $2, email_key = nullif($3, ''), email_status = $4, phone = nullif($5, ''),
		phone_status = $6, data = $7, modified = $8 WHERE id = $1`
	if fresh {
		query = `INSERT INTO people (id, email, email_key, email_status, phone, phone_status, data, created, modified)
			VALUES ($1, $2, nullif($3, ''), $4, nullif($5, ''), $6, $7, $8, $8)`
	}
	_, err = tx.ExecContext(ctx, query, p.id, p.email, strings.ToLower(p.email), p.emailStatus, p.phone, p.phoneStatus, string(data), now)
	return wrap("write person", err)
}

// layer puts what was posted over what is known; what was not posted stays.
func layer(p *osdi.Person, in osdi.Person) {
	if in.GivenName != "" {
		p.GivenName = in.GivenName
	}
	if in.FamilyName != "" {
		p.FamilyName = in.FamilyName
	}
	if len(in.PostalAddresses) > 0 {
		p.PostalAddresses = in.PostalAddresses[:1]
	}
	if len(in.LanguagesSpoken) > 0 {
		p.LanguagesSpoken = in.LanguagesSpoken[:1]
	}
	for name, v := range in.CustomFields {
		if p.CustomFields == nil {
			p.CustomFields = map[string]any{}
		}
		p.CustomFields[name] = v
	}
}

func (h *Helper) e164(s string) (string, error) {
	if s = strings.TrimSpace(s); s == "" {
		return "", nil
	}
	n, err := phonenumbers.Parse(s, h.Country)
	if err != nil || !phonenumbers.IsPossibleNumber(n) {
		return "", &refusal{http.StatusBadRequest, "The phone number is invalid"}
	}
	return phonenumbers.Format(n, phonenumbers.E164), nil
}
