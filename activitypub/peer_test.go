package activitypub

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"confnotes/activitypub/signature"
	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// peer is another server, on loopback. It serves documents, counts what it is asked
// for, and keeps what reaches its inboxes.
type peer struct {
	t    testing.TB
	base string

	mu      sync.Mutex
	served  map[string]http.HandlerFunc
	asked   map[string]int
	arrived []delivered
}

// delivered is a POST that a peer got.
type delivered struct {
	path string
	body string
}

func newPeer(t testing.TB) *peer {
	t.Helper()
	p := &peer{t: t, served: map[string]http.HandlerFunc{}, asked: map[string]int{}}
	server := httptest.NewServer(p)
	p.base = server.URL
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return p
}

func (p *peer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	p.mu.Lock()
	p.asked[r.URL.Path]++
	handler := p.served[r.URL.Path]
	if r.Method == http.MethodPost {
		p.arrived = append(p.arrived, delivered{r.URL.Path, string(body)})
	}
	p.mu.Unlock()
	switch {
	case handler != nil:
		handler(w, r)
	case r.Method == http.MethodPost:
		w.WriteHeader(http.StatusAccepted)
	default:
		http.NotFound(w, r)
	}
}

// handle decides what a path answers.
func (p *peer) handle(path string, h http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.served[strings.TrimPrefix(path, p.base)] = h
}

// serve answers a path with an ActivityPub document.
func (p *peer) serve(path string, document any) {
	p.handle(path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", vocab.ContentType)
		_, _ = w.Write(toJSON(document))
	})
}

// status answers a path with nothing but a status.
func (p *peer) status(path string, status int) {
	p.handle(path, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) })
}

func (p *peer) askedFor(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[strings.TrimPrefix(path, p.base)]
}

func (p *peer) got() []delivered {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]delivered{}, p.arrived...)
}

// remote is somebody on another server who signs what they send.
type remote struct {
	id, name, base, keyID string
	key                   testKey
	ed25519               ed25519.PrivateKey // nil if they have none
	form                  signature.Form     // how they sign
}

var serial atomic.Int64

// newRemote describes somebody; nobody knows them yet.
func newRemote(base, name string) *remote {
	id := base + "/users/" + name
	return &remote{id: id, name: name, base: base, keyID: id + "#main-key", key: testKeys()[1]}
}

// actor makes somebody whom a peer serves.
func (p *peer) actor(name string) *remote {
	r := newRemote(p.base, name)
	p.serve(r.id, r.document())
	return r
}

// keys are what they sign with.
func (r *remote) keys() signature.Keys {
	return signature.Keys{RSA: signature.Key{ID: r.keyID, Private: r.key.private}, Ed25519: signature.Key{ID: r.id + "#ed25519-key", Private: r.ed25519}}
}

func (r *remote) document() map[string]any {
	doc := map[string]any{
		"@context": []any{vocab.Profile, "https://w3id.org/security/v1"}, "id": r.id, "type": "Person", "preferredUsername": r.name,
		"name": "The " + r.name, "inbox": r.id + "/inbox", "followers": r.id + "/followers", "url": r.base + "/@" + r.name,
		"endpoints": map[string]any{"sharedInbox": r.base + "/inbox"},
		"publicKey": map[string]any{"id": r.keyID, "owner": r.id, "publicKeyPem": r.key.public},
	}
	if r.ed25519 != nil {
		doc["assertionMethod"] = []any{map[string]any{"id": r.id + "#ed25519-key", "type": "Multikey", "controller": r.id,
			"publicKeyMultibase": signature.EncodeMultibase(r.ed25519.Public().(ed25519.PublicKey))}}
	}
	return doc
}

// known stores somebody of a server that needn't exist, as a first request would.
func (s *site) known(base, name string) *remote {
	s.t.Helper()
	r := newRemote(base, name)
	now := s.clock.now()
	s.inTx(func(tx *models.Store) error {
		a := &models.Actor{URI: &r.id, Kind: "Person", Handle: name, Domain: vocab.Host(base), Name: "The " + name, URL: base + "/@" + name,
			Inbox: r.id + "/inbox", SharedInbox: base + "/inbox", FollowersURI: r.id + "/followers", CreatedAt: now, FetchedAt: &now}
		if err := tx.Actors.SaveRemote(s.ctx(), a); err != nil {
			return err
		}
		return tx.Actors.SaveRemoteKey(s.ctx(), &models.ActorKey{ActorID: a.ID, KeyURI: &r.keyID, Algorithm: "rsa", PublicPEM: r.key.public, FetchedAt: &now})
	})
	return r
}

func (s *site) actorOf(r *remote) *models.Actor {
	s.t.Helper()
	a, err := s.store.Actors.ByURI(s.ctx(), r.id)
	s.must(err)
	return a
}

// does makes an activity with an id of its own.
func (r *remote) does(typ string, object any) map[string]any {
	return map[string]any{"@context": vocab.Profile, "id": fmt.Sprintf("%s/activities/%d", r.base, serial.Add(1)),
		"type": typ, "actor": r.id, "object": object}
}

// note makes a public reply.
func (r *remote) note(inReplyTo, content string) map[string]any {
	return map[string]any{"id": fmt.Sprintf("%s/notes/%d", r.base, serial.Add(1)), "type": "Note", "attributedTo": r.id, "inReplyTo": inReplyTo,
		"content": content, "published": "2026-06-11T18:00:00Z", "to": []any{vocab.Public}, "cc": []any{r.id + "/followers"}}
}

// with returns a copy with other values; nil takes a key away.
func with(m map[string]any, pairs ...any) map[string]any {
	copied := make(map[string]any, len(m))
	for k, v := range m {
		copied[k] = v
	}
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] == nil {
			delete(copied, pairs[i].(string))
			continue
		}
		copied[pairs[i].(string)] = pairs[i+1]
	}
	return copied
}

// request is a signed POST as it reaches our shared inbox.
func (s *site) request(r *remote, body []byte, at time.Time) *http.Request {
	s.t.Helper()
	return s.requestTo(s.iris.SharedInbox(), r, body, at)
}

// requestTo is one as it reaches another inbox.
func (s *site) requestTo(inbox string, r *remote, body []byte, at time.Time) *http.Request {
	s.t.Helper()
	req := httptest.NewRequest(http.MethodPost, inbox, bytes.NewReader(body))
	req.Header.Set("Content-Type", vocab.ContentType)
	s.must(signature.Sign(req, body, r.keys(), r.form, at))
	return req
}

// receive hands a request in and returns the status that it is answered with.
func (s *site) receive(req *http.Request) (int, *Refusal) {
	err := s.inbox.Receive(s.ctx(), req)
	var refusal *Refusal
	switch {
	case err == nil:
		return http.StatusAccepted, &Refusal{}
	case errors.As(err, &refusal):
		return refusal.Status, refusal
	}
	return http.StatusInternalServerError, &Refusal{Reason: err.Error()}
}

// send posts an activity as its sender would and returns the answer's status.
func (s *site) send(from *remote, activity any) int {
	s.t.Helper()
	status, _ := s.receive(s.request(from, toJSON(activity), s.clock.now()))
	return status
}

// accept is send for what must be taken.
func (s *site) accept(from *remote, activity any) {
	s.t.Helper()
	if status, refusal := s.receive(s.request(from, toJSON(activity), s.clock.now())); status != http.StatusAccepted {
		s.t.Fatalf("answered %d %s, want 202, for %s", status, refusal.Error(), toJSON(activity))
	}
}
