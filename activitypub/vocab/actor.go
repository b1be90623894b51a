package vocab

// Actor is one of our actors.
type Actor struct {
	Context                   []any           `json:"@context,omitempty"`
	ID                        string          `json:"id"`
	Type                      string          `json:"type"`
	PreferredUsername         string          `json:"preferredUsername"`
	Webfinger                 string          `json:"webfinger"` // FEP-2c59
	Name                      string          `json:"name,omitempty"`
	Summary                   string          `json:"summary,omitempty"`
	Icon                      *Image          `json:"icon,omitempty"`
	URL                       string          `json:"url"`
	Published                 string          `json:"published,omitempty"`
	Inbox                     string          `json:"inbox"`
	Outbox                    string          `json:"outbox"`
	Followers                 string          `json:"followers,omitempty"`
	Following                 string          `json:"following,omitempty"`
	Featured                  string          `json:"featured,omitempty"`
	ManuallyApprovesFollowers bool            `json:"manuallyApprovesFollowers"`
	AlsoKnownAs               []string        `json:"alsoKnownAs,omitempty"`
	MovedTo                   string          `json:"movedTo,omitempty"`
	Discoverable              bool            `json:"discoverable"`
	Indexable                 bool            `json:"indexable"`
	AttributionDomains        []string        `json:"attributionDomains,omitempty"`
	Endpoints                 *Endpoints      `json:"endpoints,omitempty"`
	PublicKey                 *PublicKey      `json:"publicKey,omitempty"`
	AssertionMethod           []Multikey      `json:"assertionMethod,omitempty"` // FEP-521a
	Attachment                []PropertyValue `json:"attachment,omitempty"`
	FeaturedTags              string          `json:"featuredTags,omitempty"`
}

// PropertyValue is a field of a profile: a label, and a value in HTML (schema.org, as
// Mastodon uses it).
type PropertyValue struct {
	Type  string `json:"type"`
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Endpoints names the inbox that all our actors share.
type Endpoints struct {
	SharedInbox string `json:"sharedInbox"`
}

// PublicKey is a key of an actor (security vocabulary v1).
type PublicKey struct {
	ID           string `json:"id"`
	Owner        string `json:"owner"`
	PublicKeyPEM string `json:"publicKeyPem"`
}

// Multikey is a key of an actor in the form of FEP-521a.
type Multikey struct {
	ID                 string `json:"id"`
	Type               string `json:"type"`
	Controller         string `json:"controller"`
	PublicKeyMultibase string `json:"publicKeyMultibase"`
}
