package activitypub

import (
	"net/http"
	"testing"

	"confnotes/activitypub/signature"
	"confnotes/models"
)

// TestAnEd25519KeyIsUnderstood, as FEP-521a has it, and belongs to whom its document says.
func TestAnEd25519KeyIsUnderstood(t *testing.T) {
	t.Parallel()
	ed := func(r *remote) *remote {
		signer := *r
		signer.ed25519, signer.form = testKeys()[1].ed25519, signature.MessageEd25519
		return &signer
	}
	multikey := func(r *remote) map[string]any {
		return r.document()["assertionMethod"].([]any)[0].(map[string]any)
	}
	t.Run("listed beside the RSA key", func(t *testing.T) {
		t.Parallel()
		k := newKeyTest(t)
		k.accept(k.alice, k.follow(k.alice))
		alice := ed(k.alice)
		k.peer.serve(alice.id, alice.document())
		k.accept(alice, k.follow(alice))
		k.accept(alice, k.follow(alice))
		if n := k.peer.askedFor(alice.id); n != 2 {
			t.Errorf("asked for the actor %d times, want twice", n)
		}
		k.accept(k.alice, k.follow(k.alice)) // her RSA key still counts
	})
	for name, change := range map[string]func(m map[string]any) any{
		"of another controller":    func(m map[string]any) any { return with(m, "controller", m["controller"].(string)+"2") },
		"without a controller":     func(m map[string]any) any { return with(m, "controller", nil) },
		"of another type":          func(m map[string]any) any { return with(m, "type", "Key") },
		"that can't be read":       func(m map[string]any) any { return with(m, "publicKeyMultibase", "z6Mk") },
		"of another id":            func(m map[string]any) any { return with(m, "id", "https://evil.example/keys/1") },
		"that is named and absent": func(m map[string]any) any { return m["id"] },
	} {
		t.Run("one "+name+" is nobody's", func(t *testing.T) {
			t.Parallel()
			k := newKeyTest(t)
			alice := ed(k.alice)
			k.peer.serve(alice.id, with(alice.document(), "assertionMethod", change(multikey(alice))))
			k.refused(alice, k.follow(alice), http.StatusUnauthorized)
		})
	}
}

// TestAKeyIDMayBeTheActorsOwn: some servers name the actor, and leave the key to us.
func TestAKeyIDMayBeTheActorsOwn(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]signature.Form{"draft-cavage": signature.Cavage, "RFC 9421": signature.MessageRSA} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKeyTest(t)
			bare := *k.alice
			bare.keyID, bare.form = k.alice.id, form
			k.accept(&bare, k.follow(&bare))
			k.accept(&bare, k.follow(&bare))
			k.accept(k.alice, k.follow(k.alice))
			if n := k.peer.askedFor(k.alice.id); n != 1 {
				t.Errorf("asked for the actor %d times, want once", n)
			}
			forger := bare
			forger.key = testKeys()[2]
			k.refused(&forger, k.follow(&forger), http.StatusUnauthorized)
			mallory := k.peer.actor("mallory")
			mallory.keyID, mallory.key = k.alice.id, testKeys()[2]
			k.refused(mallory, k.follow(mallory), http.StatusUnauthorized)
		})
	}
}

// TestAnActorWithAQueryInItsId: WordPress has such ids.
func TestAnActorWithAQueryInItsId(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	author := &remote{id: k.peer.base + "/?author=1", name: "author", base: k.peer.base, keyID: k.peer.base + "/?author=1#main-key", key: testKeys()[1]}
	k.peer.serve("/", author.document())
	k.accept(author, k.follow(author))
	if n := k.count("follows"); n != 1 {
		t.Errorf("%d follows, want 1", n)
	}
}

// TestANewKeyIsFoundWhereTheOldOneWas: who has the old one fetches the actor again and takes
// what the new one signed, and nobody has to follow anew (mastodon.md 18). Were the old one
// still shown, nothing would arrive.
func TestANewKeyIsFoundWhereTheOldOneWas(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		shown int // which key the actor's document shows
		want  int // articles that arrive
	}{
		"the new one is shown": {2, 1},
		"the old one is shown": {0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := newNeighbours(t)
			n.follow()
			n.exchange()
			n.home.inTx(func(tx *models.Store) error {
				keys := testKeys()[2].rows(t)[:1] // what every Mastodon reads: RSA
				keys[0].PublicPEM = testKeys()[tt.shown].public
				return tx.Actors.ReplaceLocalKeys(n.home.ctx(), n.gwen.ActorID, keys, n.home.clock.now())
			})
			n.home.publish(n.gwen, text("Day one", "Words."))
			n.exchange()
			if got := n.away.count("posts WHERE title = 'Day one'"); got != tt.want {
				t.Errorf("%d articles arrived, want %d", got, tt.want)
			}
			if n.away.count("follows WHERE state = 'accepted'") != 1 || n.home.count("follows") != 1 {
				t.Error("the follow ended")
			}
		})
	}
}
