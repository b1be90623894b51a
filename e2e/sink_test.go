package e2e

import (
	"bytes"
	"context"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"confnotes/activitypub/signature"
)

// sink is many small servers on loopback ports, over plain http: their actors follow,
// answer, and write down what arrives. It takes everything at once.
type sink struct {
	actors []string // ids
	key    *rsa.PrivateKey
	public string // PEM of the one key that they all have, each under its own id

	mu  sync.Mutex
	got map[string][]arrival // by the actor whose own inbox it came to
}

// arrival is an activity in an inbox.
type arrival struct{ ID, Type, Object string }

func newSink(t testing.TB, servers, actorsEach int) *sink {
	t.Helper()
	private, err := signature.GenerateKey()
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{key: private, got: map[string][]arrival{}}
	if s.public, err = signature.EncodePublicKey(&private.PublicKey); err != nil {
		t.Fatal(err)
	}
	for range servers {
		mux := http.NewServeMux()
		mux.HandleFunc("GET /users/{name}", s.showActor)
		mux.HandleFunc("POST /users/{name}/inbox", s.take)
		server := httptest.NewServer(mux)
		t.Cleanup(server.Close)
		for n := range actorsEach {
			s.actors = append(s.actors, fmt.Sprintf("%s/users/reader%d", server.URL, n))
		}
	}
	return s
}

func (s *sink) showActor(w http.ResponseWriter, r *http.Request) {
	id := "http://" + r.Host + r.URL.Path
	w.Header().Set("Content-Type", "application/activity+json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"@context": []string{"https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v1"},
		"id":       id, "type": "Person", "preferredUsername": r.PathValue("name"), "inbox": id + "/inbox",
		"publicKey": map[string]string{"id": id + "#main-key", "owner": id, "publicKeyPem": s.public},
	})
}

func (s *sink) take(w http.ResponseWriter, r *http.Request) {
	var activity struct {
		ID, Type string
		Object   json.RawMessage
	}
	if err := json.NewDecoder(r.Body).Decode(&activity); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	var object struct{ ID string }
	if json.Unmarshal(activity.Object, &object) != nil {
		_ = json.Unmarshal(activity.Object, &object.ID)
	}
	actor := "http://" + r.Host + strings.TrimSuffix(r.URL.Path, "/inbox")
	s.mu.Lock()
	s.got[actor] = append(s.got[actor], arrival{activity.ID, activity.Type, object.ID})
	s.mu.Unlock()
	w.WriteHeader(http.StatusAccepted)
}

// arrived returns what an actor's inbox has of a type.
func (s *sink) arrived(actor, typ string) []arrival {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []arrival
	for _, a := range s.got[actor] {
		if a.Type == typ {
			found = append(found, a)
		}
	}
	return found
}

var sinkClient = &http.Client{Timeout: 10 * time.Second}

// post sends an activity, signed by its actor, once.
func (s *sink) post(ctx context.Context, inbox, actor string, activity map[string]any) (status int, err error) {
	body, err := json.Marshal(activity)
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, inbox, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Content-Type", "application/activity+json")
	keys := signature.Keys{RSA: signature.Key{ID: actor + "#main-key", Private: s.key}}
	if err := signature.Sign(req, body, keys, signature.Cavage, time.Now()); err != nil {
		return 0, err
	}
	res, err := sinkClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = res.Body.Close() }()
	why, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusAccepted {
		err = fmt.Errorf("%s answers %d: %s", inbox, res.StatusCode, why)
	}
	return res.StatusCode, err
}

// insist sends an activity until it is taken, as a server that retries does. Being
// down or busy is no answer; a refusal is the end.
func (s *sink) insist(ctx context.Context, inbox, actor string, activity map[string]any) error {
	for {
		status, err := s.post(ctx, inbox, actor, activity)
		if status == http.StatusAccepted && err == nil {
			return nil
		}
		if status >= 400 && status < 500 {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%w, the last answer was %v", ctx.Err(), err)
		case <-time.After(pollEvery):
		}
	}
}

// followAll has every actor follow the author of an instance, and waits for the Accepts.
func (s *sink) followAll(t testing.TB, in *instance) {
	t.Helper()
	target := in.baseURL + "/users/" + author
	var group sync.WaitGroup
	places := make(chan struct{}, 8)
	for _, actor := range s.actors {
		group.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			err := s.insist(t.Context(), target+"/inbox", actor, map[string]any{"@context": "https://www.w3.org/ns/activitystreams",
				"id": actor + "/follows/1", "type": "Follow", "actor": actor, "object": target})
			if err != nil {
				t.Errorf("%s follows: %v", actor, err)
			}
		})
	}
	group.Wait()
	eventually(t, patience, "every follow is accepted", func() error {
		for _, actor := range s.actors {
			if len(s.arrived(actor, "Accept")) == 0 {
				return fmt.Errorf("%s has no Accept", actor)
			}
		}
		return nil
	})
}
