package osdi

// Link is one HAL link object.
type Link struct {
	Title     string `json:"title,omitempty"`
	Name      string `json:"name,omitempty"`
	Href      string `json:"href"`
	Templated bool   `json:"templated,omitempty"`
}

// Curies are the two link relation prefixes that every top-level resource carries.
func Curies() []Link {
	const docs = "https://actionnetwork.org/docs/v2/{rel}"
	return []Link{
		{Name: "osdi", Href: docs, Templated: true},
		{Name: NativeSystem, Href: docs, Templated: true},
	}
}
