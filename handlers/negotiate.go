package handlers

import (
	"mime"
	"net/http"
	"strconv"
	"strings"

	"confnotes/activitypub/vocab"
)

const activityJSON = vocab.ContentType + "; charset=utf-8"

// preference says which of a page's two forms a request asks for: the larger q of
// each (RFC 9110 section 12.5.1), 0 for one it does not name. Wildcards count for
// neither: what a bare client gets depends on the address.
func preference(r *http.Request) (html, activity float64) {
	for _, part := range strings.Split(strings.Join(r.Header.Values("Accept"), ","), ",") {
		t, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		q := 1.0
		if v, ok := params["q"]; ok {
			if q, err = strconv.ParseFloat(v, 64); err != nil {
				continue
			}
		}
		switch t {
		case "text/html", "application/xhtml+xml":
			html = max(html, q)
		case vocab.ContentType, vocab.LDJSON:
			activity = max(activity, q)
		}
	}
	return html, activity
}

// wantsPage: at an id, only somebody who prefers HTML is sent to the page.
func wantsPage(r *http.Request) bool {
	html, activity := preference(r)
	return html > 0 && html >= activity
}

// wantsObject: at a page, only somebody who prefers ActivityPub is sent to the id.
func wantsObject(r *http.Request) bool {
	html, activity := preference(r)
	return activity > 0 && activity > html
}

// toPage sends a browser that asks for an id to the page.
func toPage(w http.ResponseWriter, r *http.Request, page string) error {
	w.Header().Set("Cache-Control", "private, no-store")
	http.Redirect(w, r, page, http.StatusFound)
	return nil
}
