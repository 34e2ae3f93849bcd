// Package form is the gateway's vocabulary: what a form declares, what a supporter may put into it, and the
// submission that comes out of a check. It does no I/O and reads no clock.
//
// The way of a post through it:
//
//	Post (untrusted, as decoded from a form body or from JSON)
//	  → Form.Check → Submission (checked, complete) or *Invalid (every problem, by field)
package form
