package form

import (
	"time"

	"postern/internal/osdi"
)

// Post is what a stranger sent, decoded but not yet believed. Both encodings end here.
type Post struct {
	SubmissionID  string // UUID, or empty when the client minted none
	Person        osdi.Person
	Subject       string
	Message       string
	Duration      string // seconds
	TargetIDs     []string
	Target        *osdi.Target // the one target of a JSON post
	AddTags       []string
	RemoveTags    []string
	Referrer      osdi.ReferrerData // claimed by the browser
	ConsentEmail  bool
	ConsentMobile bool
}

// Submission is one filled-in form by one supporter, checked. It is what the outbox keeps.
type Submission struct {
	ID          string // UUID; minted before it is sent
	Form        ID
	FormVersion int
	AcceptedAt  time.Time
	Digest      string // of the content, to tell a repeat from a conflict
	Campaign    string // advocacy campaign upstream
	Source      string // referrer source, for the books
	Hold        string // reason to hold it for the operator instead of sending it; empty means send
	// Outreaches are complete upstream bodies, one for each target (or one without), in order. Identifiers[0] of
	// each is "postern:<submission id>-<index>", fixed here; CreatedDate is AcceptedAt.
	Outreaches []osdi.Outreach
}
