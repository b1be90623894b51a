package handlers

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"

	"confnotes/activitypub/signature"
	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// signer is somebody elsewhere whose server signs what it asks for and sends.
type signer struct {
	*models.Actor
	app  *app
	keys signature.Keys
	said int // activities
}

// signer stores somebody elsewhere with their key.
func (a *app) signer(name string) *signer {
	a.t.Helper()
	private, err := onceKey()
	fatal(a.t, err)
	keys, err := testKeys()
	fatal(a.t, err)
	actor := a.stranger(name, name+".example")
	keyURI := *actor.URI + "#main-key"
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Actors.SaveRemoteKey(ctx, &models.ActorKey{ActorID: actor.ID, KeyURI: &keyURI, Algorithm: models.KeyRSA, PublicPEM: keys[0].PublicPEM, FetchedAt: &noon})
	})
	return &signer{Actor: actor, app: a, keys: signature.Keys{RSA: signature.Key{ID: keyURI, Private: private}}}
}

// sign signs a request of a form that servers know.
func (s *signer) sign(r *http.Request, body []byte, form signature.Form) {
	s.app.t.Helper()
	fatal(s.app.t, signature.Sign(r, body, s.keys, form, s.app.clock()))
}

// get asks for what servers read.
func (s *signer) get(path string) *response {
	s.app.t.Helper()
	r := httptest.NewRequest(http.MethodGet, s.app.server.IRIs.Base()+path, nil)
	r.Header.Set("Accept", vocab.ContentType)
	s.sign(r, nil, signature.Cavage)
	return s.app.serve(r)
}

// post sends an activity to an inbox.
func (s *signer) post(path string, activity map[string]any) *response {
	s.app.t.Helper()
	body, err := json.Marshal(activity)
	fatal(s.app.t, err)
	r := httptest.NewRequest(http.MethodPost, s.app.server.IRIs.Base()+path, bytes.NewReader(body))
	r.Header.Set("Content-Type", vocab.ContentType)
	s.sign(r, body, signature.Cavage)
	return s.app.serve(r)
}

// does makes an activity; more is names and values in turn.
func (s *signer) does(typ string, object any, more ...any) map[string]any {
	s.said++
	activity := map[string]any{"@context": vocab.Profile, "id": fmt.Sprintf("%s/activities/%d", *s.URI, s.said), "type": typ, "actor": *s.URI, "object": object}
	for i := 0; i+1 < len(more); i += 2 {
		activity[more[i].(string)] = more[i+1]
	}
	return activity
}

// says sends a note to those in to, with a picture that has words of its own, and returns it
// as it is stored.
func (s *signer) says(words, inReplyTo, alt string, to ...string) *models.Post {
	s.app.t.Helper()
	note := map[string]any{"id": fmt.Sprintf("%s/notes/%d", *s.URI, s.said), "type": "Note", "attributedTo": *s.URI, "content": "<p>" + words + "</p>",
		"published": noon.Format("2006-01-02T15:04:05Z"), "to": to}
	if inReplyTo != "" {
		note["inReplyTo"] = inReplyTo
	}
	if alt != "" {
		note["attachment"] = []any{map[string]any{"type": "Image", "mediaType": "image/png", "url": "https://" + s.Domain + "/1.png", "name": alt}}
	}
	s.post("/inbox", s.does("Create", note)).want(s.app.t, "a note of "+s.Handle, http.StatusAccepted)
	post, err := s.app.server.Store.Posts.ByURI(s.app.t.Context(), note["id"].(string))
	fatal(s.app.t, err)
	return post
}
