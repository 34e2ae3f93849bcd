package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"postern/internal/form"
)

// Accept keeps a batch of submissions in one transaction: each with its deliveries and its form's counter. The
// list has one entry for each: nil when it is kept (now, or before with the same content), form.ErrConflict
// otherwise. An error means that nothing of the batch is kept.
func (s *Store) Accept(ctx context.Context, subs []form.Submission) ([]error, error) {
	results := make([]error, len(subs))
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		for i, sub := range subs {
			err := accept(ctx, tx, sub)
			if err != nil && !errors.Is(err, form.ErrConflict) {
				return err
			}
			results[i] = err
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("accept: %w", err)
	}
	return results, nil
}

func accept(ctx context.Context, tx *sql.Tx, sub form.Submission) error {
	at := sub.AcceptedAt.UnixMilli()
	res, err := tx.ExecContext(ctx, `INSERT INTO submissions (id, form, form_version, digest, accepted_at)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`, sub.ID, sub.Form, sub.FormVersion, sub.Digest, at)
	if err != nil {
		return fmt.Errorf("insert submission: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil {
		return fmt.Errorf("insert submission: %w", err)
	} else if n == 0 {
		return sameContent(ctx, tx, sub)
	}
	state := form.Pending
	if sub.Hold != "" {
		state = form.Held
	}
	for _, o := range sub.Outreaches {
		body, err := json.Marshal(o)
		if err != nil {
			return fmt.Errorf("encode outreach: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO deliveries
			(id, submission, form, source, campaign, outreach, state, next_at, accepted_at, reason)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)`,
			o.Identifiers[0], sub.ID, sub.Form, sub.Source, sub.Campaign, string(body), state, at, sub.Hold); err != nil {
			return fmt.Errorf("insert delivery: %w", err)
		}
	}
	if _, err := tx.ExecContext(ctx, `INSERT INTO counters (form, accepted) VALUES ($1, 1)
		ON CONFLICT (form) DO UPDATE SET accepted = accepted + 1`, sub.Form); err != nil {
		return fmt.Errorf("count submission: %w", err)
	}
	return nil
}

func sameContent(ctx context.Context, tx *sql.Tx, sub form.Submission) error {
	var digest string
	if err := tx.QueryRowContext(ctx, `SELECT digest FROM submissions WHERE id = $1`, sub.ID).Scan(&digest); err != nil {
		return fmt.Errorf("read submission: %w", err)
	}
	if digest != sub.Digest {
		return form.ErrConflict
	}
	return nil
}

// Count is how many submissions of the form were accepted.
func (s *Store) Count(ctx context.Context, id form.ID) (int64, error) {
	var n int64
	err := s.read.QueryRowContext(ctx, `SELECT accepted FROM counters WHERE form = $1`, id).Scan(&n)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, fmt.Errorf("read counter: %w", err)
	}
	return n, nil
}

// Books is the balance of a form's deliveries.
func (s *Store) Books(ctx context.Context, id form.ID) (form.Books, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT state, count(*) FROM deliveries WHERE form = $1 GROUP BY state`, id)
	if err != nil {
		return form.Books{}, fmt.Errorf("read books: %w", err)
	}
	defer rows.Close()
	var b form.Books
	for rows.Next() {
		var state form.DeliveryState
		var n int64
		if err := rows.Scan(&state, &n); err != nil {
			return form.Books{}, fmt.Errorf("read books: %w", err)
		}
		b.Accepted += n
		switch state {
		case form.Pending, form.Sending:
			b.Pending += n
		case form.Delivered:
			b.Delivered += n
		case form.Doubtful:
			b.Doubtful += n
		case form.Held:
			b.Held += n
		case form.Parked:
			b.Parked += n
		case form.Discarded:
			b.Discarded += n
		}
	}
	if err := rows.Err(); err != nil {
		return form.Books{}, fmt.Errorf("read books: %w", err)
	}
	return b, nil
}
