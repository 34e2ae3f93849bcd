package helper

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"postern/internal/osdi"
)

const (
	personColumns   = `id, email, email_status, coalesce(phone, ''), phone_status, data, created, modified`
	outreachColumns = `id, campaign, person, data, created, modified`
)

// row is what both one row and a list of rows can do.
type row interface{ Scan(dest ...any) error }

func (h *Helper) personFrom(r row) (any, error) {
	var id, email, emailStatus, phone, phoneStatus, data, created, modified string
	if err := r.Scan(&id, &email, &emailStatus, &phone, &phoneStatus, &data, &created, &modified); err != nil {
		return nil, err
	}
	var p osdi.Person
	if err := json.Unmarshal([]byte(data), &p); err != nil {
		return nil, fmt.Errorf("decode person: %w", err)
	}
	primary := true
	p.Identifiers = []string{osdi.NativeSystem + ":" + id}
	p.CreatedDate, p.ModifiedDate = instant(created), instant(modified)
	if email != "" {
		p.EmailAddresses = []osdi.EmailAddress{{Primary: &primary, Address: email, Status: emailStatus}}
	}
	if phone != "" { // the upstream writes numbers without the plus
		p.PhoneNumbers = []osdi.PhoneNumber{{Primary: &primary, Number: phone[1:], NumberType: "Mobile", Status: phoneStatus}}
	}
	return struct {
		osdi.Person
		Links map[string]any `json:"_links"`
	}{p, map[string]any{
		"self": h.href("people", id), "osdi:outreaches": h.href("people", id, "outreaches"),
		"osdi:taggings": h.href("people", id, "taggings"), "curies": osdi.Curies(),
	}}, nil
}

func (h *Helper) outreachFrom(r row) (any, error) {
	var id, campaign, person, data, created, modified string
	if err := r.Scan(&id, &campaign, &person, &data, &created, &modified); err != nil {
		return nil, err
	}
	var o osdi.Outreach
	if err := json.Unmarshal([]byte(data), &o); err != nil {
		return nil, fmt.Errorf("decode outreach: %w", err)
	}
	o.CreatedDate, o.ModifiedDate = instant(created), instant(modified)
	o.PersonID, o.AdvocacyCampaignID = person, campaign
	o.Links = map[string]any{
		"self":                   h.href("advocacy_campaigns", campaign, "outreaches", id),
		"osdi:advocacy_campaign": h.href("advocacy_campaigns", campaign),
		"osdi:person":            h.href("people", person), "curies": osdi.Curies(),
	}
	return o, nil
}

func (h *Helper) campaignFrom(r row) (any, error) {
	var c osdi.AdvocacyCampaign
	var id, created string
	if err := r.Scan(&id, &c.Title, &c.Type, &created, &c.TotalOutreaches); err != nil {
		return nil, err
	}
	c.Identifiers = []string{osdi.NativeSystem + ":" + id}
	c.CreatedDate = instant(created)
	helper := h.href("advocacy_campaigns", id, "outreaches")
	c.Links = map[string]any{
		"self": h.href("advocacy_campaigns", id), "osdi:outreaches": helper,
		"osdi:record_outreach_helper": helper, "curies": osdi.Curies(),
	}
	return c, nil
}

func (h *Helper) tagFrom(r row) (any, error) {
	var id, name, created string
	if err := r.Scan(&id, &name, &created); err != nil {
		return nil, err
	}
	return map[string]any{
		"identifiers": []string{osdi.NativeSystem + ":" + id}, "name": name, "created_date": instant(created),
		"_links": map[string]any{"self": h.href("tags", id), "curies": osdi.Curies()},
	}, nil
}

// taggingFrom is a tag on a person, in the fields that clients read.
func (h *Helper) taggingFrom(r row) (any, error) {
	var tag, person string
	if err := r.Scan(&tag, &person); err != nil {
		return nil, err
	}
	return map[string]any{
		"item_type": "osdi:person",
		"_links":    map[string]any{"osdi:tag": h.href("tags", tag), "osdi:person": h.href("people", person)},
	}, nil
}

const campaignQuery = `SELECT id, title, type, created,
	(SELECT count(*) FROM outreaches WHERE campaign = campaigns.id) FROM campaigns`

func (h *Helper) outreach(ctx context.Context, campaign, id string) (any, error) {
	return h.outreachFrom(h.db.QueryRowContext(ctx,
		`SELECT `+outreachColumns+` FROM outreaches WHERE campaign = $1 AND id = $2`, campaign, id))
}

func (h *Helper) getPerson(c echo.Context) error {
	return one(c, "person")(h.personFrom(h.db.QueryRowContext(c.Request().Context(),
		`SELECT `+personColumns+` FROM people WHERE id = $1`, c.Param("id"))))
}

func (h *Helper) getOutreach(c echo.Context) error {
	return one(c, "outreach")(h.outreach(c.Request().Context(), c.Param("id"), c.Param("oid")))
}

func (h *Helper) getCampaign(c echo.Context) error {
	return one(c, "advocacy campaign")(h.campaignFrom(h.db.QueryRowContext(c.Request().Context(),
		campaignQuery+` WHERE id = $1`, c.Param("id"))))
}

func (h *Helper) getTag(c echo.Context) error {
	return one(c, "tag")(h.tagFrom(h.db.QueryRowContext(c.Request().Context(),
		`SELECT id, name, created FROM tags WHERE id = $1`, c.Param("id"))))
}

// one answers with an item, or says that there is none.
func one(c echo.Context, what string) func(any, error) error {
	return func(item any, err error) error {
		if errors.Is(err, sql.ErrNoRows) {
			return &refusal{http.StatusNotFound, "Couldn't find " + what}
		}
		if err != nil {
			return fmt.Errorf("read %s: %w", what, err)
		}
		return answer(c, http.StatusOK, item)
	}
}
