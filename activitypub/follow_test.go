package activitypub

import (
	"encoding/json"
	"testing"

	"confnotes/models"
)

// talk is a site with an author, an article, and somebody elsewhere.
type talk struct {
	*site
	gwen  *models.Account
	post  *models.Post
	alice *remote
}

func newTalk(t testing.TB) *talk {
	s := newSite(t)
	gwen := s.person("gwen", models.RoleOwner)
	return &talk{s, gwen, s.publish(gwen, text("Why WAL", "*WAL* wins.")), s.known("https://social.example", "alice")}
}

// outcome is what was recorded of an activity.
func (s *site) outcome(activity map[string]any) string {
	s.t.Helper()
	all := s.strings("SELECT outcome FROM inbox_seen WHERE uri = ?", activity["id"])
	if len(all) != 1 {
		s.t.Fatalf("recorded %d times, want once: %v", len(all), activity)
	}
	return all[0]
}

// told returns the inboxes that rows of a type stand for.
func (s *site) told(typ string) []string {
	return s.strings("SELECT d.inbox FROM deliveries d JOIN activities a ON a.id = d.activity_id WHERE a.type = ? ORDER BY d.id", typ)
}

func TestAFollowIsAcceptedAtTheFollowersOwnInbox(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	follow := k.alice.does("Follow", k.iris.Actor("gwen"))
	k.accept(k.alice, follow)
	if got := k.told("Accept"); len(got) != 1 || got[0] != k.alice.id+"/inbox" {
		t.Fatalf("Accept to %v, want the follower's own inbox", got)
	}
	var accept struct {
		Actor  string
		To     []string
		Object struct{ ID, Type, Actor, Object string }
	}
	k.must(json.Unmarshal([]byte(k.strings("SELECT body FROM activities WHERE type = 'Accept'")[0]), &accept))
	if o := accept.Object; accept.Actor != k.iris.Actor("gwen") || o.ID != follow["id"] || o.Type != "Follow" || o.Actor != k.alice.id || o.Object != k.iris.Actor("gwen") {
		t.Errorf("the Accept doesn't carry the Follow: %+v", accept)
	}
}

func TestAskedAgainAFollowIsAnsweredAgain(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	first, second := k.alice.does("Follow", k.iris.Actor("gwen")), k.alice.does("Follow", k.iris.Actor("gwen"))
	for _, a := range []any{first, first, second, first} {
		k.accept(k.alice, a)
	}
	if follows, accepts := k.count("follows"), len(k.told("Accept")); follows != 1 || accepts != 2 {
		t.Errorf("%d follows and %d Accepts, want 1 and 2: one for each Follow", follows, accepts)
	}
}

func TestFollowsThatComeToNothing(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		object  func(k *talk) any
		before  func(k *talk, tx *models.Store) error
		outcome string
	}{
		"of nobody we know":         {func(k *talk) any { return k.iris.Actor("nobody") }, nil, outcomeIgnored},
		"of somebody elsewhere":     {func(*talk) any { return "https://other.example/users/gwen" }, nil, outcomeIgnored},
		"of a server with our name": {func(*talk) any { return "https://notes.example.evil/users/gwen" }, nil, outcomeIgnored},
		"of an article":             {func(k *talk) any { return k.article(k.post) }, nil, outcomeIgnored},
		"of the server itself":      {func(k *talk) any { return k.iris.Actor(InstanceHandle) }, nil, outcomeIgnored},
		"of somebody who left": {func(k *talk) any { return k.iris.Actor("gwen") }, func(k *talk, tx *models.Store) error {
			return tx.Actors.MarkDeleted(k.ctx(), k.gwen.ActorID, k.clock.now())
		}, outcomeIgnored},
		"by somebody the author bars": {func(k *talk) any { return k.iris.Actor("gwen") }, func(k *talk, tx *models.Store) error {
			return tx.Blocks.Add(k.ctx(), &models.Block{AccountID: k.gwen.ID, ActorID: k.actorOf(k.alice).ID, CreatedAt: k.clock.now()})
		}, outcomeBlocked},
		"from a server the author bars": {func(k *talk) any { return k.iris.Actor("gwen") }, func(k *talk, tx *models.Store) error {
			return tx.Blocks.Add(k.ctx(), &models.Block{AccountID: k.gwen.ID, Domain: "example", CreatedAt: k.clock.now()})
		}, outcomeBlocked},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			k := newTalk(t)
			if c.before != nil {
				k.inTx(func(tx *models.Store) error { return c.before(k, tx) })
			}
			follow := k.alice.does("Follow", c.object(k))
			k.accept(k.alice, follow)
			if got := k.outcome(follow); got != c.outcome || k.count("follows") != 0 || len(k.told("Accept")) != 0 {
				t.Errorf("outcome %s, %d follows, %d Accepts", got, k.count("follows"), len(k.told("Accept")))
			}
		})
	}
}

// One author's block is no other author's.
func TestABlockOfOneAuthorLeavesTheOthers(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.person("hugo", models.RoleAuthor)
	k.inTx(func(tx *models.Store) error {
		return tx.Blocks.Add(k.ctx(), &models.Block{AccountID: k.gwen.ID, Domain: "social.example", CreatedAt: k.clock.now()})
	})
	k.accept(k.alice, k.alice.does("Follow", k.iris.Actor("hugo")))
	if k.count("follows") != 1 {
		t.Error("hugo has no follower")
	}
}

func TestLikesAndBoostsCountOnceForEach(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	bob := k.known("https://other.example", "bob")
	for range 2 {
		for _, who := range []*remote{k.alice, bob} {
			k.accept(who, who.does("Like", k.article(k.post)))
			k.accept(who, who.does("Announce", map[string]any{"id": k.article(k.post), "type": "Article"}))
		}
	}
	counts, err := k.store.Reactions.CountsOf(k.ctx(), k.post.ID)
	k.must(err)
	if counts.Likes != 2 || counts.Announces != 2 {
		t.Errorf("%+v, want 2 likes and 2 boosts", counts)
	}
}

func TestReactionsThatComeToNothing(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.inTx(func(tx *models.Store) error {
		return tx.Blocks.Add(k.ctx(), &models.Block{AccountID: k.gwen.ID, Domain: "barred.example", CreatedAt: k.clock.now()})
	})
	barred := k.known("https://barred.example", "mallory")
	for _, a := range []map[string]any{
		k.alice.does("Like", k.iris.Actor("gwen")), k.alice.does("Like", k.iris.Article("AAAAAAAAAAAAAAAAAAAAAA")),
		k.alice.does("Announce", "https://other.example/notes/1"), barred.does("Like", k.article(k.post)),
	} {
		from := k.alice
		if a["actor"] == barred.id {
			from = barred
		}
		k.accept(from, a)
		if got := k.outcome(a); got == outcomeDone {
			t.Errorf("%s of %v was done", a["type"], a["object"])
		}
	}
	if n := k.count("reactions"); n != 0 {
		t.Errorf("%d reactions, want none", n)
	}
}

func TestABlockEndsWhatBothFollow(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.accept(k.alice, k.alice.does("Follow", k.iris.Actor("gwen")))
	_, err := k.outbox.Follow(t.Context(), k.gwen, "@alice@social.example")
	k.must(err)
	bob := k.known("https://other.example", "bob")
	k.accept(bob, bob.does("Follow", k.iris.Actor("gwen")))
	k.accept(k.alice, k.alice.does("Block", k.iris.Actor("gwen")))
	if got := k.strings("SELECT a.uri FROM follows f JOIN actors a ON a.id = f.follower_id"); len(got) != 1 || got[0] != bob.id {
		t.Errorf("those who follow are %v, want bob alone", got)
	}
}

func TestWhatWeDontKnowIsTakenAndForgotten(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.accept(k.alice, k.alice.does("Follow", k.iris.Actor("gwen"))) // the server is known, and so is the follow
	before := k.count("follows") + k.count("posts") + k.count("reactions") + k.count("activities") + k.count("jobs")
	follow := map[string]any{"id": k.iris.Activity("AAAAAAAAAAAAAAAAAAAAAA"), "type": "Follow", "actor": k.iris.Actor("gwen"), "object": k.alice.id}
	for _, a := range []map[string]any{
		k.alice.does("EmojiReact", k.article(k.post)), k.alice.does("Move", k.alice.id), k.alice.does("Question", []any{k.iris.Actor("gwen"), k.article(k.post)}),
		k.alice.does("Add", k.article(k.post)), k.alice.does("Accept", follow), k.alice.does("Reject", follow), k.alice.does("Accept", follow["id"]),
		k.alice.does("Create", k.article(k.post)), k.alice.does("View", "https://other.example/1"),
		with(k.alice.does("Like", k.article(k.post)), "type", "like"),
	} {
		k.accept(k.alice, a)
		if got := k.outcome(a); got != outcomeIgnored {
			t.Errorf("%s: outcome %s, want ignored", a["type"], got)
		}
	}
	if after := k.count("follows") + k.count("posts") + k.count("reactions") + k.count("activities") + k.count("jobs"); after != before {
		t.Errorf("%d rows became %d", before, after)
	}
}

func TestAnActivityWithoutAnIDTakesEffect(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.accept(k.alice, with(k.alice.does("Like", k.article(k.post)), "id", nil))
	k.accept(k.alice, with(k.alice.does("Follow", k.iris.Actor("gwen")), "id", nil)) // nothing that an Accept could name
	if k.count("reactions") != 1 || k.count("follows") != 0 || k.count("inbox_seen") != 0 {
		t.Error("want one reaction, no follow, nothing remembered")
	}
}
