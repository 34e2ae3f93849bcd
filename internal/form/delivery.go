package form

import (
	"errors"
	"time"

	"postern/internal/osdi"
)

// DeliveryState is where one outreach stands on its way upstream. The transitions are drawn in package outbox.
type DeliveryState string

// The states. In the books, sending counts as pending.
const (
	Pending   DeliveryState = "pending"
	Sending   DeliveryState = "sending"
	Delivered DeliveryState = "delivered"
	Doubtful  DeliveryState = "doubtful"
	Held      DeliveryState = "held"
	Parked    DeliveryState = "parked"
	Discarded DeliveryState = "discarded"
)

// What Accept may say besides nil.
var (
	ErrConflict    = errors.New("the submission id is taken by other content")
	ErrUnavailable = errors.New("the store cannot keep submissions now")
)

// Delivery is one claimed outreach.
type Delivery struct {
	ID         string // the outreach's first identifier
	Campaign   string
	Outreach   osdi.Outreach
	Attempts   int   // calls that sent it, this one included
	Lookups    int   // look-ups in a row that did not find it
	Fence      int64 // number of this claim: a later claim makes it void
	LookFirst  bool  // an earlier call may have landed
	AcceptedAt time.Time
}

// Settlement is how a claim ended.
type Settlement struct {
	ID         string
	Fence      int64
	State      DeliveryState
	NextAt     time.Time // when it is due again
	Lookups    int
	UpstreamID string
	Reason     string // fixed words and a status, nothing that somebody typed
}

// Books is a balance: Accepted is the sum of the others.
type Books struct {
	Accepted, Delivered, Pending, Doubtful, Held, Parked, Discarded int64
}

// Class is what an upstream's answer means for a delivery.
type Class string

// The classes of answers.
const (
	OutcomeDone        Class = "done"        // it is there
	OutcomeLater       Class = "later"       // surely not there; ask again
	OutcomeUnreachable Class = "unreachable" // surely not there, and nothing else would get through now either
	OutcomeDoubtful    Class = "doubtful"    // it may be there: look before it is repeated
	OutcomeRefused     Class = "refused"     // not there, and asking again would change nothing
)

// Outcome is one classified answer. Reason is made of fixed words: an upstream's own text may repeat what a
// supporter typed, or the key.
type Outcome struct {
	Class      Class
	Status     int
	RetryAfter time.Duration
	UpstreamID string
	Reason     string
}
