package outbox

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"postern/internal/form"
	"postern/internal/osdi"
)

// Store is what the outbox needs of the database.
type Store interface {
	Accept(ctx context.Context, subs []form.Submission) ([]error, error)
	Claim(ctx context.Context, now time.Time, lease time.Duration) (form.Delivery, bool, error)
	NextDue(ctx context.Context) (time.Time, error)
	Settle(ctx context.Context, now time.Time, s form.Settlement) (bool, error)
}

// Upstream is what the outbox needs of the OSDI client.
type Upstream interface {
	Send(ctx context.Context, campaign string, o osdi.Outreach) form.Outcome
	Find(ctx context.Context, campaign, identifier string) (bool, form.Outcome)
}

// Config names everything that the outbox needs. All fields are required.
type Config struct {
	Store    Store
	Upstream Upstream
	Rate     float64       // calls per second, look-ups included
	Settle   time.Duration // how long a lost call may take to land
	Now      func() time.Time
	Rand     func() float64 // in [0, 1), for jitter
	Logger   *slog.Logger
}

// Outbox accepts and delivers.
type Outbox struct {
	Config
	requests chan request
	wake     chan struct{}
	stopped  chan struct{}
}

// New returns an outbox; Run makes it work.
func New(c Config) *Outbox {
	return &Outbox{
		Config: c, requests: make(chan request), wake: make(chan struct{}, 1), stopped: make(chan struct{}),
	}
}

// Run commits and delivers until ctx is done; the call and the commit under way are finished first.
func (o *Outbox) Run(ctx context.Context) error {
	defer close(o.stopped)
	var wg sync.WaitGroup
	wg.Go(func() { o.commit(ctx) })
	wg.Go(func() { o.deliver(ctx) })
	wg.Wait()
	return nil
}
