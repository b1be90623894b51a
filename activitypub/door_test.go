package activitypub

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"confnotes/activitypub/signature"
	"confnotes/models"
)

// knock is one request at the door, made from a good Follow by spoiling one thing.
type knock struct {
	name    string
	body    string                                     // instead of the Follow
	before  func(s *site, alice *remote)               // what has happened
	signer  func(alice *remote) *remote                // who signs instead
	spoil   func(s *site, r *http.Request)             // after signing
	at      time.Duration                              // sender's clock against ours
	rebuild func(s *site, alice *remote) *http.Request // another request altogether
	status  int
	reason  string // part of it
}

var knocks = []knock{
	{name: "a good Follow is taken", status: 202},
	{name: "a body over 1 MB is too large, signed or not", spoil: func(_ *site, r *http.Request) {
		r.Body = bodyOf(bytes.Repeat([]byte(" "), maxBody+1))
		r.Header.Del("Signature")
	}, status: 413, reason: "1 MB"},
	{name: "plain JSON is no ActivityPub", spoil: setHeader("Content-Type", "application/json"), status: 415, reason: "activity+json"},
	{name: "ld+json without the profile is no ActivityPub", spoil: setHeader("Content-Type", "application/ld+json"), status: 415},
	{name: "no content type at all", spoil: setHeader("Content-Type", ""), status: 415},
	{name: "the type is looked at before the signature", spoil: func(_ *site, r *http.Request) {
		r.Header.Set("Content-Type", "text/html")
		r.Header.Del("Signature")
	}, status: 415},
	{name: "unsigned", spoil: setHeader("Signature", ""), status: 401, reason: "no Signature"},
	{name: "signed by RFC 9421", signer: byMessage, status: 202},
	{name: "signed by RFC 9421 with another body", signer: byMessage, spoil: func(_ *site, r *http.Request) { r.Body = bodyOf([]byte(`{"type":"Follow"}`)) },
		status: 401, reason: "Content-Digest"},
	{name: "signed by RFC 9421 for another inbox", signer: byMessage, spoil: func(_ *site, r *http.Request) { r.RequestURI = "/users/gwen/inbox" },
		status: 503, reason: "could not be fetched"}, // the signature doesn't match, so the key may be another by now
	{name: "signed by RFC 9421 two hours ago", signer: byMessage, at: -2 * time.Hour, status: 401, reason: "created"},
	{name: "signed by RFC 9421 with an Ed25519 key that nobody listed", signer: func(alice *remote) *remote {
		signer := *alice
		signer.ed25519, signer.form = testKeys()[1].ed25519, signature.MessageEd25519
		return &signer
	}, status: 503, reason: "could not be fetched"},
	{name: "another body than was signed", spoil: func(_ *site, r *http.Request) { r.Body = bodyOf([]byte(`{"type":"Follow"}`)) }, status: 401, reason: "Digest"},
	{name: "a date 59 minutes old is in time", at: -59 * time.Minute, status: 202},
	{name: "a date 59 minutes ahead is in time", at: 59 * time.Minute, status: 202},
	{name: "a date two hours old", at: -2 * time.Hour, status: 401, reason: "Date"},
	{name: "a date two hours ahead", at: 2 * time.Hour, status: 401, reason: "Date"},
	{name: "the digest left out of what is signed", spoil: uncover(" digest"), status: 401, reason: "digest"},
	{name: "the host left out of what is signed", spoil: uncover(" host"), status: 401, reason: "host"},
	{name: "the target left out of what is signed", spoil: uncover("(request-target) "), status: 401, reason: "(request-target)"},
	{name: "the date left out of what is signed", spoil: uncover(" date"), status: 401, reason: "date"},
	{name: "meant for another server", spoil: func(_ *site, r *http.Request) { r.Host = "other.example" }, status: 401, reason: "not this server"},
	{name: "not JSON", body: "hello", status: 400, reason: "JSON"},
	{name: "JSON, but no object", body: `["Follow"]`, status: 400, reason: "object"},
	{name: "a key that stands twice", body: `{"id":"https://social.example/1","id":"https://social.example/2"}`, status: 400, reason: "twice"},
	{name: "a key that stands twice but for case", body: `{"actor":"https://social.example/users/alice","Actor":"x"}`, status: 400, reason: "twice"},
	{name: "nested too deep", body: strings.Repeat(`{"object":`, 40) + "1" + strings.Repeat("}", 40), status: 400, reason: "deeper"},
	{name: "an activity without a type", body: `{"actor":"https://social.example/users/alice","object":"x"}`, status: 400, reason: "type"},
	{name: "an activity without an actor", body: `{"type":"Follow","object":"x"}`, status: 400, reason: "actor"},
	{name: "an activity without an object", body: `{"type":"Follow","actor":"https://social.example/users/alice"}`, status: 400, reason: "object"},
	{name: "an id that is no URL", body: `{"type":"Follow","id":"urn:1","actor":"https://social.example/users/alice","object":"x"}`, status: 400, reason: "id"},
	{name: "signed as one of ours", signer: func(*remote) *remote { return newRemote(ourBase, "gwen") }, status: 401, reason: "our own"},
	{name: "signed as one of ours in other letters", signer: func(*remote) *remote { return newRemote("HTTPS://Notes.Example:443", "gwen") }, status: 401, reason: "our own"},
	{name: "from a blocked server", before: blockDomain("social.example"), status: 403, reason: "blocked"},
	{name: "from a server under a blocked domain", before: blockDomain("example"), status: 403},
	{name: "a server is not blocked by its subdomain", before: blockDomain("www.social.example"), status: 202},
	{name: "a server is not blocked by a name that ends like it", before: blockDomain("cial.example"), status: 202},
	{name: "from a blocked server's subdomain, unknown and never asked", before: blockDomain("social.example"),
		signer: func(*remote) *remote { return newRemote("https://sub.social.example", "mallory") }, status: 403},
	{name: "from a blocked server, written with the root's dot", before: blockDomain("social.example"),
		signer: func(*remote) *remote { return newRemote("https://social.example.", "mallory") }, status: 403},
	{name: "from a blocked server, written with the root's dot and a port", before: blockDomain("social.example"),
		signer: func(*remote) *remote { return newRemote("https://social.example.:8443", "mallory") }, status: 403},
	{name: "from a blocked server, written in its own script", before: blockDomain("xn--bcher-kva.example"),
		signer: func(*remote) *remote { return newRemote("https://bücher.example", "mallory") }, status: 403},
	{name: "from a blocked account", before: func(s *site, alice *remote) {
		s.inTx(func(tx *models.Store) error {
			return tx.Blocks.Add(s.ctx(), &models.Block{ActorID: s.actorOf(alice).ID, CreatedAt: s.clock.now()})
		})
	}, status: 403, reason: "blocked"},
	{name: "from somebody who was deleted", before: func(s *site, alice *remote) {
		s.inTx(func(tx *models.Store) error {
			return tx.Actors.MarkDeleted(s.ctx(), s.actorOf(alice).ID, s.clock.now())
		})
	}, status: 403, reason: "deleted"},
	{name: "in somebody else's name", rebuild: func(s *site, alice *remote) *http.Request {
		bob := s.known("https://social.example", "bob")
		return s.request(alice, toJSON(bob.does("Follow", s.iris.Actor("gwen"))), s.clock.now())
	}, status: 401, reason: "the key belongs to"},
	{name: "an activity with an id on another host", rebuild: func(s *site, alice *remote) *http.Request {
		return s.request(alice, toJSON(with(alice.does("Follow", s.iris.Actor("gwen")), "id", "https://other.example/1")), s.clock.now())
	}, status: 403, reason: "another host"},
}

// byMessage has alice sign as RFC 9421 says.
func byMessage(alice *remote) *remote {
	signer := *alice
	signer.form = signature.MessageRSA
	return &signer
}

func setHeader(name, value string) func(*site, *http.Request) {
	return func(_ *site, r *http.Request) {
		if value == "" {
			r.Header.Del(name)
			return
		}
		r.Header.Set(name, value)
	}
}

// uncover takes a name out of the list of what is signed.
func uncover(name string) func(*site, *http.Request) {
	return func(s *site, r *http.Request) {
		all := r.Header.Get("Signature")
		less := strings.Replace(all, name, "", 1)
		if less == all {
			s.t.Fatalf("%q covers no %q", all, name)
		}
		r.Header.Set("Signature", less)
	}
}

func blockDomain(domain string) func(*site, *remote) {
	return func(s *site, _ *remote) {
		s.inTx(func(tx *models.Store) error {
			return tx.Blocks.Add(s.ctx(), &models.Block{Domain: domain, CreatedAt: s.clock.now()})
		})
	}
}

// TestDoor goes through every refusal. Whoever is refused leaves no trace, and is told
// why in one line.
func TestDoor(t *testing.T) {
	t.Parallel()
	for _, k := range knocks {
		t.Run(k.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			s.person("gwen", models.RoleOwner)
			alice := s.known("https://social.example", "alice")
			if k.before != nil {
				k.before(s, alice)
			}
			req := k.request(s, alice)
			before := s.dump()
			status, refusal := s.receive(req)
			if status != k.status || !strings.Contains(refusal.Reason, k.reason) {
				t.Errorf("answered %d %q, want %d and a reason that has %q", status, refusal.Reason, k.status, k.reason)
			}
			if strings.ContainsAny(refusal.Reason, "\r\n") {
				t.Errorf("the reason has several lines: %q", refusal.Reason)
			}
			if after := s.dump(); (after == before) != (k.status != 202) {
				t.Errorf("answered %d, and the database was %s\nit is now\n%s", status, before, after)
			}
		})
	}
}

func (k knock) request(s *site, alice *remote) *http.Request {
	if k.rebuild != nil {
		return k.rebuild(s, alice)
	}
	if k.signer != nil {
		alice = k.signer(alice)
	}
	body := toJSON(alice.does("Follow", s.iris.Actor("gwen")))
	if k.body != "" {
		body = []byte(k.body)
	}
	req := s.request(alice, body, s.clock.now().Add(k.at))
	if k.spoil != nil {
		k.spoil(s, req)
	}
	return req
}
