package activitypub

import (
	"net/http"
	"strings"
	"testing"

	"confnotes/activitypub/signature"
	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// The example of FEP-8fcf.
func TestTheDigestOfFollowersIsThatOfTheFEP(t *testing.T) {
	t.Parallel()
	ids := []string{"https://testing.example.org/users/1", "https://testing.example.org/users/2"}
	const want = "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f"
	for range 2 {
		if got := followersDigest(ids); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
		ids[0], ids[1] = ids[1], ids[0]
	}
	if got := followersDigest(nil); got != strings.Repeat("0", 64) {
		t.Errorf("of nobody: %s", got)
	}
}

// followersOf has a served site answer with its followers at whoever signs.
func (s *site) followersOf(w http.ResponseWriter, r *http.Request, handle string) {
	reader, err := s.inbox.Reader(r.Context(), r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusUnauthorized)
		return
	}
	body, err := s.docs.FollowersAt(r.Context(), handle, reader)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", vocab.ContentType)
	_, _ = w.Write(body)
}

// forFollowers publishes something for gwen's followers alone, and delivers it.
func (n *neighbours) forFollowers() {
	n.home.t.Helper()
	words := text("For you", "Words.")
	words.Visibility = models.VisibilityFollowers
	n.home.publish(n.gwen, words)
	n.exchange()
}

// TestFollowersAreCompared: a follow that only one of two servers knows ends at both with the
// next thing that is for followers.
func TestFollowersAreCompared(t *testing.T) {
	t.Parallel()
	t.Run("one that agrees stays", func(t *testing.T) {
		t.Parallel()
		n := newNeighbours(t)
		n.follow()
		n.exchange()
		n.forFollowers()
		if n.away.count("follows WHERE state = 'accepted'") != 1 || n.home.count("follows") != 1 || n.away.count("jobs") != 0 {
			t.Error("a follow that both know was touched")
		}
	})
	t.Run("the author's server lost it", func(t *testing.T) {
		t.Parallel()
		n := newNeighbours(t)
		n.follow()
		n.exchange()
		erell := n.away.person("erell", models.RoleAuthor)
		_, err := n.away.outbox.Follow(n.away.ctx(), erell, n.address(n.gwen))
		n.home.must(err)
		n.exchange()
		_, err = n.home.raw.Exec("DELETE FROM follows WHERE follower_id = (SELECT id FROM actors WHERE handle = 'priya')")
		n.home.must(err)
		n.forFollowers()
		if got := n.away.strings("SELECT a.handle FROM follows f JOIN actors a ON a.id = f.follower_id"); len(got) != 1 || got[0] != "erell" {
			t.Errorf("who follows: %v, want erell alone", got)
		}
	})
	t.Run("the Accept was lost", func(t *testing.T) {
		t.Parallel()
		n := newNeighbours(t)
		n.follow()
		n.exchange()
		_, err := n.away.raw.Exec("UPDATE follows SET state = 'pending'")
		n.home.must(err)
		n.forFollowers()
		if n.away.count("follows WHERE state = 'accepted'") != 1 || n.home.count("follows") != 1 {
			t.Error("the follow still waits for its Accept, or ended")
		}
	})
	t.Run("the follower's server lost it", func(t *testing.T) {
		t.Parallel()
		n := newNeighbours(t)
		n.follow()
		n.exchange()
		_, err := n.away.raw.Exec("DELETE FROM follows")
		n.home.must(err)
		n.forFollowers()
		if n.home.count("follows") != 0 {
			t.Error("the author's server still has a follower who isn't")
		}
	})
}

// TestWhatIsSaidOfFollowersMustBeProved: a header that isn't signed, or isn't the signer's,
// has nothing fetched; a list that isn't there whole ends no follow.
func TestWhatIsSaidOfFollowersMustBeProved(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		header func(k *keyTest) string
		signed bool
		want   int // lists asked for
	}{
		"signed, and other":     {func(k *keyTest) string { return k.says(k.alice.id+"/followers", k.peer.base+"/list") }, true, 1},
		"not signed":            {func(k *keyTest) string { return k.says(k.alice.id+"/followers", k.peer.base+"/list") }, false, 0},
		"of somebody else":      {func(k *keyTest) string { return k.says(k.peer.base+"/users/bob/followers", k.peer.base+"/list") }, true, 0},
		"with a list elsewhere": {func(k *keyTest) string { return k.says(k.alice.id+"/followers", "http://127.0.0.1:1/list") }, true, 0},
		"without a list":        {func(k *keyTest) string { return `collectionId="` + k.alice.id + `/followers", digest="00"` }, true, 0},
		"nonsense":              {func(*keyTest) string { return `",=,` }, true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newKeyTest(t)
			k.peer.serve("/list", map[string]any{"id": k.peer.base + "/list", "type": "OrderedCollection", "first": k.peer.base + "/list?page=1"})
			gwen, err := k.store.Accounts.ByHandle(k.ctx(), "gwen")
			k.must(err)
			k.accept(k.alice, k.follow(k.alice))
			k.inTx(func(tx *models.Store) error {
				return tx.Follows.Put(k.ctx(), &models.Follow{URI: k.iris.Activity("AAAAAAAAAAAAAAAAAAAAAA"), FollowerID: gwen.ActorID, TargetID: k.actorOf(k.alice).ID, State: models.FollowAccepted, CreatedAt: k.clock.now()})
			})
			body := toJSON(k.alice.does("Like", k.iris.Actor("gwen")))
			req := k.request(k.alice, body, k.clock.now())
			req.Header.Set(signature.Synchronization, tt.header(k))
			if tt.signed {
				k.must(signature.Sign(req, body, k.alice.keys(), signature.Cavage, k.clock.now()))
			}
			if status, refusal := k.receive(req); status != http.StatusAccepted {
				t.Fatalf("answered %d %s", status, refusal.Error())
			}
			k.runErrands()
			if n := k.peer.askedFor("/list"); n != tt.want {
				t.Errorf("the list was asked for %d times, want %d", n, tt.want)
			}
			if n := k.count("follows WHERE follower_id = (SELECT id FROM actors WHERE handle = 'gwen')"); n != 1 {
				t.Error("a follow ended by a list that isn't there whole")
			}
		})
	}
}

// TestAFollowThatBeginsWhileFollowersAreComparedStays: the list that is on its way can't have it.
func TestAFollowThatBeginsWhileFollowersAreComparedStays(t *testing.T) {
	t.Parallel()
	k := newKeyTest(t)
	k.person("hugo", models.RoleAuthor)
	k.accept(k.alice, k.follow(k.alice))
	alice := k.actorOf(k.alice)
	follows := func(handle string) {
		by, err := k.store.Accounts.ByHandle(k.ctx(), handle)
		k.must(err)
		k.inTx(func(tx *models.Store) error {
			return tx.Follows.Put(k.ctx(), &models.Follow{URI: k.iris.Activity(models.NewPublicID()), FollowerID: by.ActorID, TargetID: alice.ID, State: models.FollowAccepted, CreatedAt: k.clock.now()})
		})
	}
	follows("gwen")
	k.peer.handle("/list", func(w http.ResponseWriter, _ *http.Request) {
		follows("hugo")
		w.Header().Set("Content-Type", vocab.ContentType)
		_, _ = w.Write(toJSON(map[string]any{"id": k.peer.base + "/list", "type": "OrderedCollection", "orderedItems": []any{}}))
	})
	body := toJSON(k.alice.does("Like", k.iris.Actor("gwen")))
	req := k.request(k.alice, body, k.clock.now())
	req.Header.Set(signature.Synchronization, k.says(k.alice.id+"/followers", k.peer.base+"/list"))
	k.must(signature.Sign(req, body, k.alice.keys(), signature.Cavage, k.clock.now()))
	if status, refusal := k.receive(req); status != http.StatusAccepted {
		t.Fatalf("answered %d %s", status, refusal.Error())
	}
	k.runErrands()
	if got := k.strings("SELECT a.handle FROM follows f JOIN actors a ON a.id = f.follower_id WHERE a.local"); len(got) != 1 || got[0] != "hugo" {
		t.Errorf("of ours follow %q, want hugo alone", got)
	}
}

func (k *keyTest) says(collection, list string) string {
	return `collectionId="` + collection + `", digest="00", url="` + list + `"`
}
