package mastodon

import (
	"encoding/json"
	"net/url"
	"strings"
	"time"
)

// doc is a document as Mastodon reads it: plain JSON (fact 5).
type doc map[string]any

// parse reads a document; what is no object of JSON is nil.
func parse(body []byte) doc {
	var d doc
	if json.Unmarshal(body, &d) != nil {
		return nil
	}
	return d
}

func (d doc) text(key string) string {
	s, _ := d[key].(string)
	return s
}

// list is a value as an array, as Ruby's Array() makes it: one value is one of one.
func (d doc) list(key string) []any {
	switch v := d[key].(type) {
	case nil:
		return nil
	case []any:
		return v
	default:
		return []any{v}
	}
}

func (d doc) texts(key string) (all []string) {
	for _, v := range d.list(key) {
		if s, ok := v.(string); ok {
			all = append(all, s)
		}
	}
	return all
}

func (d doc) object(key string) doc {
	o, _ := d[key].(map[string]any)
	return o
}

func (d doc) objects(key string) (all []doc) {
	for _, v := range d.list(key) {
		if o, ok := v.(map[string]any); ok {
			all = append(all, o)
		}
	}
	return all
}

// idOf is what a value names: its id, or itself.
func (d doc) idOf(key string) string {
	if s := d.text(key); s != "" {
		return s
	}
	return d.object(key).text("id")
}

func (d doc) isNumber(key string) bool {
	_, is := d[key].(float64)
	return is
}

// moment reads a date; the zero time is none that can be read.
func (d doc) moment(key string) time.Time {
	at, _ := time.Parse(time.RFC3339, d.text(key))
	return at
}

const public = "https://www.w3.org/ns/activitystreams#Public"

// audience are all whom a document is for.
func (d doc) audience() []string { return append(d.texts("to"), d.texts("cc")...) }

// chosenURL is which url of an object Mastodon takes for its page: of several the first,
// or the first Link whose mimeType is text/html or absent. It looks for "mimeType", which
// nobody writes: so the first (fact 22).
func chosenURL(d doc) string {
	for _, v := range d.list("url") {
		switch v := v.(type) {
		case string:
			return v
		case map[string]any:
			if mime := doc(v).text("mimeType"); mime == "" || mime == "text/html" {
				return doc(v).text("href")
			}
		}
	}
	return ""
}

// selfLink is where WebFinger says that the actor is: Mastodon knows two types of it.
func selfLink(finger doc) string {
	for _, l := range finger.objects("links") {
		if t := l.text("type"); l.text("rel") == "self" && (t == "application/activity+json" || t == `application/ld+json; profile="https://www.w3.org/ns/activitystreams"`) {
			return l.text("href")
		}
	}
	return ""
}

// isHTTP says whether something is an address that can be asked for.
func isHTTP(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

// hostOf is the host of a URL with its port, in small letters.
func hostOf(s string) string {
	u, err := url.Parse(s)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Host)
}

func sameHost(a, b string) bool { return hostOf(a) != "" && hostOf(a) == hostOf(b) }
