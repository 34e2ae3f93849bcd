// Package outbox keeps submissions and hands their outreaches on. Its promise: what Accept answered with nil is on
// disk, and every outreach of it reaches the upstream once, also when the process dies or an answer is lost.
//
//	         accept
//	           │                  hold
//	           ├───────────────────────────────► held
//	           ▼
//	┌────── pending ◄──────────────────────┐
//	│          │ claim (intent on disk)    │ not found twice
//	│          ▼                           │
//	│ later  sending ── doubtful ──► doubtful ── found ──► delivered
//	└──────────┤                           │
//	           ├── done ──► delivered      └── not to be settled in maxAttempts ──► parked
//	           └── refused ──► parked
//
// A claim carries a lease that outlives the longest call and a fence that a later claim makes void. Whoever claims a
// delivery whose lease ran out takes it for doubtful. Doubtful deliveries are looked up by their identifier: after a
// tenth of the settling time, and after all of it; only when both did not find it is it sent again.
package outbox
