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
	Choices      []string     // of a poll
	Raw          []byte       // the bytes it was read from, where it was the whole document
}

// ReceivedActor is an actor from elsewhere.
type ReceivedActor struct {
	ID                string
	Type              string
	PreferredUsername string
	Name              string
	Summary           string
	URL               string
	Inbox             string
	SharedInbox       string
	Followers         string
	Following         string
	Outbox            string
	Icon              string // URL of a picture of them
	Discoverable      bool
	Published         time.Time // when the account was made; zero where it doesn't say
	AlsoKnownAs       []string  // ids of who they also are
	MovedTo           string    // id of the account that stands for this one
	Keys              []ReceivedKey
}

// actorTypes are the types an actor may have (ActivityStreams vocabulary section 3.2).
var actorTypes = []string{"Application", "Group", "Organization", "Person", "Service"}

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

// ParseActor reads an actor's document.
func ParseActor(raw []byte) (*ReceivedActor, error) {
	o, err := decode(raw)
	if err != nil {
		return nil, err
	}
	a := &ReceivedActor{
		ID: idOf(o), Type: firstString(o, "type"), PreferredUsername: o.str("preferredUsername"), Name: o.str("name"),
		Summary: o.str("summary"), URL: htmlLink(o), Inbox: o.firstID("inbox"), Followers: o.firstID("followers"),
		Following: o.firstID("following"), Outbox: o.firstID("outbox"), Icon: iconOf(o), Keys: keysOf(o),
	}
	a.AlsoKnownAs, a.MovedTo = o.ids("alsoKnownAs"), o.firstID("movedTo")
	a.AlsoKnownAs = a.AlsoKnownAs[:min(len(a.AlsoKnownAs), maxAliases)]
	a.Discoverable, _ = o["discoverable"].(bool)
	a.Published = readTime(o.str("published"))
	if e := o.firstObject("endpoints"); e != nil && isIRI(e.firstID("sharedInbox")) {
		a.SharedInbox = e.firstID("sharedInbox")
	}
	switch {
	case !isIRI(a.ID):
		return nil, fmt.Errorf("the actor has no id")
	case !slices.Contains(actorTypes, a.Type):
		return nil, fmt.Errorf("%.40q is no type of actor", a.Type)
	case !isIRI(a.Inbox):
		return nil, fmt.Errorf("the actor has no inbox")
	case a.PreferredUsername == "" || len(a.PreferredUsername) > maxIRI:
		return nil, fmt.Errorf("the actor has no preferredUsername")
	}
	return a, nil
}

// ReceivedKey is a key that a document lists: as the PEM of a publicKey, or as the
// multibase of a Multikey (FEP-521a).
type ReceivedKey struct{ ID, Owner, PEM, Multibase string }

// KeyOwner reads a document that is a key, or an actor with keys, and returns who
// claims to own the key with this id. The id of an actor stands for its keys.
func KeyOwner(raw []byte, keyID string) (string, error) {
	o, err := decode(raw)
	if err != nil {
		return "", err
	}
	if o.str("id") == keyID {
		if k, ok := readKey(o); ok {
			return k.Owner, nil
		}
	}
	for _, k := range keysOf(o) {
		if k.ID == keyID || k.Owner == keyID && idOf(o) == keyID {
			return k.Owner, nil
		}
	}
	return "", fmt.Errorf("the document has no key %.200s", keyID)
}

// maxAliases is how many Mastodon takes from one actor, too.
const maxAliases = 256

// maxKeys is how many keys Mastodon takes from one actor, too.
const maxKeys = 10

// keysOf returns the keys that an actor lists and embeds: of publicKey, and of
// assertionMethod, where FEP-521a has them.
func keysOf(o object) []ReceivedKey {
	var keys []ReceivedKey
	for _, v := range append(slices.Clone(o.list("publicKey")), o.list("assertionMethod")...) {
		embedded, ok := v.(object)
		if !ok || len(keys) == maxKeys {
			continue
		}
		if k, ok := readKey(embedded); ok {
			keys = append(keys, k)
		}
	}
	return keys
}

func readKey(o object) (ReceivedKey, bool) {
	if pem := o.str("publicKeyPem"); pem != "" {
		return ReceivedKey{ID: idOf(o), Owner: o.firstID("owner"), PEM: pem}, true
	}
	if multibase := o.str("publicKeyMultibase"); multibase != "" && firstString(o, "type") == "Multikey" {
		return ReceivedKey{ID: idOf(o), Owner: o.firstID("controller"), Multibase: multibase}, true
	}
	return ReceivedKey{}, false
}

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
