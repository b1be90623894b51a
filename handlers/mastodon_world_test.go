package handlers

import (
	"bytes"
	"context"
	"crypto"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"confnotes/activitypub"
	"confnotes/activitypub/fetch"
	judging "confnotes/activitypub/mastodon"
	"confnotes/activitypub/signature"
	"confnotes/activitypub/vocab"
	"confnotes/internal/draft"
	"confnotes/models"
)

// abroad is another server, on loopback, whose alice follows and answers; it has a judge
// look at every request when it comes.
type abroad struct {
	*app
	judge   *judging.Judge
	courier *activitypub.Courier
	base    string
	alice   string // her id

	mu   sync.Mutex
	n    int
	sent map[string]string // types of activities, by their ids
	asks int               // for documents
	new  bool              // it takes no signature but by RFC 9421
}

// newAbroad has our accounts go by a domain of their own, unless it is "".
func newAbroad(t testing.TB, domain string) *abroad {
	w := &abroad{app: newTestAppWith(t, options{baseURL: origin, domain: domain, federated: true}), sent: map[string]string{}}
	w.judge = judging.New(origin, w.ask, w.clock)
	peer := httptest.NewServer(w)
	t.Cleanup(func() { peer.CloseClientConnections(); peer.Close() })
	w.base, w.alice = peer.URL, peer.URL+"/users/alice"
	log := slog.New(slog.NewTextHandler(w.log, nil))
	client := fetch.New(fetch.Options{UserAgent: "test", AllowHTTP: true, AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, Now: w.clock})
	t.Cleanup(client.Close)
	w.courier = activitypub.NewCourier(w.server.Store, w.server.IRIs, client, log, w.clock)
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = w.courier.Run(ctx) })
	t.Cleanup(func() { stop(); running.Wait() })
	return w
}

// ServeHTTP is what the other server does: show who alice is, take everything.
func (w *abroad) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusBadRequest)
		return
	}
	got := judging.Request{Method: r.Method, URL: w.base + r.RequestURI, Header: r.Header.Clone(), Body: body, Shared: w.base + "/inbox"}
	got.Header.Set("Host", r.Host)
	w.judge.Request(got)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.new && r.Header.Get("Signature-Input") == "" {
		http.Error(rw, "sign by RFC 9421", http.StatusUnauthorized)
		return
	}
	if r.Method == http.MethodPost {
		activity := readActivity(body)
		w.sent[activity.ID] = activity.Type
		rw.WriteHeader(http.StatusAccepted)
		return
	}
	w.asks++
	keys, _ := testKeys()
	rw.Header().Set("Content-Type", vocab.ContentType)
	_, _ = rw.Write(inJSON(map[string]any{"@context": vocab.Profile, "id": w.alice, "type": "Person", "preferredUsername": "alice", "inbox": w.alice + "/inbox",
		"endpoints": map[string]any{"sharedInbox": w.base + "/inbox"}, "publicKey": map[string]any{"id": w.alice + "#main-key", "owner": w.alice, "publicKeyPem": keys[0].PublicPEM}}))
}

// ask asks our server as Mastodon does, without a session; it knows no other.
func (w *abroad) ask(at, accept string) judging.Answer {
	for range 4 { // it follows three redirects
		path, ours := strings.CutPrefix(at, origin)
		named, apart := strings.CutPrefix(at, "https://"+w.server.IRIs.Domain())
		if apart && strings.HasPrefix(named, "/.well-known/") { // which its owner hands on to us
			path, ours = named, true
		}
		if !ours {
			return judging.Answer{}
		}
		r := w.nobody().get(path, "Accept", accept)
		if at = r.header("Location"); at == "" {
			return judging.Answer{Status: r.Code, Type: r.header("Content-Type"), Body: []byte(r.body)}
		}
		if strings.HasPrefix(at, "/") {
			at = origin + at
		}
	}
	return judging.Answer{}
}

// says has alice do something, in an activity that she signs.
func (w *abroad) says(typ string, object any) { w.t.Helper(); w.saysWith(typ, object, nil) }

// saysWith adds an instrument: what a QuoteRequest would quote with.
func (w *abroad) saysWith(typ string, object, instrument any) {
	w.t.Helper()
	w.n++
	said := map[string]any{"@context": vocab.Profile, "id": fmt.Sprintf("%s/activities/%d", w.base, w.n), "type": typ, "actor": w.alice, "object": object}
	if instrument != nil {
		said["instrument"] = instrument
	}
	body := inJSON(said)
	r := httptest.NewRequest(http.MethodPost, w.server.IRIs.SharedInbox(), bytes.NewReader(body))
	r.Header.Set("Content-Type", vocab.ContentType)
	key, err := onceKey()
	fatal(w.t, err)
	fatal(w.t, signature.Sign(r, body, signature.Keys{RSA: signature.Key{ID: w.alice + "#main-key", Private: key}}, signature.Cavage, w.clock()))
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, r)
	if rec.Code != http.StatusAccepted {
		w.t.Fatalf("%s is answered %d %s", body, rec.Code, rec.Body)
	}
}

// note is what alice writes, in answer to something or mentioning somebody.
func (w *abroad) note(inReplyTo, mention, words string) map[string]any {
	w.n++
	note := map[string]any{"id": fmt.Sprintf("%s/notes/%d", w.base, w.n), "type": "Note", "attributedTo": w.alice, "content": "<p>" + words + "</p>",
		"published": "2026-06-11T11:00:00Z", "to": []string{vocab.Public}}
	if inReplyTo != "" {
		note["inReplyTo"] = inReplyTo
	}
	if mention != "" {
		note["tag"], note["cc"] = []any{map[string]any{"type": "Mention", "href": mention}}, []string{mention}
	}
	return note
}

// got are the ids of the activities of a type, "" for all, that came.
func (w *abroad) got(typ string) (ids []string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for id, t := range w.sent {
		if typ == "" || t == typ {
			ids = append(ids, id)
		}
	}
	return ids
}

// renew has the other server take nothing but RFC 9421 from now on.
func (w *abroad) renew() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.new = true
}

// freshKeys makes keys of both kinds, as an instance has them.
func freshKeys() ([]*models.ActorKey, error) {
	rsa, err := signature.GenerateKey()
	if err != nil {
		return nil, err
	}
	ed25519, err := signature.GenerateEd25519()
	if err != nil {
		return nil, err
	}
	var rows []*models.ActorKey
	for algorithm, key := range map[string]crypto.Signer{models.KeyRSA: rsa, models.KeyEd25519: ed25519} {
		private, err := signature.EncodePrivateKey(key)
		if err != nil {
			return nil, err
		}
		public, err := signature.EncodePublicKey(key.Public())
		if err != nil {
			return nil, err
		}
		rows = append(rows, &models.ActorKey{Algorithm: algorithm, PublicPEM: public, PrivatePEM: private})
	}
	return rows, nil
}

// settle waits until everything is sent.
func (w *abroad) settle() {
	w.t.Helper()
	w.courier.Wake()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		byState, err := w.server.Store.Deliveries.Count(context.Background())
		fatal(w.t, err)
		if byState[models.DeliveryQueued] == 0 {
			return
		}
		if time.Now().After(deadline) {
			w.t.Fatalf("deliveries stand at %v:\n%s", byState, w.log)
		}
	}
}

// publishes publishes an article, or over what stands.
func (w *abroad) publishes(by *person, over *models.Post, about models.About, text models.RevisionText) *models.Post {
	w.t.Helper()
	w.wait(time.Second)
	in := draft.Input{Account: by.Account, ClientID: models.NewPublicID(), Text: text, About: &about}
	if over != nil {
		in.PostID, in.Base = over.ID, over.LockVersion
	}
	done, err := w.server.Outbox.Publish(context.Background(), in, time.Time{})
	fatal(w.t, err)
	w.settle()
	return done.Post
}

// does sends a form that has to be taken, and waits for what it sends.
func (w *abroad) does(by *person, path string, form url.Values) {
	w.t.Helper()
	by.post(path, form).want(w.t, path, http.StatusSeeOther)
	w.settle()
}
