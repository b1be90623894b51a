package handlers

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"confnotes/activitypub/signature"
	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// TestSecureMode: another server reads nothing but the instance actor without a signature
// that holds, by somebody who isn't blocked. People read as ever.
func TestSecureMode(t *testing.T) {
	t.Parallel()
	w := newWorld(t, route{})
	open, deps := w.handler, w.server.Deps
	deps.Secure = true
	secure, err := New(deps)
	fatal(t, err)
	w.handler = secure
	reader := w.signer("reader")
	ask := func(path, accept string, change func(*http.Request)) *response {
		t.Helper()
		r := httptest.NewRequest(http.MethodGet, w.server.IRIs.Base()+path, nil)
		r.Header.Set("Accept", accept)
		if change != nil {
			change(r)
		}
		return w.serve(r)
	}
	signed := func(form signature.Form) func(*http.Request) {
		return func(r *http.Request) { reader.sign(r, nil, form) }
	}
	bad := func(r *http.Request) {
		signed(signature.Cavage)(r)
		r.Header.Set("Date", "Tue, 20 Apr 2021 02:07:55 GMT")
	}
	article := "/articles/" + *w.article.PublicID
	for _, path := range []string{"/users/gwen", "/users/gwen/outbox", "/users/gwen/followers", article, article + "/replies", article + "/likes", article + "/conversation"} {
		for name, tt := range map[string]struct {
			change func(*http.Request)
			status int
		}{
			"unsigned": {nil, 401}, "with a bad signature": {bad, 401},
			"signed with draft-cavage": {signed(signature.Cavage), 200}, "signed with RFC 9421": {signed(signature.MessageRSA), 200},
		} {
			rec := ask(path, vocab.ContentType, tt.change)
			if rec.Code != tt.status {
				t.Errorf("%s, %s, answered %d %s", path, name, rec.Code, rec.Body)
			}
			if cache := rec.Header().Get("Cache-Control"); cache != "private, no-store" && cache != "no-store" {
				t.Errorf("%s, %s, may be cached: %s", path, name, cache)
			}
		}
	}
	for _, path := range []string{"/users/instance", "/.well-known/webfinger?resource=acct:gwen@" + w.server.IRIs.Domain(), "/nodeinfo/2.1"} {
		if rec := ask(path, vocab.ContentType, nil); rec.Code != http.StatusOK {
			t.Errorf("%s, unsigned, answered %d", path, rec.Code)
		}
	}
	if rec := ask(article, "text/html", nil); rec.Code != http.StatusFound {
		t.Errorf("a browser at an id is answered %d", rec.Code)
	}
	for _, path := range []string{"/users/gwen/outbox?page=true", "/users/gwen/followers", article + "/replies", article + "/likes", article + "/conversation"} {
		if rec := ask(path, "text/html", nil); rec.Code != http.StatusUnauthorized {
			t.Errorf("%s, asked for as a page, which it hasn't, answered %d", path, rec.Code)
		}
	}
	if rec := ask("/", "text/html", nil); rec.Code != http.StatusOK {
		t.Errorf("the front page is answered %d", rec.Code)
	}
	w.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Blocks.Add(ctx, &models.Block{Domain: "reader.example", CreatedAt: noon})
	})
	if rec := ask(article, vocab.ContentType, signed(signature.Cavage)); rec.Code != http.StatusForbidden {
		t.Errorf("a blocked server is answered %d", rec.Code)
	}
	// In open mode a signature that proves nothing is none.
	w.handler = open
	if rec := ask(article, vocab.ContentType, bad); rec.Code != http.StatusOK {
		t.Errorf("in open mode a bad signature is answered %d", rec.Code)
	}
}
