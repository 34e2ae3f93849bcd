// Package secret holds the type of everything that must never be printed.
package secret

import (
	"fmt"
	"log/slog"
)

const redacted = "[redacted]"

// Secret is a string that shows itself only to Reveal: not to fmt, JSON, text encoding or slog.
type Secret string

// Reveal returns the value. Call it where it is used, and nowhere else.
func (s Secret) Reveal() string { return string(s) }

func (Secret) String() string               { return redacted }
func (Secret) GoString() string             { return redacted }
func (Secret) Format(f fmt.State, _ rune)   { _, _ = f.Write([]byte(redacted)) }
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
func (Secret) LogValue() slog.Value         { return slog.StringValue(redacted) }
