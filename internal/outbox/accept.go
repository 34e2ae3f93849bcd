package outbox

import (
	"context"
	"fmt"
	"log/slog"

	"postern/internal/form"
)

// maxBatch is how many submissions share one commit at most.
const maxBatch = 256

// request is one submission that waits for its commit.
type request struct {
	sub  form.Submission
	done chan error
}

// Accept returns nil once the submission is on disk. Errors: form.ErrConflict for an id that is taken by other
// content, form.ErrUnavailable when nothing could be kept. A caller that gives up may still have been heard: the
// same submission can be sent again under its id.
func (o *Outbox) Accept(ctx context.Context, sub form.Submission) error {
	r := request{sub: sub, done: make(chan error, 1)}
	select {
	case o.requests <- r:
	case <-o.stopped:
		return fmt.Errorf("accept: stopped: %w", form.ErrUnavailable)
	case <-ctx.Done():
		return fmt.Errorf("accept: %w", ctx.Err())
	}
	select {
	case err := <-r.done:
		return err
	case <-o.stopped:
		return fmt.Errorf("accept: stopped: %w", form.ErrUnavailable)
	}
}

// commit is the one committer: it takes whatever has queued up since the last commit and keeps it in one
// transaction, so nobody waits longer than one commit.
func (o *Outbox) commit(ctx context.Context) {
	for {
		var batch []request
		select {
		case r := <-o.requests:
			batch = append(batch, r)
		case <-ctx.Done():
			return
		}
		for more := true; more && len(batch) < maxBatch; {
			select {
			case r := <-o.requests:
				batch = append(batch, r)
			default:
				more = false
			}
		}
		o.keep(context.WithoutCancel(ctx), batch)
	}
}

func (o *Outbox) keep(ctx context.Context, batch []request) {
	subs := make([]form.Submission, len(batch))
	for i, r := range batch {
		subs[i] = r.sub
	}
	results, err := o.Store.Accept(ctx, subs)
	if err != nil {
		o.Logger.Error("submissions not kept", slog.Int("count", len(batch)), slog.Any("error", err))
	}
	for i, r := range batch {
		if err != nil {
			r.done <- fmt.Errorf("%w: %w", form.ErrUnavailable, err)
			continue
		}
		r.done <- results[i]
	}
	select {
	case o.wake <- struct{}{}:
	default: // the courier is already told
	}
}
