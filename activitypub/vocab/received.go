package vocab

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Bounds on what one received document may name.
const (
	maxRecipients = 1000
	maxTags       = 200
	maxIRI        = 2048
)

// ReceivedActivity is an activity from elsewhere. Object is nil where only an id
// was sent.
type ReceivedActivity struct {
	ID       string
	Type     string
	Actor    string
	To, CC   []string
	ObjectID string
	TargetID string   // of a Move
	Objects  []string // the ids of all that it is about: a Flag names several
	Content  string   // what is said with a Flag
	Object   *ReceivedObject
	// Inner is the embedded activity of an Undo, Accept or Reject.
	Inner *ReceivedActivity
	// InstrumentID is what a QuoteRequest would quote with; Instrument is nil where only
	// its id was sent.
	InstrumentID string
	Instrument   *ReceivedObject
	// Relayed: it carries a Linked Data signature or an object integrity proof, so
	// it may have been forwarded by somebody else than its actor. Neither is
	// verified: what is forwarded is fetched from its origin.
	Relayed bool
}

// ReceivedObject is a Note, an Article or the like from elsewhere.
type ReceivedObject struct {
	ID           string
	Type         string
	AttributedTo string
	InReplyTo    string
	Content      string
	Name         string
	Summary      string
	Language     string
	URL          string
	Published    time.Time // zero where absent or unreadable
	Updated      time.Time
	To, CC       []string
	Sensitive    bool
	Mentions     []string // hrefs of Mention tags
	Quotes       string   // IRI of what it quotes
	Audience     string   // the group that it belongs to (FEP-1b12)
	About        []About  // what it says that it is about
	Threads      []string // what it says that it belongs to: `conversation`, `context`
	Context      string   // the thread that it says it belongs to, where that can be read (FEP-7888)
	Attachments  []Attachment
	Pictures     []Attachment // in its property image: a cover
	Emojis       []Emoji
	Choices      []string // of a poll
	Raw          []byte   // the bytes it was read from, where it was the whole document
}

// ParseActivity reads an activity. It returns ErrJSON for bytes with several
// readings, and an error for one without type, actor or object.
func ParseActivity(raw []byte) (*ReceivedActivity, error) {
	o, err := decode(raw)
	if err != nil {
		return nil, err
	}
	a := readActivity(o, 0)
	switch {
	case a.Type == "":
		return nil, fmt.Errorf("the activity has no type")
	case o["id"] != nil && !isIRI(a.ID):
		return nil, fmt.Errorf("the activity's id is not a URL")
	case !isIRI(a.Actor):
		return nil, fmt.Errorf("the activity has no actor")
	case a.ObjectID == "" && a.Object == nil && a.Inner == nil:
		return nil, fmt.Errorf("the activity has no object")
	case len(a.To)+len(a.CC) > maxRecipients:
		return nil, fmt.Errorf("the activity has more than %d recipients", maxRecipients)
	}
	for _, o := range []*ReceivedObject{a.Object, a.Instrument} {
		if o == nil {
			continue
		}
		if err := o.check(); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func readActivity(o object, depth int) *ReceivedActivity {
	a := &ReceivedActivity{
		ID: idOf(o), Type: firstString(o, "type"), Actor: o.firstID("actor"),
		To: o.ids("to"), CC: o.ids("cc"), ObjectID: o.firstID("object"), TargetID: o.firstID("target"), Objects: o.ids("object"), Content: o.str("content"),
		Relayed: o["signature"] != nil || o["proof"] != nil,
	}
	a.InstrumentID = o.firstID("instrument")
	if instrument := o.firstObject("instrument"); instrument != nil {
		a.Instrument = readObject(instrument)
	}
	embedded := o.firstObject("object")
	if embedded == nil {
		return a
	}
	if embedded["actor"] != nil && embedded["attributedTo"] == nil && depth == 0 {
		a.Inner = readActivity(embedded, depth+1)
	} else {
		a.Object = readObject(embedded)
	}
	return a
}

// ParseObject reads a fetched object.
func ParseObject(raw []byte) (*ReceivedObject, error) {
	o, err := decode(raw)
	if err != nil {
		return nil, err
	}
	obj := readObject(o)
	if !isIRI(obj.ID) || obj.Type == "" {
		return nil, fmt.Errorf("the object has no id or no type")
	}
	obj.Raw = raw
	return obj, obj.check()
}

// check bounds whom an object may name.
func (obj *ReceivedObject) check() error {
	switch {
	case len(obj.Mentions) > maxTags:
		return fmt.Errorf("the object has more than %d mentions", maxTags)
	case len(obj.To)+len(obj.CC) > maxRecipients:
		return fmt.Errorf("the object has more than %d recipients", maxRecipients)
	}
	return nil
}

func readObject(o object) *ReceivedObject {
	obj := &ReceivedObject{
		ID: idOf(o), Type: firstString(o, "type"), AttributedTo: o.firstID("attributedTo"),
		InReplyTo: o.firstID("inReplyTo"), Content: o.str("content"), Name: o.str("name"), Summary: o.str("summary"),
		Language: o.onlyKey("contentMap"), URL: htmlLink(o), Published: readTime(o.str("published")), Updated: readTime(o.str("updated")),
		To: o.ids("to"), CC: o.ids("cc"), Audience: o.firstID("audience"),
	}
	obj.Sensitive, _ = o["sensitive"].(bool)
	if m, ok := o["contentMap"].(object); ok && obj.Content == "" && obj.Language != "" {
		obj.Content = m.str(obj.Language)
	}
	obj.Threads = slices.DeleteFunc([]string{o.firstID("conversation"), o.firstID("context")}, func(iri string) bool { return iri == "" })
	if iri := o.firstID("context"); isIRI(iri) {
		obj.Context = iri
	}
	obj.Attachments, obj.Pictures = readAttachments(o, "attachment"), readAttachments(o, "image")
	obj.Choices = choicesOf(o)
	for _, term := range quoteTerms {
		if obj.Quotes = o.firstID(term); obj.Quotes != "" {
			break
		}
	}
	readTags(o, obj)
	return obj
}

// quoteTerms are what servers call what is quoted: FEP-044f, FEP-e232's forerunners,
// Misskey.
var quoteTerms = []string{"quote", "quoteUrl", "quoteUri", "_misskey_quote"}

// ParseItems reads the ids in a collection that stands there whole, in no order: an error
// for one that is paged, or has more than most.
func ParseItems(raw []byte, most int) ([]string, error) {
	o, err := decode(raw)
	if err != nil {
		return nil, err
	}
	if o["first"] != nil || o["next"] != nil || o["items"] == nil && o["orderedItems"] == nil {
		return nil, fmt.Errorf("the collection isn't there whole")
	}
	ids := append(o.ids("items"), o.ids("orderedItems")...)
	if len(ids) > most {
		return nil, fmt.Errorf("the collection has more than %d items", most)
	}
	return ids, nil
}

// maxAliases is how many Mastodon takes from one actor, too.
const maxAliases = 256

// firstString returns a property's first string: `type` may be a list.
func firstString(o object, key string) string {
	for _, v := range o.list(key) {
		if s, ok := v.(string); ok {
			return s
		}
	}
	return ""
}

// htmlLink returns where a person reads the object: a string, or the first Link
// that is HTML or says nothing of its type.
func htmlLink(o object) string {
	for _, v := range o.list("url") {
		switch v := v.(type) {
		case string:
			if isIRI(v) {
				return v
			}
		case object:
			if t := v.str("mediaType"); (t == "" || strings.HasPrefix(t, "text/html")) && isIRI(v.str("href")) {
				return v.str("href")
			}
		}
	}
	return ""
}

// readTime takes RFC 3339 with any fraction; the zero time for anything else.
func readTime(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// FormatTime writes a time as we send it: UTC, whole seconds or milliseconds.
func FormatTime(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.999Z07:00")
}

// ParseWebFinger reads a WebFinger answer: the actor's id, from the link whose type is
// an ActivityPub one, and what the server calls them.
func ParseWebFinger(raw []byte) (iri, subject string, err error) {
	o, err := decode(raw)
	if err != nil {
		return "", "", err
	}
	for _, v := range o.list("links") {
		l, ok := v.(object)
		if !ok || l.str("rel") != "self" || !isIRI(l.str("href")) {
			continue
		}
		if t := l.str("type"); t == ContentType || strings.HasPrefix(t, LDJSON) && strings.Contains(t, Profile) {
			return l.str("href"), o.str("subject"), nil
		}
	}
	return "", "", fmt.Errorf("the WebFinger answer has no link to an actor")
}

// ParseTemplates reads the URL templates of a WebFinger answer, the first of each rel.
func ParseTemplates(raw []byte) (map[string]string, error) {
	o, err := decode(raw)
	if err != nil {
		return nil, err
	}
	templates := map[string]string{}
	for _, v := range o.list("links") {
		l, ok := v.(object)
		if !ok || l.str("template") == "" || len(l.str("template")) > maxIRI || templates[l.str("rel")] != "" {
			continue
		}
		templates[l.str("rel")] = l.str("template")
	}
	return templates, nil
}
