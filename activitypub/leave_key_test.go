package activitypub

import (
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"confnotes/activitypub/signature"
	"confnotes/models"
)

// The end of an account reaches a server that was down, signed by a key that goes when all
// is said, and then its actor is gone.
func TestTheKeyOfWhoLeftGoesOnceEverybodyKnows(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	s.person("olga", models.RoleOwner)
	up, down := newPeer(t), newPeer(t)
	s.follow(s.known(up.base, "alice"), gwen)
	s.known(down.base, "bob") // of a server that is known, and was never sent anything of gwen's
	verified := 0
	verify := func(p *peer, status int) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			got := p.got()
			sig, err := signature.Parse(r, []byte(got[len(got)-1].body), signature.Policy{Authorities: []string{r.Host}, Now: s.clock.now()})
			if err == nil && sig.KeyID == s.iris.Key("gwen") && sig.Verify(&testKeys()[0].private.PublicKey) == nil {
				verified++
			}
			w.WriteHeader(status)
		}
	}
	up.handle("/inbox", verify(up, http.StatusAccepted))
	down.status("/inbox", http.StatusServiceUnavailable)
	s.must(s.outbox.DeleteAccount(s.ctx(), "gwen"))
	s.courier.keys.parsed.Clear() // as after a restart
	s.deliver()
	forget := func() { s.inTx(func(tx *models.Store) error { return tx.Actors.ForgetKeys(s.ctx()) }) }
	keys := func() int { return s.count("actor_keys WHERE private_pem <> '' AND actor_id = ?", gwen.ActorID) }
	had, all := keys(), s.count("actor_keys WHERE private_pem <> ''")
	if forget(); keys() != had || had == 0 || verified != 1 {
		t.Fatalf("%d keys while a server waits to be told; %d were told", keys(), verified)
	}
	down.handle("/inbox", verify(down, http.StatusAccepted))
	s.courier.keys.parsed.Clear()
	s.clock.move(2 * time.Minute)
	s.deliver()
	if verified != 2 || !slices.Equal(s.strings("SELECT DISTINCT state FROM deliveries"), []string{"delivered"}) {
		t.Errorf("%d were told: %v", verified, s.states())
	}
	var body struct{ Type, Actor, Object string }
	s.must(json.Unmarshal([]byte(down.got()[len(down.got())-1].body), &body))
	if body.Type != "Delete" || body.Object != s.iris.Actor("gwen") || body.Actor != body.Object {
		t.Errorf("told %+v", body)
	}
	forget()
	if left := s.count("actor_keys WHERE private_pem <> ''"); keys() != 0 || left != all-had {
		t.Errorf("%d keys of who left, %d in all, want %d", keys(), left, all-had)
	}
	if _, err := s.docs.Actor(s.ctx(), "gwen"); !errors.As(err, new(*GoneError)) {
		t.Errorf("the actor: %v, want it gone", err)
	}
}
