// Package mastodon judges what this server serves and sends as Mastodon would: what would
// make it reject a document, drop it, or show it badly? Its rules are written from what
// Mastodon's source says and numbered as in FEDERATION.md, "Conformance with Mastodon".
// It reads JSON, HTML and signatures by itself and asks none of our own packages: what
// they misread it doesn't misread with them. It is for tests.
package mastodon

import (
	"crypto/rsa"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
)

// Answer is what a server answered to a GET, after its redirects.
type Answer struct {
	Status int
	Type   string // Content-Type
	Body   []byte
}

// Request is what reached a server: a POST to an inbox, or a GET for a document.
type Request struct {
	Method string
	URL    string // that it was sent to
	Header http.Header
	Body   []byte
	// Shared is the shared inbox of whom a POST is for, if they have one.
	Shared string
}

// Judge looks at documents, pages and requests of one server. It may be used from
// several goroutines.
type Judge struct {
	base string // of the server that is judged, without a slash at its end
	get  func(url, accept string) Answer
	now  func() time.Time

	mu     sync.Mutex
	seen   map[string]bool // documents and pages
	met    map[string]int  // rules, by name
	found  []Finding
	keys   map[string]*rsa.PublicKey // as Mastodon keeps them: by their ids
	edited map[string]edit           // objects, by their ids
}

// edit is the newest Update of an object.
type edit struct {
	activity string
	at       time.Time
}

// Finding is a rule that something breaks.
type Finding struct {
	Rule
	Where string
	Why   string
}

func (f Finding) String() string {
	return fmt.Sprintf("%s: Mastodon wants that %s: %s", f.Where, f.Wants, f.Why)
}

// New makes a Judge of the server at a base URL. get asks for a URL, of any server, and
// follows redirects; now is the time there.
func New(base string, get func(url, accept string) Answer, now func() time.Time) *Judge {
	return &Judge{base: strings.TrimSuffix(base, "/"), get: get, now: now, seen: map[string]bool{}, met: map[string]int{},
		keys: map[string]*rsa.PublicKey{}, edited: map[string]edit{}}
}

// What a Judge asks with, as Mastodon does.
const (
	acceptDocument = `application/activity+json, application/ld+json`
	acceptPage     = "text/html"
	acceptFinger   = "application/jrd+json, application/json"
	acceptAny      = "*/*"
)

// Account judges how an address is found, its actor, and all that this leads to.
func (j *Judge) Account(address string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	host := address[strings.LastIndex(address, "@")+1:]
	t := &thing{Judge: j, kind: webFinger, where: "WebFinger of " + address, answer: j.get(fingerURL(address, host), acceptFinger), address: address}
	t.doc = parse(t.answer.Body)
	j.judge(t)
	at := "https://" + host + "/.well-known/host-meta"
	j.judge(&thing{Judge: j, kind: hostMeta, where: at, answer: j.get(at, "application/xrd+xml"), address: address})
	j.document(selfLink(t.doc))
}

// Document judges what stands at an id, and all on this server that it leads to.
func (j *Judge) Document(id string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.document(id)
}

// Gone judges what stands at the id of something deleted; no Document leads there any
// more.
func (j *Judge) Gone(id string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.seen[id] = true
	t := &thing{Judge: j, kind: tombstone, where: id, answer: j.get(id, acceptDocument)}
	t.doc = parse(t.answer.Body)
	j.judge(t)
}

// Departed judges how the address of a deleted account is answered.
func (j *Judge) Departed(address string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	host := address[strings.LastIndex(address, "@")+1:]
	j.judge(&thing{Judge: j, kind: departed, where: "WebFinger of " + address, answer: j.get(fingerURL(address, host), acceptFinger)})
}

// Request judges what this server sent, when it arrives.
func (j *Judge) Request(r Request) {
	j.mu.Lock()
	defer j.mu.Unlock()
	t := &thing{Judge: j, kind: post, where: r.Method + " " + r.URL, request: &r}
	if r.Method == http.MethodGet {
		t.kind = signedGet
		j.judge(t)
		return
	}
	t.doc = parse(r.Body)
	t.where += " of " + t.doc.text("type") + " " + t.doc.text("id")
	j.judge(t)
	j.embedded(t.where, t.doc)
	j.document(t.doc.idOf("result")) // may be withdrawn later
}

// Findings are the rules that were broken.
func (j *Judge) Findings() []Finding {
	j.mu.Lock()
	defer j.mu.Unlock()
	return append([]Finding{}, j.found...)
}

// Unmet are the rules that nothing was held against: what was judged had nothing that
// they speak of.
func (j *Judge) Unmet() (unmet []Rule) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for _, r := range rules {
		if j.met[r.Name()] == 0 {
			unmet = append(unmet, r)
		}
	}
	return unmet
}

// Seen says which documents and pages were judged.
func (j *Judge) Seen() (urls []string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for at := range j.seen {
		urls = append(urls, at)
	}
	return urls
}

// judge holds a thing against every rule that speaks of its kind.
func (j *Judge) judge(t *thing) {
	for _, r := range rules {
		if r.of&t.kind == 0 || r.when != nil && !r.when(t) {
			continue
		}
		j.met[r.Name()]++
		if why := r.wrong(t); why != "" {
			j.found = append(j.found, Finding{r, t.where, why})
		}
	}
}

// ours says whether a URL is one of the server that is judged.
func (j *Judge) ours(at string) bool { return strings.HasPrefix(at, j.base+"/") }

// document judges what stands at an id, once.
func (j *Judge) document(id string) {
	id, _, _ = strings.Cut(id, "#")
	if !j.ours(id) || j.seen[id] {
		return
	}
	j.seen[id] = true
	t := &thing{Judge: j, kind: document, where: id, id: id, answer: j.get(id, acceptDocument)}
	t.doc = parse(t.answer.Body)
	j.judge(t)
	j.content(id, t.doc)
}

// content judges what a document says, and what it leads to.
func (j *Judge) content(where string, d doc) {
	kind := kindOf(d)
	if kind == 0 {
		return
	}
	j.judge(&thing{Judge: j, kind: kind, where: where, doc: d, open: true})
	for _, one := range leads(d) {
		switch one := one.(type) {
		case string:
			j.document(one)
		case map[string]any:
			j.embedded(where, one)
			j.document(doc(one).text("id"))
		}
	}
	if kind&(actor|article|note) != 0 && d.text("type") != "Application" { // nobody looks the server itself up
		j.page(chosenURL(d))
	}
}

// leads are what a document names, that is there still: what was undone or deleted isn't.
func leads(d doc) (all []any) {
	for _, key := range []string{"outbox", "followers", "following", "featured", "featuredTags", "first", "next", "replies", "likes", "shares", "conversation",
		"items", "orderedItems", "attributedTo", "actor", "audience"} {
		all = append(all, d.list(key)...)
	}
	if typ := d.text("type"); typ != "Undo" && typ != "Delete" {
		all = append(all, d.list("object")...)
	}
	return all
}

// embedded judges what stands in an activity as Mastodon reads it there.
func (j *Judge) embedded(where string, d doc) {
	kind := kindOf(d)
	if kind&activity != 0 && d["object"] != nil {
		j.judge(&thing{Judge: j, kind: activity, where: where, doc: d})
		if typ := d.text("type"); typ == "Create" || typ == "Update" {
			j.embedded(where, d.object("object"))
		}
	} else if kind&(actor|article|note) != 0 {
		j.judge(&thing{Judge: j, kind: kind, where: where, doc: d})
	}
}

// page judges a page for people, once.
func (j *Judge) page(at string) {
	if !j.ours(at) || j.seen[at] {
		return
	}
	j.seen[at] = true
	t := &thing{Judge: j, kind: page, where: at, id: at, answer: j.get(at, acceptPage)}
	t.page = parsePage(t.answer.Body)
	j.judge(t)
}

func fingerURL(address, host string) string {
	return "https://" + host + "/.well-known/webfinger?resource=" + url.QueryEscape("acct:"+address)
}
