package activitypub

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// keyTest is a site, a peer of which it knows nobody yet, and a refusal that is looked at.
type keyTest struct {
	*site
	peer  *peer
	alice *remote
}

func newKeyTest(t *testing.T) *keyTest {
	s := newSite(t)
	s.person("gwen", models.RoleOwner)
	p := newPeer(t)
	return &keyTest{s, p, p.actor("alice")}
}

func (k *keyTest) follow(as *remote) map[string]any { return as.does("Follow", k.iris.Actor("gwen")) }

// refused sends what must be refused, and leave no trace.
func (k *keyTest) refused(from *remote, activity any, want int) *Refusal {
	k.t.Helper()
	before := k.dump()
	status, refusal := k.receive(k.request(from, toJSON(activity), k.clock.now()))
	if status != want {
		k.t.Errorf("answered %d %s, want %d", status, refusal.Error(), want)
	}
	if k.dump() != before {
		k.t.Error("a refused request changed the database")
	}
	return refusal
}

func TestASignersKeyIsFetchedOnceAndKept(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	k.accept(k.alice, k.follow(k.alice))
	k.accept(k.alice, k.follow(k.alice))
	if n := k.peer.askedFor(k.alice.id); n != 1 {
		t.Errorf("asked for the actor %d times, want once", n)
	}
	if n := k.count("follows"); n != 1 {
		t.Errorf("%d follows, want 1", n)
	}
}

func TestAnothersBodyWithItsOwnDigestIsNotTheSigners(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	k.accept(k.alice, k.follow(k.alice))
	req := k.request(k.alice, toJSON(k.follow(k.alice)), k.clock.now())
	body := toJSON(k.alice.does("Block", k.iris.Actor("gwen")))
	sum := sha256.Sum256(body)
	req.Body = bodyOf(body)
	req.Header.Set("Digest", "SHA-256="+base64.StdEncoding.EncodeToString(sum[:]))
	if status, refusal := k.receive(req); status != http.StatusUnauthorized || k.count("follows") != 1 {
		t.Errorf("answered %d %s", status, refusal.Error())
	}
}

// A key of GoToSocial stands in a document of its own, a stub of the actor.
func TestAKeyDocumentOfItsOwnIsUnderstood(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	carol := k.peer.actor("carol")
	carol.keyID = carol.id + "/main-key"
	k.peer.serve(carol.id, carol.document())
	k.peer.serve(carol.keyID, map[string]any{"id": carol.id, "type": "Person", "preferredUsername": "carol", "publicKey": carol.document()["publicKey"]})
	k.accept(carol, k.follow(carol))
	k.accept(carol, k.follow(carol))
	if n := k.peer.askedFor(carol.keyID); n != 1 {
		t.Errorf("asked for the key %d times, want once", n)
	}
}

func TestWhoOwnsAKeyIsWhatBothSidesSay(t *testing.T) {
	t.Parallel()
	t.Run("an owner who doesn't list the key doesn't own it", func(t *testing.T) {
		t.Parallel()
		k := newKeyTest(t)
		mallory := &remote{id: k.alice.id, base: k.peer.base, keyID: k.peer.base + "/keys/1", key: testKeys()[2]}
		k.peer.serve("/keys/1", map[string]any{"id": mallory.keyID, "type": "Key", "owner": k.alice.id, "publicKeyPem": mallory.key.public})
		k.refused(mallory, k.follow(k.alice), http.StatusUnauthorized)
	})
	t.Run("a key on another host is nobody's there, even if they list it", func(t *testing.T) {
		t.Parallel()
		k := newKeyTest(t)
		other := newPeer(t)
		mallory := &remote{id: k.alice.id, base: k.peer.base, keyID: other.base + "/keys/1", key: testKeys()[2]}
		key := map[string]any{"id": mallory.keyID, "owner": k.alice.id, "publicKeyPem": mallory.key.public}
		other.serve("/keys/1", with(key, "type", "Key"))
		k.peer.serve(k.alice.id, with(k.alice.document(), "publicKey", key))
		k.refused(mallory, k.follow(k.alice), http.StatusUnauthorized)
	})
	t.Run("a key that names no owner", func(t *testing.T) {
		t.Parallel()
		k := newKeyTest(t)
		k.alice.keyID = k.peer.base + "/keys/1"
		k.peer.serve("/keys/1", map[string]any{"id": k.alice.keyID, "publicKeyPem": k.alice.key.public})
		k.refused(k.alice, k.follow(k.alice), http.StatusUnauthorized)
	})
	t.Run("somebody else's key, listed by an accomplice, still is theirs", func(t *testing.T) {
		t.Parallel()
		k := newKeyTest(t)
		mallory := k.peer.actor("mallory")
		mallory.key = testKeys()[2]
		stolen := map[string]any{"id": k.alice.keyID, "owner": mallory.id, "publicKeyPem": mallory.key.public}
		k.peer.serve(mallory.id, with(mallory.document(), "publicKey", []any{mallory.document()["publicKey"], stolen}))
		k.accept(mallory, k.follow(mallory))
		k.accept(k.alice, k.follow(k.alice))
	})
}

func TestARotatedKeyIsFetchedOnce(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	k.accept(k.alice, k.follow(k.alice))
	k.alice.key = testKeys()[2]
	k.peer.serve(k.alice.id, k.alice.document())
	k.accept(k.alice, k.follow(k.alice))
	k.accept(k.alice, k.follow(k.alice))
	if n := k.peer.askedFor(k.alice.id); n != 2 {
		t.Errorf("asked for the actor %d times, want twice", n)
	}
}

// Whoever may send us bad signatures must not be able to make us knock at somebody's
// door each time.
func TestAWrongKeyIsNotFetchedAgainAndAgain(t *testing.T) {
	t.Parallel()
	for name, known := range map[string]bool{"of somebody known": true, "of somebody unknown": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKeyTest(t)
			if known {
				k.accept(k.alice, k.follow(k.alice))
			}
			asked := k.peer.askedFor(k.alice.id)
			forger := *k.alice
			forger.key = testKeys()[2]
			for range 5 {
				k.refused(&forger, k.follow(&forger), http.StatusUnauthorized)
			}
			if n := k.peer.askedFor(k.alice.id) - asked; n != 1 {
				t.Errorf("five bad signatures asked for the key %d times, want once", n)
			}
			k.accept(k.alice, k.follow(k.alice)) // the forger keeps nobody out
			k.clock.move(2 * time.Minute)
			asked = k.peer.askedFor(k.alice.id)
			k.refused(&forger, k.follow(&forger), http.StatusUnauthorized)
			if n := k.peer.askedFor(k.alice.id) - asked; n != 1 {
				t.Errorf("later it was asked for %d times, want once again", n)
			}
		})
	}
}

func TestAKeyThatCannotBeHad(t *testing.T) {
	t.Parallel()
	t.Run("its server is down: come back later", func(t *testing.T) {
		t.Parallel()
		k := newKeyTest(t)
		k.peer.status(k.alice.id, http.StatusInternalServerError)
		if r := k.refused(k.alice, k.follow(k.alice), http.StatusServiceUnavailable); r.RetryAfter <= 0 {
			t.Error("a 503 without Retry-After")
		}
		down := newRemote("http://127.0.0.1:1", "alice")
		if r := k.refused(down, k.follow(down), http.StatusServiceUnavailable); r.RetryAfter <= 0 {
			t.Error("a 503 without Retry-After")
		}
	})
	t.Run("it is gone", func(t *testing.T) {
		t.Parallel()
		k := newKeyTest(t)
		for _, status := range []int{http.StatusNotFound, http.StatusGone, http.StatusForbidden} {
			k.peer.status(k.alice.id, status)
			k.refused(k.alice, k.follow(k.alice), http.StatusUnauthorized)
		}
	})
	t.Run("it is somewhere that we don't go", func(t *testing.T) {
		t.Parallel()
		k := newKeyTest(t)
		inside := newRemote("http://10.0.0.1", "alice")
		k.refused(inside, k.follow(inside), http.StatusUnauthorized)
	})
	t.Run("it is no RSA key", func(t *testing.T) {
		t.Parallel()
		k := newKeyTest(t)
		k.peer.serve(k.alice.id, with(k.alice.document(), "publicKey", map[string]any{"id": k.alice.keyID, "owner": k.alice.id, "publicKeyPem": "hello"}))
		k.refused(k.alice, k.follow(k.alice), http.StatusUnauthorized)
	})
}

func TestADeleteFromSomebodyWhoIsGone(t *testing.T) {
	t.Parallel()
	t.Run("and was never known is taken, and leaves nothing", func(t *testing.T) {
		t.Parallel()
		k := newKeyTest(t)
		k.peer.status(k.alice.id, http.StatusGone)
		before := k.dump()
		k.accept(k.alice, k.alice.does("Delete", k.alice.id))
		if k.dump() != before {
			t.Error("the Delete of somebody unknown changed the database")
		}
	})
	t.Run("and was known erases them, on their server's word", func(t *testing.T) {
		t.Parallel()
		k := newKeyTest(t)
		k.accept(k.alice, k.follow(k.alice))
		k.peer.status(k.alice.id, http.StatusGone)
		k.alice.key = testKeys()[2] // the last key is as gone as she is
		k.accept(k.alice, k.alice.does("Delete", k.alice.id))
		if k.count("follows") != 0 || k.actorOf(k.alice).State != models.StateDeleted {
			t.Error("somebody who is gone is still there")
		}
	})
	// The key id is the sender's choice: any deleted page on her server would do.
	t.Run("is refused while only something else there is gone", func(t *testing.T) {
		t.Parallel()
		k := newKeyTest(t)
		k.accept(k.alice, k.follow(k.alice))
		k.peer.status("/notes/deleted", http.StatusGone)
		mallory := *k.alice
		mallory.key, mallory.keyID = testKeys()[2], k.peer.base+"/notes/deleted"
		k.refused(&mallory, k.alice.does("Delete", k.alice.id), http.StatusUnauthorized)
	})
	t.Run("is refused while another server says so", func(t *testing.T) {
		t.Parallel()
		k := newKeyTest(t)
		k.accept(k.alice, k.follow(k.alice))
		other := newPeer(t)
		other.status("/gone", http.StatusGone)
		mallory := *k.alice
		mallory.key, mallory.keyID = testKeys()[2], other.base+"/gone"
		k.refused(&mallory, k.alice.does("Delete", k.alice.id), http.StatusUnauthorized)
	})
}

func TestANewKeyMakesNoNewPerson(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(k *keyTest, tx *models.Store, a *models.Actor) error{
		"of somebody blocked": func(k *keyTest, tx *models.Store, a *models.Actor) error {
			return tx.Blocks.Add(k.ctx(), &models.Block{ActorID: a.ID, CreatedAt: k.clock.now()})
		},
		"of somebody deleted": func(k *keyTest, tx *models.Store, a *models.Actor) error {
			return tx.Actors.MarkDeleted(k.ctx(), a.ID, k.clock.now())
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKeyTest(t)
			k.accept(k.alice, k.follow(k.alice))
			k.inTx(func(tx *models.Store) error { return end(k, tx, k.actorOf(k.alice)) })
			k.alice.keyID, k.alice.key = k.alice.id+"#key-2", testKeys()[2]
			k.peer.serve(k.alice.id, k.alice.document())
			before := k.dump()
			if status := k.send(k.alice, k.follow(k.alice)); status != http.StatusForbidden && status != http.StatusUnauthorized {
				t.Errorf("answered %d", status)
			}
			if k.dump() != before {
				t.Error("a new key brought somebody back")
			}
		})
	}
}

// TestAKeyThatIsNoLongerListedIsForgotten: whoever stole it can't use it for ever.
func TestAKeyThatIsNoLongerListedIsForgotten(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	k.accept(k.alice, k.follow(k.alice))
	thief := *k.alice
	k.alice.keyID, k.alice.key = k.alice.id+"#key-2", testKeys()[2]
	k.peer.serve(k.alice.id, k.alice.document())
	k.accept(k.alice, k.follow(k.alice))
	k.refused(&thief, k.follow(&thief), http.StatusUnauthorized)
}

func TestKeysAreAskedForSignedAndAsActivityPub(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	var signed, accept string
	k.peer.handle(k.alice.id, func(w http.ResponseWriter, r *http.Request) {
		signed, accept = r.Header.Get("Signature"), r.Header.Get("Accept")
		w.Header().Set("Content-Type", vocab.ContentType)
		_, _ = w.Write(toJSON(k.alice.document()))
	})
	k.accept(k.alice, k.follow(k.alice))
	if !strings.Contains(signed, k.iris.Key(InstanceHandle)) || !strings.Contains(accept, vocab.ContentType) {
		t.Errorf("asked with Signature %q and Accept %q", signed, accept)
	}
}
