package osdi

// Kind of an advocacy campaign, copied onto its outreaches.
const (
	TypeEmail = "email" // letters: subject and message
	TypePhone = "phone" // calls: duration
)

// Target is who the letter or call is meant for.
type Target struct {
	Title      string `json:"title,omitempty"`
	GivenName  string `json:"given_name,omitempty"`
	FamilyName string `json:"family_name,omitempty"`
	OCDID      string `json:"ocdid,omitempty"`
}

// ReferrerData says how the person came: the fields of action_network:referrer_data.
type ReferrerData struct {
	Source                string `json:"source,omitempty"`
	Referrer              string `json:"referrer,omitempty"`
	Website               string `json:"website,omitempty"`
	EmailReferrer         string `json:"email_referrer,omitempty"`
	MobileMessageReferrer string `json:"mobile_message_referrer,omitempty"`
}

// Outreach is both what is posted to the record outreach helper (with Person, AddTags, RemoveTags) and what comes
// back (with Type, PersonID, AdvocacyCampaignID, Links).
type Outreach struct {
	Identifiers        []string       `json:"identifiers,omitempty"`
	CreatedDate        *Time          `json:"created_date,omitempty"`
	ModifiedDate       *Time          `json:"modified_date,omitempty"`
	Type               string         `json:"type,omitempty"`
	Subject            string         `json:"subject,omitempty"`
	Message            string         `json:"message,omitempty"`
	Duration           string         `json:"duration,omitempty"`
	Targets            []Target       `json:"targets,omitempty"`
	ReferrerData       *ReferrerData  `json:"action_network:referrer_data,omitempty"`
	PersonID           string         `json:"action_network:person_id,omitempty"`
	AdvocacyCampaignID string         `json:"action_network:advocacy_campaign_id,omitempty"`
	Person             *Person        `json:"person,omitempty"`
	AddTags            []string       `json:"add_tags,omitempty"`
	RemoveTags         []string       `json:"remove_tags,omitempty"`
	Links              map[string]any `json:"_links,omitempty"`
}

// AdvocacyCampaign is the action that outreaches are recorded on.
type AdvocacyCampaign struct {
	Identifiers     []string       `json:"identifiers,omitempty"`
	OriginSystem    string         `json:"origin_system,omitempty"`
	CreatedDate     *Time          `json:"created_date,omitempty"`
	ModifiedDate    *Time          `json:"modified_date,omitempty"`
	Name            string         `json:"name,omitempty"`
	Title           string         `json:"title,omitempty"`
	Description     string         `json:"description,omitempty"`
	BrowserURL      string         `json:"browser_url,omitempty"`
	Type            string         `json:"type,omitempty"`
	Targets         string         `json:"targets,omitempty"`
	TotalOutreaches int64          `json:"total_outreaches"`
	Links           map[string]any `json:"_links,omitempty"`
}

// Error is the body of every refusal: one sentence under "error".
type Error struct {
	Error string `json:"error"`
}
