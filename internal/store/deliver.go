package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"postern/internal/form"
)

// Claim takes the delivery that has been due longest and writes the intent to send it: the state is sending, the
// fence is new and the lease ends at now+lease. A delivery whose lease ran out may have landed, so its next claim
// looks first. It returns form.Delivery and true, or false when nothing is due.
func (s *Store) Claim(ctx context.Context, now time.Time, lease time.Duration) (form.Delivery, bool, error) {
	var d form.Delivery
	var body string
	var accepted int64
	err := s.write.QueryRowContext(ctx, `UPDATE deliveries
		SET look_first = (look_first OR state <> 'pending'), state = 'sending', fence = fence + 1, next_at = $2
		WHERE seq = (SELECT seq FROM deliveries WHERE state IN ('pending', 'sending', 'doubtful') AND next_at <= $1
			ORDER BY next_at, seq LIMIT 1)
		RETURNING id, campaign, outreach, attempts, lookups, fence, look_first, accepted_at`,
		now.UnixMilli(), now.Add(lease).UnixMilli(),
	).Scan(&d.ID, &d.Campaign, &body, &d.Attempts, &d.Lookups, &d.Fence, &d.LookFirst, &accepted)
	if errors.Is(err, sql.ErrNoRows) {
		return form.Delivery{}, false, nil
	}
	if err != nil {
		return form.Delivery{}, false, fmt.Errorf("claim delivery: %w", err)
	}
	d.AcceptedAt = time.UnixMilli(accepted)
	if err := json.Unmarshal([]byte(body), &d.Outreach); err != nil {
		return form.Delivery{}, false, fmt.Errorf("decode delivery: %w", err)
	}
	return d, true, nil
}

// Recover makes every delivery doubtful that was being sent when the process before this one ended, so that nobody
// waits for its lease. Call it once at the start: one process writes to an SQLite store.
func (s *Store) Recover(ctx context.Context, now time.Time) error {
	_, err := s.write.ExecContext(ctx,
		`UPDATE deliveries SET state = 'doubtful', look_first = 1, next_at = $1 WHERE state = 'sending'`, now.UnixMilli())
	if err != nil {
		return fmt.Errorf("recover deliveries: %w", err)
	}
	return nil
}

// NextDue is when the next delivery is due; the zero time when none waits.
func (s *Store) NextDue(ctx context.Context) (time.Time, error) {
	var at sql.NullInt64
	err := s.read.QueryRowContext(ctx,
		`SELECT min(next_at) FROM deliveries WHERE state IN ('pending', 'sending', 'doubtful')`).Scan(&at)
	if err != nil {
		return time.Time{}, fmt.Errorf("read next delivery: %w", err)
	}
	if !at.Valid {
		return time.Time{}, nil
	}
	return time.UnixMilli(at.Int64), nil
}

// Settle ends a claim. It returns false, and changes nothing, when somebody else has claimed the delivery since.
func (s *Store) Settle(ctx context.Context, now time.Time, e form.Settlement) (bool, error) {
	var settled bool
	err := s.inTx(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE deliveries SET state = $3, next_at = $4, lookups = $5, upstream_id = $6,
			reason = $7, look_first = ($3 = 'doubtful'), attempts = attempts + 1
			WHERE id = $1 AND fence = $2 AND state = 'sending'`,
			e.ID, e.Fence, e.State, e.NextAt.UnixMilli(), e.Lookups, e.UpstreamID, e.Reason)
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		if err != nil || n == 0 {
			return err
		}
		settled = true
		_, err = tx.ExecContext(ctx, `INSERT INTO history (delivery, at, attempt, state, reason)
			SELECT id, $2, attempts, state, reason FROM deliveries WHERE id = $1`, e.ID, now.UnixMilli())
		return err
	})
	if err != nil {
		return false, fmt.Errorf("settle delivery: %w", err)
	}
	return settled, nil
}
