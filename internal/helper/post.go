package helper

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"postern/internal/osdi"
)

const maxBody = 1 << 20

// postOutreach is the record outreach helper: person, outreach and tags in one transaction.
func (h *Helper) postOutreach(c echo.Context) error {
	ctx := c.Request().Context()
	key := strings.TrimSpace(c.Request().Header.Get(osdi.TokenHeader))
	if key != "" {
		if ok, err := h.knows(ctx, key); err != nil {
			return err
		} else if !ok {
			return &refusal{http.StatusForbidden, "API Key invalid or not present"}
		}
	}
	b, err := io.ReadAll(http.MaxBytesReader(c.Response(), c.Request().Body, maxBody))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		return &refusal{http.StatusRequestEntityTooLarge, "The request is too large"}
	}
	var o osdi.Outreach
	if err != nil || !utf8.Valid(b) || json.Unmarshal(b, &o) != nil {
		return &refusal{http.StatusBadRequest, "The request is not a valid JSON outreach"}
	}
	if o.Person == nil {
		return &refusal{http.StatusBadRequest, "You must specify a valid person id"}
	}
	if len(o.Targets) > 1 {
		return &refusal{http.StatusBadRequest, "Targets must be an array of one"}
	}
	id, err := h.record(ctx, c.Param("id"), o)
	if err != nil {
		return err
	}
	if key == "" || c.QueryParam("background_request") == "true" {
		return answer(c, http.StatusOK, struct{}{})
	}
	out, err := h.outreach(ctx, c.Param("id"), id)
	if err != nil {
		return err
	}
	return answer(c, http.StatusOK, out)
}

// record writes everything that one post means and returns the outreach's id.
func (h *Helper) record(ctx context.Context, campaign string, o osdi.Outreach) (string, error) {
	tx, err := h.db.BeginTx(ctx, nil)
	if err != nil {
		return "", fmt.Errorf("begin: %w", err)
	}
	id, err := h.recordIn(ctx, tx, campaign, o)
	if err != nil {
		return "", errors.Join(err, tx.Rollback())
	}
	return id, wrap("commit", tx.Commit())
}

func (h *Helper) recordIn(ctx context.Context, tx *sql.Tx, campaign string, o osdi.Outreach) (string, error) {
	var kind string
	var userInterface bool
	err := tx.QueryRowContext(ctx, `SELECT type, user_interface FROM campaigns WHERE id = $1`, campaign).Scan(&kind, &userInterface)
	if errors.Is(err, sql.ErrNoRows) {
		return "", &refusal{http.StatusNotFound, "Couldn't find advocacy campaign"}
	}
	if err != nil {
		return "", fmt.Errorf("read campaign: %w", err)
	}
	if userInterface {
		return "", &refusal{http.StatusForbidden, "Outreaches can only be added to campaigns made through the API"}
	}
	person, err := h.savePerson(ctx, tx, *o.Person)
	if err != nil {
		return "", err
	}
	id, now := uuid.NewString(), h.stamp()
	created := now
	if o.CreatedDate != nil && !o.CreatedDate.IsZero() {
		created = o.CreatedDate.UTC().Format("2006-01-02T15:04:05Z")
	}
	for _, foreign := range o.Identifiers {
		res, err := tx.ExecContext(ctx, `INSERT INTO identifiers (identifier, outreach) VALUES ($1, $2) ON CONFLICT DO NOTHING`, foreign, id)
		if err != nil {
			return "", fmt.Errorf("insert identifier: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return "", errors.Join(err, &refusal{http.StatusBadRequest, "An identifier is already in use"})
		}
	}
	kept := osdi.Outreach{
		Identifiers: append([]string{osdi.NativeSystem + ":" + id}, o.Identifiers...),
		Type:        kind, Targets: o.Targets, ReferrerData: referrer(o.ReferrerData),
	}
	if kind == osdi.TypePhone {
		kept.Duration = o.Duration
	} else {
		kept.Subject, kept.Message = o.Subject, o.Message
	}
	data, err := json.Marshal(kept)
	if err != nil {
		return "", fmt.Errorf("encode outreach: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO outreaches (id, campaign, person, data, created, modified)
		VALUES ($1, $2, $3, $4, $5, $6)`, id, campaign, person, string(data), created, now); err != nil {
		return "", fmt.Errorf("insert outreach: %w", err)
	}
	return id, tag(ctx, tx, person, o.AddTags, o.RemoveTags)
}

// referrer fills in what the upstream writes when a post says nothing.
func referrer(r *osdi.ReferrerData) *osdi.ReferrerData {
	out := osdi.ReferrerData{}
	if r != nil {
		out = *r
	}
	if out.Source == "" {
		out.Source = "none"
	}
	if out.Website == "" {
		out.Website = "none"
	}
	return &out
}

// tag adds before it removes; names that no tag has are ignored.
func tag(ctx context.Context, tx *sql.Tx, person string, add, remove []string) error {
	for _, name := range add {
		if _, err := tx.ExecContext(ctx, `INSERT INTO taggings (tag, person) SELECT id, $2 FROM tags WHERE name = $1
			ON CONFLICT DO NOTHING`, name, person); err != nil {
			return fmt.Errorf("add tag: %w", err)
		}
	}
	for _, name := range remove {
		if _, err := tx.ExecContext(ctx, `DELETE FROM taggings WHERE person = $2
			AND tag = (SELECT id FROM tags WHERE name = $1)`, name, person); err != nil {
			return fmt.Errorf("remove tag: %w", err)
		}
	}
	return nil
}
