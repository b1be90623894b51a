// Package vocab holds the wire types of ActivityPub: what we send, as structs that
// marshal to JSON-LD, and what we receive, read leniently from JSON that has only
// one reading. It does no I/O.
package vocab

import "slices"

// Media types of ActivityPub documents (ActivityPub section 3.2).
const (
	ContentType = "application/activity+json"
	LDJSON      = "application/ld+json"
	Profile     = "https://www.w3.org/ns/activitystreams"
	// AcceptHeader is what a client asks with.
	AcceptHeader = `application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"`
)

// Public is the collection that stands for everyone (ActivityPub section 5.6).
// Receivers lose the short forms "Public" and "as:Public".
const Public = "https://www.w3.org/ns/activitystreams#Public"

// Context is the @context of every document we send: two contexts that every
// receiver knows by URL, and inline the terms they lack. A term that no context
// defines is silently lost in a real JSON-LD processor.
var Context = []any{
	"https://www.w3.org/ns/activitystreams",
	"https://w3id.org/security/v1",
	map[string]any{
		"toot":                      "http://joinmastodon.org/ns#",
		"schema":                    "http://schema.org#",
		"ostatus":                   "http://ostatus.org#",
		"gts":                       "https://gotosocial.org/ns#",
		"Hashtag":                   "as:Hashtag",
		"sensitive":                 "as:sensitive",
		"manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
		"alsoKnownAs":               idTerm("as:alsoKnownAs"),
		"movedTo":                   idTerm("as:movedTo"),
		"discoverable":              "toot:discoverable",
		"indexable":                 "toot:indexable",
		"featured":                  idTerm("toot:featured"),
		"featuredTags":              idTerm("toot:featuredTags"),
		"PropertyValue":             "schema:PropertyValue",
		"value":                     "schema:value",
		"conversation":              "ostatus:conversation",
		"webfinger":                 "https://purl.archive.org/socialweb/webfinger#webfinger",
		"blurhash":                  "toot:blurhash",
		"attributionDomains":        "toot:attributionDomains", // host names, no IRIs
		"interactionPolicy":         idTerm("gts:interactionPolicy"),
		"canReply":                  idTerm("gts:canReply"),
		"canLike":                   idTerm("gts:canLike"),
		"canAnnounce":               idTerm("gts:canAnnounce"),
		"canQuote":                  idTerm("gts:canQuote"),
		"automaticApproval":         idTerm("gts:automaticApproval"),
		"manualApproval":            idTerm("gts:manualApproval"),
		// FEP-044f
		"QuoteRequest":       "https://w3id.org/fep/044f#QuoteRequest",
		"QuoteAuthorization": "https://w3id.org/fep/044f#QuoteAuthorization",
		"interactingObject":  idTerm("gts:interactingObject"),
		"interactionTarget":  idTerm("gts:interactionTarget"),
		// FEP-521a; security/v1 has none of these.
		"assertionMethod":    map[string]any{"@id": "https://w3id.org/security#assertionMethod", "@type": "@id", "@container": "@set"},
		"Multikey":           "https://w3id.org/security#Multikey",
		"controller":         idTerm("https://w3id.org/security#controller"),
		"publicKeyMultibase": map[string]any{"@id": "https://w3id.org/security#publicKeyMultibase", "@type": "https://w3id.org/security#multibase"},
	},
}

// EventContext is that of events: the terms of FEP-8a8e, inline as all others.
var EventContext = append(slices.Clone(Context), map[string]any{
	"fep8a8e":              "https://w3id.org/fep/8a8e/",
	"timezone":             "fep8a8e:timezone",
	"eventStatus":          "fep8a8e:eventStatus",
	"organizers":           idTerm("fep8a8e:organizers"),
	"OrganizersCollection": "fep8a8e:OrganizersCollection",
})

func idTerm(iri string) map[string]any { return map[string]any{"@id": iri, "@type": "@id"} }

// Article is a recap or a talk note.
type Article struct {
	Context           []any              `json:"@context,omitempty"`
	ID                string             `json:"id"`
	Type              string             `json:"type"`
	AttributedTo      string             `json:"attributedTo"`
	Name              string             `json:"name"`
	NameMap           map[string]string  `json:"nameMap,omitempty"`
	Summary           string             `json:"summary,omitempty"`
	Content           string             `json:"content"`
	ContentMap        map[string]string  `json:"contentMap,omitempty"`
	Source            *Source            `json:"source,omitempty"`
	Image             *Image             `json:"image,omitempty"`
	Preview           *Preview           `json:"preview,omitempty"` // FEP-b2b8
	Attachment        []Image            `json:"attachment,omitempty"`
	URL               []Link             `json:"url"`
	Published         string             `json:"published"`
	Updated           string             `json:"updated,omitempty"`
	To                []string           `json:"to"`
	CC                []string           `json:"cc"`
	Audience          string             `json:"audience,omitempty"` // the group that it belongs to (FEP-1b12)
	Sensitive         bool               `json:"sensitive"`
	Tag               []Tag              `json:"tag"`
	Conversation      string             `json:"conversation"`
	Thread            string             `json:"context"` // the conversation by FEP-7888's name
	InteractionPolicy *InteractionPolicy `json:"interactionPolicy"`
	Replies           *Collection        `json:"replies"`
	Likes             *Collection        `json:"likes"`
	Shares            *Collection        `json:"shares"`
}

// Preview is a Note that says what an article is about, for servers that show notes
// (FEP-b2b8). It has no id: nobody answers it.
type Preview struct {
	Type         string            `json:"type"`
	AttributedTo string            `json:"attributedTo"`
	Content      string            `json:"content"`
	ContentMap   map[string]string `json:"contentMap,omitempty"`
	URL          string            `json:"url"`
	Published    string            `json:"published,omitempty"`
}

// Note is a reply that one of ours wrote.
type Note struct {
	Context           []any              `json:"@context,omitempty"`
	ID                string             `json:"id"`
	Type              string             `json:"type"`
	AttributedTo      string             `json:"attributedTo"`
	InReplyTo         string             `json:"inReplyTo"`
	Content           string             `json:"content"`
	ContentMap        map[string]string  `json:"contentMap,omitempty"`
	Source            *Source            `json:"source,omitempty"`
	URL               string             `json:"url"`
	Published         string             `json:"published"`
	Updated           string             `json:"updated,omitempty"`
	To                []string           `json:"to"`
	CC                []string           `json:"cc"`
	Sensitive         bool               `json:"sensitive"`
	Tag               []Tag              `json:"tag"`
	Conversation      string             `json:"conversation,omitempty"`
	Thread            string             `json:"context,omitempty"` // FEP-7888
	InteractionPolicy *InteractionPolicy `json:"interactionPolicy"`
}

// Event is a conference or a talk (FEP-8a8e).
type Event struct {
	Context      []any             `json:"@context,omitempty"`
	ID           string            `json:"id"`
	Type         string            `json:"type"`
	AttributedTo string            `json:"attributedTo"`
	Name         string            `json:"name"`
	NameMap      map[string]string `json:"nameMap,omitempty"`
	Summary      string            `json:"summary,omitempty"`
	Content      string            `json:"content,omitempty"`
	ContentMap   map[string]string `json:"contentMap,omitempty"`
	StartTime    string            `json:"startTime"` // with the offset that holds there
	EndTime      string            `json:"endTime"`
	Timezone     string            `json:"timezone"` // IANA name
	EventStatus  string            `json:"eventStatus"`
	Location     *Place            `json:"location,omitempty"`
	Organizers   *Collection       `json:"organizers"`
	URL          []Link            `json:"url"`
	To           []string          `json:"to"`
	CC           []string          `json:"cc"`
	Tag          []Tag             `json:"tag"`
	Published    string            `json:"published"`
	Updated      string            `json:"updated,omitempty"`
}

// Place is where something happens.
type Place struct {
	Type string `json:"type"`
	Name string `json:"name"`
}

// Image is a picture (Activity Vocabulary, Image; blurhash is Mastodon's term). Name
// says what it shows.
type Image struct {
	Type      string `json:"type"`
	MediaType string `json:"mediaType"`
	URL       string `json:"url"`
	Name      string `json:"name,omitempty"`
	Width     int    `json:"width"`
	Height    int    `json:"height"`
	Blurhash  string `json:"blurhash,omitempty"`
}

// Source is what the author typed (ActivityPub section 3.3).
type Source struct {
	Content   string `json:"content"`
	MediaType string `json:"mediaType"`
}

// Link is one form of an object.
type Link struct {
	Type      string `json:"type"`
	Href      string `json:"href"`
	MediaType string `json:"mediaType"`
}

// Tag is a Hashtag, a Mention, or a Link to what the object is about.
type Tag struct {
	ID   string `json:"id,omitempty"` // of a Link: the part of the object that it is about
	Type string `json:"type"`
	Rel  string `json:"rel,omitempty"` // of a Link
	Href string `json:"href"`
	Name string `json:"name"`
}

// RelAbout is the relation of a Link to what an object is about (RFC 6903, section 2).
const RelAbout = "about"

// InteractionPolicy says who may answer, boost and quote without asking
// (GoToSocial's terms, also Mastodon's for quotes).
type InteractionPolicy struct {
	CanReply    Approval `json:"canReply"`
	CanLike     Approval `json:"canLike"`
	CanAnnounce Approval `json:"canAnnounce"`
	CanQuote    Approval `json:"canQuote"`
}

// Approval lists the collections whose members need not ask.
type Approval struct {
	AutomaticApproval []string `json:"automaticApproval"`
}

// Collection is an unordered or ordered one, or a page of either, by its Type.
type Collection struct {
	Context      []any    `json:"@context,omitempty"`
	ID           string   `json:"id,omitempty"` // one that is embedded alone has none
	Type         string   `json:"type"`
	AttributedTo string   `json:"attributedTo,omitempty"` // whose conversation it is
	TotalItems   *int64   `json:"totalItems,omitempty"`
	First        any      `json:"first,omitempty"` // IRI, or an embedded page
	PartOf       string   `json:"partOf,omitempty"`
	Next         string   `json:"next,omitempty"`
	Items        []string `json:"items,omitzero"` // an empty page says so, with []
	OrderedItems []any    `json:"orderedItems,omitzero"`
}

// Activity is something one of our actors did. Object is an IRI or an object.
type Activity struct {
	Context   []any    `json:"@context,omitempty"`
	ID        string   `json:"id"`
	Type      string   `json:"type"`
	Actor     string   `json:"actor"`
	Published string   `json:"published,omitempty"`
	To        []string `json:"to,omitempty"`
	CC        []string `json:"cc,omitempty"`
	Audience  string   `json:"audience,omitempty"`
	Object    any      `json:"object"`
	Target    string   `json:"target,omitempty"` // of a Move, an Add or a Remove
	// Instrument is what a QuoteRequest would quote with; Result the authorization that an
	// Accept of one names (FEP-044f).
	Instrument string `json:"instrument,omitempty"`
	Result     string `json:"result,omitempty"`
	Content    string `json:"content,omitempty"` // of a Flag: what is said with it
}

// QuoteAuthorization says that an object may quote another (FEP-044f).
type QuoteAuthorization struct {
	Context           []any  `json:"@context,omitempty"`
	ID                string `json:"id"`
	Type              string `json:"type"`
	AttributedTo      string `json:"attributedTo"`
	InteractingObject string `json:"interactingObject"`
	InteractionTarget string `json:"interactionTarget"`
}

// Tombstone stands where an object was (ActivityPub section 6.4). It has no
// formerType: the AS2 context makes its value a relative IRI, lost in a processor.
type Tombstone struct {
	Context []any  `json:"@context,omitempty"`
	ID      string `json:"id"`
	Type    string `json:"type"`
	Deleted string `json:"deleted,omitempty"`
}

// WebFinger is a JSON Resource Descriptor (RFC 7033 section 4.4).
type WebFinger struct {
	Subject string         `json:"subject"`
	Aliases []string       `json:"aliases,omitempty"`
	Links   []ResourceLink `json:"links"`
}

// ResourceLink is one link of a JRD.
type ResourceLink struct {
	Rel      string `json:"rel"`
	Type     string `json:"type,omitempty"`
	Href     string `json:"href,omitempty"`
	Template string `json:"template,omitempty"`
}
