package osdi

import (
	"encoding/json"
	"fmt"
	"time"
)

// Time is an instant as OSDI writes it: ISO 8601 in UTC with whole seconds and a trailing Z.
type Time struct{ time.Time }

// NewTime returns t in UTC, cut to whole seconds, which is all the wire carries.
func NewTime(t time.Time) Time { return Time{t.UTC().Truncate(time.Second)} }

// MarshalJSON writes the instant; the zero instant is written as null.
func (t Time) MarshalJSON() ([]byte, error) {
	if t.IsZero() {
		return []byte("null"), nil
	}
	return json.Marshal(t.UTC().Format(time.RFC3339))
}

// UnmarshalJSON accepts RFC 3339 with or without fractions, a bare date, null and the empty string.
func (t *Time) UnmarshalJSON(b []byte) error {
	var s *string
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("date must be a string")
	}
	if s == nil || *s == "" {
		t.Time = time.Time{}
		return nil
	}
	for _, layout := range []string{time.RFC3339Nano, time.DateOnly} {
		if v, err := time.Parse(layout, *s); err == nil {
			t.Time = v.UTC()
			return nil
		}
	}
	return fmt.Errorf("date is not in ISO 8601 form, for example 2014-03-27T17:58:45Z")
}
