package guard

import (
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limit slows each client down: Burst posts at once, then PerSecond. The zero PerSecond means no limit.
type Limit struct {
	PerSecond float64
	Burst     int
}

// Limiter keeps one bucket for each client prefix: a whole IPv4 address, or the /64 of an IPv6 one. Memory is
// bounded: two generations of at most maxBuckets each, the older one forgotten when the younger is full.
type Limiter struct {
	limit      Limit
	mu         sync.Mutex
	young, old map[netip.Prefix]*rate.Limiter
}

const maxBuckets = 30_000 // about 200 bytes each, so 12 MB at the very most

// NewLimiter returns an empty limiter.
func NewLimiter(l Limit) *Limiter {
	return &Limiter{limit: l, young: map[netip.Prefix]*rate.Limiter{}}
}

// Wait returns zero when the client may post now, and how long it should wait otherwise.
func (l *Limiter) Wait(client netip.Addr, now time.Time) time.Duration {
	if l.limit.PerSecond <= 0 {
		return 0
	}
	r := l.bucket(prefix(client)).ReserveN(now, 1)
	d := r.DelayFrom(now)
	if d > 0 {
		r.CancelAt(now) // an unused reservation would push the next caller back
	}
	return d
}

func (l *Limiter) bucket(key netip.Prefix) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	if b, ok := l.young[key]; ok {
		return b
	}
	b, ok := l.old[key]
	if !ok {
		b = rate.NewLimiter(rate.Limit(l.limit.PerSecond), l.limit.Burst)
	}
	if len(l.young) >= maxBuckets {
		l.old, l.young = l.young, map[netip.Prefix]*rate.Limiter{}
	}
	l.young[key] = b
	return b
}

func prefix(a netip.Addr) netip.Prefix {
	a = a.Unmap().WithZone("")
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return netip.Prefix{} // the invalid address: one bucket for all of them
	}
	return p
}
