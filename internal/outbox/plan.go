package outbox

import (
	"math"
	"slices"
	"time"

	"postern/internal/form"
	"postern/internal/osdi"
)

const (
	maxAttempts    = 50              // calls before a delivery is parked; calls that met no server do not count
	maxBackoff     = 5 * time.Minute // longest wait between two tries
	maxUnreachable = 5 * time.Second // longest wait while the server cannot be reached at all
	lookups        = 2               // look-ups that must not find it before it is sent again
	statusAge      = 24 * time.Hour  // a later try never carries a subscription status
	paceMargin     = 1.02            // wider than 1/rate, so that clocks and scheduling cannot break the limit
)

// afterSend is the transition out of sending.
func afterSend(d form.Delivery, r form.Outcome, now time.Time, settle time.Duration, jitter float64) form.Settlement {
	s := form.Settlement{ID: d.ID, Fence: d.Fence, NextAt: now, UpstreamID: r.UpstreamID, Reason: r.Reason}
	switch r.Class {
	case form.OutcomeDone:
		s.State = form.Delivered
	case form.OutcomeRefused:
		s.State = form.Parked
	case form.OutcomeDoubtful:
		s.State, s.NextAt = form.Doubtful, now.Add(settle/10)
		if d.Attempts >= maxAttempts {
			s.State, s.Reason = form.Parked, "may have landed: "+r.Reason
		}
	case form.OutcomeUnreachable:
		s.State, s.NextAt = form.Pending, now.Add(min(backoff(d.Attempts, jitter), maxUnreachable))
	default:
		s.State, s.NextAt = form.Pending, now.Add(max(r.RetryAfter, backoff(d.Attempts, jitter)))
		if d.Attempts >= maxAttempts {
			s.State = form.Parked
		}
	}
	return s
}

// afterLook is the transition out of a look-up. A look-up that failed says nothing about the outreach.
func afterLook(d form.Delivery, found bool, r form.Outcome, now time.Time, settle time.Duration, jitter float64) form.Settlement {
	s := form.Settlement{
		ID: d.ID, Fence: d.Fence, State: form.Doubtful, Lookups: d.Lookups,
		UpstreamID: r.UpstreamID, Reason: r.Reason,
	}
	switch {
	case r.Class == form.OutcomeDone && found:
		s.State, s.NextAt = form.Delivered, now
	case r.Class == form.OutcomeDone && d.Lookups+1 >= lookups:
		s.State, s.NextAt, s.Lookups = form.Pending, now, 0
	case r.Class == form.OutcomeDone:
		s.Lookups, s.NextAt = d.Lookups+1, now.Add(settle)
	case r.Class == form.OutcomeRefused:
		s.State, s.NextAt, s.Reason = form.Parked, now, "may have landed, and cannot be looked up: "+r.Reason
	case r.Class == form.OutcomeUnreachable:
		s.NextAt = now.Add(min(backoff(d.Attempts, jitter), maxUnreachable))
	default:
		s.NextAt = now.Add(max(r.RetryAfter, backoff(d.Attempts, jitter)))
	}
	return s
}

// backoff doubles from half a second, with up to half of it again as jitter.
func backoff(attempts int, jitter float64) time.Duration {
	d := min(500*time.Millisecond*time.Duration(math.Pow(2, float64(min(attempts, 10)))), maxBackoff)
	return d + time.Duration(jitter*float64(d)/2)
}

// withoutStaleStatus is the body to send: a try later than a day after the post must not subscribe anybody who may
// have left since.
func withoutStaleStatus(d form.Delivery, now time.Time) osdi.Outreach {
	o := d.Outreach
	if o.Person == nil || now.Sub(d.AcceptedAt) <= statusAge {
		return o
	}
	p := *o.Person
	p.EmailAddresses, p.PhoneNumbers = slices.Clone(p.EmailAddresses), slices.Clone(p.PhoneNumbers)
	for i := range p.EmailAddresses {
		p.EmailAddresses[i].Status = ""
	}
	for i := range p.PhoneNumbers {
		p.PhoneNumbers[i].Status = ""
	}
	o.Person = &p
	return o
}

// pacer spaces calls: burst 1, so never more than the rate in any sliding second.
type pacer struct {
	interval time.Duration
	next     time.Time
}

func interval(rate float64) time.Duration {
	if rate <= 0 {
		return 0
	}
	return time.Duration(paceMargin * float64(time.Second) / rate)
}

func (p *pacer) wait(now time.Time) time.Duration { return p.next.Sub(now) }
func (p *pacer) called(now time.Time)             { p.next = now.Add(p.interval) }

// slow puts the next call off by at least d.
func (p *pacer) slow(now time.Time, d time.Duration) {
	if at := now.Add(d); at.After(p.next) {
		p.next = at
	}
}
