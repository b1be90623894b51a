package mastodon

import (
	"mime"
	"net/http"
	"slices"
)

const (
	activityStreams = "https://www.w3.org/ns/activitystreams"
	mostBytes       = 1 << 20
)

// servingRules hold for every document, whatever it says.
var servingRules = []Rule{
	{5, "a document, and what is posted, is an object of JSON", document | tombstone | post, nil, func(t *thing) string {
		return unless(t.doc != nil, "it is none")
	}},
	{5, "a document is answered with 200", document, nil, func(t *thing) string {
		return unless(t.answer.Status == http.StatusOK, "status %d", t.answer.Status)
	}},
	{5, "a document says that it is one, by its content type", document | tombstone, nil, func(t *thing) string {
		return unless(isDocument(t.answer.Type), "Content-Type %q", t.answer.Type)
	}},
	{5, "a document has 1 MB at most", document, nil, func(t *thing) string {
		return unless(len(t.answer.Body) <= mostBytes, "%d bytes", len(t.answer.Body))
	}},
	{5, "a document has the id that was asked for", document, nil, func(t *thing) string {
		return unless(t.doc.text("id") == t.id, "its id is %q", t.doc.text("id"))
	}},
	{5, "a document's @context has the URL of ActivityStreams", document | tombstone, nil, func(t *thing) string { return context(t.doc) }},
	{5, "what is posted says that it is ActivityPub, with its context, in 1 MB at most", post, nil, func(t *thing) string {
		return first(unless(isDocument(t.request.Header.Get("Content-Type")), "Content-Type %q", t.request.Header.Get("Content-Type")),
			context(t.doc), unless(len(t.request.Body) <= mostBytes, "%d bytes", len(t.request.Body)))
	}},
}

func isDocument(contentType string) bool {
	kind, params, err := mime.ParseMediaType(contentType)
	return err == nil && (kind == "application/activity+json" || kind == "application/ld+json" && params["profile"] == activityStreams)
}

func context(d doc) string {
	return unless(slices.Contains(d.texts("@context"), activityStreams), "@context is %.200v", d["@context"])
}
