package outbox

import (
	"context"
	"log/slog"
	"time"

	"postern/internal/form"
)

// lease outlives the client's longest call (30 s) threefold.
const lease = 90 * time.Second

// idle is the longest sleep: what another process wrote is seen at the latest then.
const idle = 5 * time.Second

// deliver is the courier: one call at a time, at the set pace.
func (o *Outbox) deliver(ctx context.Context) {
	pace := pacer{interval: interval(o.Rate)}
	for ctx.Err() == nil {
		if !o.sleep(ctx, pace.wait(o.Now())) {
			return
		}
		d, ok, err := o.Store.Claim(ctx, o.Now(), lease)
		if err != nil {
			if ctx.Err() == nil {
				o.Logger.Error("no delivery claimed", slog.Any("error", err))
			}
			o.sleep(ctx, time.Second)
			continue
		}
		if !ok {
			o.rest(ctx)
			continue
		}
		pace.called(o.Now())
		// A stop does not cut a call: its answer is worth waiting for.
		outcome := o.attempt(context.WithoutCancel(ctx), d)
		pace.slow(o.Now(), outcome.RetryAfter)
		if outcome.Class == form.OutcomeUnreachable {
			pace.slow(o.Now(), min(backoff(d.Attempts, o.Rand()), maxUnreachable))
		}
	}
}

// attempt looks or sends, and settles what came of it.
func (o *Outbox) attempt(ctx context.Context, d form.Delivery) form.Outcome {
	var outcome form.Outcome
	var next form.Settlement
	if d.LookFirst {
		var found bool
		found, outcome = o.Upstream.Find(ctx, d.Campaign, d.ID)
		next = afterLook(d, found, outcome, o.Now(), o.Settle, o.Rand())
	} else {
		outcome = o.Upstream.Send(ctx, d.Campaign, withoutStaleStatus(d, o.Now()))
		next = afterSend(d, outcome, o.Now(), o.Settle, o.Rand())
	}
	settled, err := o.Store.Settle(ctx, o.Now(), next)
	switch {
	case err != nil:
		// The lease runs out and the next claim looks before it sends.
		o.Logger.Error("delivery not settled", slog.String("delivery", d.ID), slog.Any("error", err))
	case !settled:
		o.Logger.Warn("delivery was taken over", slog.String("delivery", d.ID))
	case next.State == form.Parked:
		o.Logger.Warn("delivery parked", slog.String("delivery", d.ID), slog.String("reason", next.Reason))
	}
	return outcome
}

// rest waits until something may be due: an accepted post, the next retry, or the idle time.
func (o *Outbox) rest(ctx context.Context) {
	wait := idle
	if due, err := o.Store.NextDue(ctx); err == nil && !due.IsZero() {
		wait = min(idle, max(due.Sub(o.Now()), 10*time.Millisecond))
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
	case <-o.wake:
	case <-ctx.Done():
	}
}

func (o *Outbox) sleep(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return ctx.Err() == nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
