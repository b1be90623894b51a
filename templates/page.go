package templates

import (
	"html/template"
	"strings"
	"time"
)

// Page is what every page has, whatever it shows. A public page leaves Viewer
// nil, and so is the same for everybody.
type Page struct {
	Title            string // of the page alone; the site's name follows it in <title>
	Language         string // BCP 47, of the content
	Canonical        string // absolute URL
	Description      string // plain text, for search engines and link cards
	Alternate        string // absolute ActivityPub id of what the page shows
	FediverseCreator string // "@gwen@notes.example", whom link cards credit
	NoIndex          bool
	Feeds            []FeedLink
	OEmbed           string // URL of its description for embedding
	Schema           any    // what it is in schema.org's words, to be written as JSON
	OpenGraph        OpenGraph
	Site             Site
	Viewer           *Viewer
	Notices          []Notice // what has just happened, above everything else
}

func (p Page) page() Page { return p }

// OpenGraph is what a link card shows beyond the title and the description.
type OpenGraph struct {
	Type      string // "website" unless set: "article", "profile"
	Picture   CardPicture
	Published time.Time // articles only
	Updated   time.Time // zero unless edited
}

// CardPicture is the one picture of a link card, on our own host.
type CardPicture struct {
	URL           string // absolute; "" for none
	Alt           string
	MIME          string
	Width, Height int // pixels
}

// FeedLink is a feed of what a page lists.
type FeedLink struct {
	URL, Type, Title string
}

// Site is the instance.
type Site struct {
	Name     string
	Language string // of the interface, where nothing says otherwise
	URL      string // absolute, without a slash at its end
	Host     string // what people type: "notes.example"
	Version  string

	Conferences bool // there are some
}

// Viewer is the signed-in person, on private pages only.
type Viewer struct {
	Handle   string // without @ or host
	Name     string
	Role     string // "owner", "editor" or "author"
	Language string // of the interface, as chosen in the settings
	News     int    // notifications not seen yet
}

// Link is a text that leads somewhere.
type Link struct {
	Label, URL string
	Language   string // BCP 47, of the label, where it may be another than the page's
}

// Author is somebody who wrote something, here or elsewhere.
type Author struct {
	Name    string
	Handle  string        // in full: "@gwen@notes.example"
	URL     string        // their page
	ID      string        // ActivityPub id, of ours
	Avatar  string        // URL of a small picture of them, on this server; "" for their initials
	MovedTo *Author       // of ours: the account that they moved to; nil while they are here
	Bio     template.HTML // sanitized; where the page is about something else, and tells who wrote it
}

// HandleParts is the handle in two, at its second @: a narrow column breaks it there.
func (a Author) HandleParts() []string {
	if at := strings.LastIndexByte(a.Handle, '@'); at > 0 {
		return []string{a.Handle[:at], a.Handle[at:]}
	}
	return []string{a.Handle}
}

// Picture is one of our own pictures, in the sizes that a browser chooses from.
type Picture struct {
	URL           string // of a small file
	Srcset        string // "" when there is one size
	Full          string // of the largest file
	Width, Height int    // pixels, of the largest
	Alt           string
	Caption       string
}

// Attachment is something that goes with a reply: our copy of a picture, else a link to
// where it is.
type Attachment struct {
	Picture *Picture // nil for a link
	URL     string   // at its origin
	Host    string   // of that
	Label   string   // what it shows, in short; may be empty
}

// Faces are some of those who did the same, the last one first.
type Faces struct {
	People []Author
	Others int // how many more there are
}

// Card is an article in a list.
type Card struct {
	Title     string
	URL       string
	Language  string
	Author    Author
	Published time.Time
	Cover     *Picture
	Summary   string // the author's own, or the excerpt; plain text
	Minutes   int    // to read it
	Tags      []Link
}

// Reply is one answer under an article, with the answers to it.
type Reply struct {
	ID         string // opaque; unique on its page, also its anchor
	Author     Author
	FromAuthor bool   // by the author of the article
	Speaker    bool   // by who gave a talk that the article is about
	URL        string // at its origin
	Published  time.Time
	Language   string        // "" when its server didn't say
	Warning    string        // the content warning, plain text; "" for none
	Sensitive  bool          // its pictures wait until they are asked for
	Body       template.HTML // sanitized
	Start      string        // of a long one, plain text: the body waits until it is asked for
	Replies    []Reply

	Attachments []Attachment
	Folded      []Reply // answers that wait until they are asked for
	FoldedCount int     // how many, with those below

	// What follows is for the author alone, on the Conversation page.

	Server    string // the host it came from; "" when written here
	Private   bool   // sent to the author alone
	Hidden    bool   // by the author or the instance
	Held      bool   // waits for a yes
	AnswerURL string // where it can be answered, liked and boosted
	Offer     *Offer // what can be taken over of a speaker's; nil: nothing
}

// Offer is what a speaker's reply gives. Its forms post reply and action=take-link with
// url, type and talk, or action=take-words.
type Offer struct {
	Action     string
	Reply      string
	Links      []OfferedLink
	Words      bool // the viewer may take its words into the article
	WordsTaken bool
}

// OfferedLink is a link in a speaker's reply.
type OfferedLink struct {
	URL, Label string
	Type       string // what it seems to lead to
	Talks      []Link // that they gave; URL is the talk's id
	Taken      bool   // every one of them has it
}

// Types are the choices of what it leads to.
func (OfferedLink) Types() []Choice { return TalkLinks{}.Types() }
