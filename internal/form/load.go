package form

import (
	"fmt"
	"regexp"

	"github.com/goccy/go-yaml"

	"postern/internal/osdi"
)

// Parse reads one form from YAML. Unknown keys are errors; messages carry line and column.
func Parse(b []byte) (*Form, error) {
	f := &Form{Version: 1, Language: "en"}
	if err := yaml.UnmarshalWithOptions(b, f, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("read form: %w", err)
	}
	if !regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,63}$`).MatchString(string(f.ID)) {
		return nil, fmt.Errorf("read form: id: use lower-case letters, digits and dashes, at most 64")
	}
	if f.Type != osdi.TypeEmail && f.Type != osdi.TypePhone {
		return nil, fmt.Errorf("read form %s: type: write email or phone", f.ID)
	}
	if f.Title == "" || f.Campaign == "" {
		return nil, fmt.Errorf("read form %s: title and campaign are needed", f.ID)
	}
	seen := map[string]bool{}
	for _, t := range f.Targets {
		if t.ID == "" || seen[t.ID] {
			return nil, fmt.Errorf("read form %s: targets: each needs an id of its own", f.ID)
		}
		seen[t.ID] = true
	}
	return f, nil
}
