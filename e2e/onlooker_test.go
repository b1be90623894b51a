package e2e

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"testing"
	"time"

	"confnotes/activitypub/mastodon"
	"confnotes/activitypub/signature"
)

// onlooker is one more server on loopback, whose one actor follows: it takes everything,
// and judges by Mastodon's rules each request when it comes, and in the end what stands on
// the instance.
type onlooker struct {
	in     *instance
	judge  *mastodon.Judge
	actor  string // its id
	public string // PEM
	inbox  *logbook
}

// newOnlooker makes one and has it follow actors of an instance.
func newOnlooker(t testing.TB, ca *authority, in *instance, follows ...string) *onlooker {
	t.Helper()
	private, err := signature.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	o := &onlooker{in: in, inbox: &logbook{}}
	if o.public, err = signature.EncodePublicKey(&private.PublicKey); err != nil {
		t.Fatal(err)
	}
	o.judge = mastodon.New(in.baseURL, func(at, accept string) mastodon.Answer { return followed(in.client, at, accept) }, time.Now)
	certificate, err := tls.LoadX509KeyPair(ca.file("leaf.pem"), ca.file("leaf.key"))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(o)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}}
	server.StartTLS()
	t.Cleanup(server.Close)
	o.actor = server.URL + "/users/reader"
	for i, whom := range follows {
		follow := map[string]any{"@context": "https://www.w3.org/ns/activitystreams", "id": fmt.Sprintf("%s#follows/%d", o.actor, i), "type": "Follow", "actor": o.actor, "object": whom}
		o.post(t, follow, signature.Keys{RSA: signature.Key{ID: o.actor + "#main-key", Private: private}})
	}
	in.idle(t)
	return o
}

func (o *onlooker) post(t testing.TB, activity any, keys signature.Keys) {
	t.Helper()
	body, err := json.Marshal(activity)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.in.baseURL+"/inbox", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/activity+json")
	if err := signature.Sign(req, body, keys, signature.Cavage, time.Now()); err != nil {
		t.Fatal(err)
	}
	res, err := o.in.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusAccepted {
		t.Fatalf("%s is answered %s", body, res.Status)
	}
}

func (o *onlooker) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	base := "https://" + r.Host
	got := mastodon.Request{Method: r.Method, URL: base + r.RequestURI, Header: r.Header.Clone(), Body: body, Shared: base + "/inbox"}
	got.Header.Set("Host", r.Host)
	o.judge.Request(got)
	if r.Method == http.MethodPost {
		_, _ = o.inbox.Write(append(body, '\n'))
		w.WriteHeader(http.StatusAccepted)
		return
	}
	w.Header().Set("Content-Type", "application/activity+json")
	_ = json.NewEncoder(w).Encode(map[string]any{"@context": []string{"https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"},
		"id": o.actor, "type": "Person", "preferredUsername": "reader", "inbox": o.actor + "/inbox", "endpoints": map[string]string{"sharedInbox": base + "/inbox"},
		"publicKey": map[string]string{"id": o.actor + "#main-key", "owner": o.actor, "publicKeyPem": o.public}})
}

// followed asks a server as Mastodon does, which follows three redirects.
func followed(client *http.Client, at, accept string) mastodon.Answer {
	for range 4 {
		req, err := http.NewRequest(http.MethodGet, at, nil)
		if err != nil {
			return mastodon.Answer{}
		}
		req.Header.Set("Accept", accept)
		res, err := client.Do(req)
		if err != nil {
			return mastodon.Answer{Body: []byte(err.Error())}
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		to, noWay := res.Location()
		if err != nil || noWay != nil {
			return mastodon.Answer{Status: res.StatusCode, Type: res.Header.Get("Content-Type"), Body: body}
		}
		at = to.String()
	}
	return mastodon.Answer{}
}

// verdict fails the test for what Mastodon wouldn't take: of what came, which must be of
// these types, and of what is to be found from the addresses.
func (o *onlooker) verdict(t testing.TB, addresses, types []string) {
	t.Helper()
	o.in.idle(t)
	for _, address := range addresses {
		o.judge.Account(address)
	}
	var came []string
	for dec := json.NewDecoder(bytes.NewReader([]byte(o.inbox.String()))); ; {
		var activity struct{ ID, Type string }
		if dec.Decode(&activity) != nil {
			break
		}
		came = append(came, activity.Type)
		if at, err := url.Parse(activity.ID); err != nil || at.Host == "" {
			t.Errorf("%s has the id %q", activity.Type, activity.ID)
		} else if followed(o.in.client, activity.ID, activityJSON).Status == http.StatusGone {
			o.judge.Gone(activity.ID)
		} else {
			o.judge.Document(activity.ID)
		}
	}
	for _, typ := range types {
		if !slices.Contains(came, typ) {
			t.Errorf("no %s came, only %q", typ, came)
		}
	}
	for _, f := range o.judge.Findings() {
		t.Error(f)
	}
}
