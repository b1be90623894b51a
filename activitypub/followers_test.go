package activitypub

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"confnotes/models"
)

// gate is a site whose gwen approves followers by hand.
type gate struct{ *talk }

func newGate(t testing.TB) *gate {
	g := &gate{newTalk(t)}
	g.must(g.outbox.SetFollowing(g.ctx(), g.gwen, true, false))
	return g
}

// asks has somebody ask to follow gwen, and returns the Follow.
func (g *gate) asks(who *remote) map[string]any {
	g.t.Helper()
	follow := who.does("Follow", g.iris.Actor("gwen"))
	g.accept(who, follow)
	return follow
}

func (g *gate) follows(state string) (ids []int64) {
	g.t.Helper()
	rows, err := g.store.Follows.FollowersIn(g.ctx(), g.gwen.ActorID, state, 0, 100)
	g.must(err)
	for _, f := range rows {
		ids = append(ids, f.ID)
	}
	return ids
}

func (g *gate) notified(kind string) int {
	return g.count("notifications WHERE kind = ?", kind)
}

func TestAFollowWaitsForWhoApprovesByHand(t *testing.T) {
	t.Parallel()
	g := newGate(t)
	follow := g.asks(g.alice)
	if n, w := len(g.told("Accept")), len(g.follows(models.FollowPending)); n != 0 || w != 1 || g.notified(models.NotifyRequest) != 1 || g.notified(models.NotifyFollow) != 0 {
		t.Fatalf("%d Accepts, %d wait, notified of %d", n, w, g.notified(models.NotifyRequest))
	}
	// Whoever waits is no follower in anything.
	followers, err := g.docs.Followers(g.ctx(), "gwen", true, 0)
	g.must(err)
	if !strings.Contains(string(followers), `"totalItems":0`) || strings.Contains(string(followers), g.alice.id) {
		t.Errorf("who waits is listed: %s", followers)
	}
	g.publish(g.gwen, text("Day two", "Words."))
	if got := g.told("Create"); len(got) != 0 {
		t.Errorf("an article went to %v", got)
	}
	if doc, err := g.docs.Actor(g.ctx(), "gwen"); err != nil || !strings.Contains(string(doc), `"manuallyApprovesFollowers":true`) {
		t.Errorf("the actor doesn't say it: %s, %v", doc, err)
	}
	// Asked again it waits still, tells nobody twice, and the newer Follow is the one that is answered.
	again := g.asks(g.alice)
	if w := len(g.follows(models.FollowPending)); w != 1 || g.notified(models.NotifyRequest) != 1 || len(g.told("Accept")) != 0 {
		t.Errorf("asked twice: %d wait, notified %d times", w, g.notified(models.NotifyRequest))
	}
	g.must(g.outbox.AcceptFollowers(g.ctx(), g.gwen, g.gwen.Actor, 0, g.follows(models.FollowPending)))
	if got := g.told("Accept"); len(got) != 1 || got[0] != g.alice.id+"/inbox" || g.notified(models.NotifyRequest) != 0 || len(g.follows(models.FollowAccepted)) != 1 {
		t.Fatalf("Accept to %v; %d requests are told of", got, g.notified(models.NotifyRequest))
	}
	var accept struct{ Object struct{ ID string } }
	g.must(json.Unmarshal([]byte(g.strings("SELECT body FROM activities WHERE type = 'Accept'")[0]), &accept))
	if accept.Object.ID != again["id"] || accept.Object.ID == follow["id"] {
		t.Errorf("the Accept is of %s", accept.Object.ID)
	}
	// Who follows already and asks again is told yes.
	g.asks(g.alice)
	if n := len(g.told("Accept")); n != 2 || len(g.follows(models.FollowPending)) != 0 {
		t.Errorf("%d Accepts for who follows already", n)
	}
}

func TestWhatBecomesOfWhoWaits(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end              func(g *gate, bob *remote, follow map[string]any)
		waits, followers int
		answer           string // to bob
	}{
		"rejected": {func(g *gate, _ *remote, _ map[string]any) {
			g.must(g.outbox.RejectFollowers(g.ctx(), g.gwen, g.gwen.Actor, 0, g.follows(models.FollowPending)[:1]))
		}, 1, 0, "Reject"},
		"rejected with all others": {func(g *gate, _ *remote, _ map[string]any) {
			g.must(g.outbox.RejectFollowers(g.ctx(), g.gwen, g.gwen.Actor, g.follows(models.FollowPending)[0], nil))
		}, 0, 0, "Reject"},
		"accepted with all others": {func(g *gate, _ *remote, _ map[string]any) {
			g.must(g.outbox.AcceptFollowers(g.ctx(), g.gwen, g.gwen.Actor, g.follows(models.FollowPending)[0], nil))
		}, 0, 2, "Accept"},
		"approval is switched off": {func(g *gate, _ *remote, _ map[string]any) {
			g.must(g.outbox.SetFollowing(g.ctx(), g.gwen, false, false))
		}, 0, 2, "Accept"},
		"thought better of it": {func(g *gate, bob *remote, follow map[string]any) {
			g.accept(bob, bob.does("Undo", follow["id"]))
		}, 1, 0, ""},
		"thought better of it, by its copy": {func(g *gate, bob *remote, follow map[string]any) {
			g.accept(bob, bob.does("Undo", with(follow, "id", bob.base+"/other")))
		}, 1, 0, ""},
		"blocks gwen": {func(g *gate, bob *remote, _ map[string]any) { g.accept(bob, bob.does("Block", g.iris.Actor("gwen"))) }, 1, 0, ""},
		"is blocked": {func(g *gate, bob *remote, _ map[string]any) {
			g.must(g.outbox.Block(g.ctx(), g.gwen, models.Block{AccountID: g.gwen.ID, ActorID: g.actorOf(bob).ID}))
		}, 1, 0, "Reject"},
		"left": {func(g *gate, bob *remote, _ map[string]any) { g.accept(bob, bob.does("Delete", bob.id)) }, 1, 0, ""},
		"of somebody else's": {func(g *gate, _ *remote, _ map[string]any) {
			hugo := g.person("hugo", models.RoleOwner)
			err := g.outbox.AcceptFollowers(g.ctx(), hugo, g.gwen.Actor, 0, g.follows(models.FollowPending))
			if !errors.Is(err, models.ErrNotFound) {
				g.t.Errorf("somebody else decided: %v", err)
			}
		}, 2, 0, ""},
		"by ids of another's followers": {func(g *gate, _ *remote, _ map[string]any) {
			hugo := g.person("hugo", models.RoleOwner)
			g.must(g.outbox.AcceptFollowers(g.ctx(), hugo, hugo.Actor, 0, g.follows(models.FollowPending)))
		}, 2, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGate(t)
			bob := g.known("https://other.example", "bob")
			g.asks(g.alice)
			follow := g.asks(bob)
			c.end(g, bob, follow)
			if w, f := len(g.follows(models.FollowPending)), len(g.follows(models.FollowAccepted)); w != c.waits || f != c.followers {
				t.Errorf("%d wait and %d follow, want %d and %d", w, f, c.waits, c.followers)
			}
			if n := g.notified(models.NotifyRequest); n != c.waits {
				t.Errorf("%d are told of, %d wait", n, c.waits)
			}
			got := g.strings("SELECT a.type FROM deliveries d JOIN activities a ON a.id = d.activity_id WHERE d.inbox = ? AND a.type IN ('Accept', 'Reject')", bob.id+"/inbox")
			if want := []string{c.answer}; c.answer == "" && len(got) != 0 || c.answer != "" && !slices.Equal(got, want) {
				t.Errorf("bob was told %v, want %q", got, c.answer)
			}
		})
	}
}

func TestAFollowerIsRemovedAndMayAskAgain(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.subscribe(k.alice, "gwen")
	g := &gate{k}
	k.must(k.outbox.RemoveFollowers(k.ctx(), k.gwen, k.gwen.Actor, g.follows(models.FollowAccepted)))
	if got := k.told("Reject"); len(got) != 1 || k.count("follows") != 0 || g.notified(models.NotifyFollow) != 0 {
		t.Errorf("Reject to %v; %d follow", got, k.count("follows"))
	}
	k.subscribe(k.alice, "gwen")
	if len(g.follows(models.FollowAccepted)) != 1 {
		t.Error("who was removed can't follow again")
	}
}

// A reply policy that asks for followers doesn't take who waits to be one.
func TestWhoWaitsIsNoFollowerToAReplyPolicy(t *testing.T) {
	t.Parallel()
	g := newGate(t)
	post := g.publish(g.gwen, models.RevisionText{Language: "en", Title: "For followers", Source: "Words.", Replies: models.RepliesFollowers})
	g.asks(g.alice)
	create := g.alice.does("Create", g.alice.note(g.article(post), "hi"))
	g.accept(g.alice, create)
	if got := g.outcome(create); got != outcomeRefused {
		t.Errorf("while asking: %s", got)
	}
	g.must(g.outbox.SetFollowing(g.ctx(), g.gwen, false, false))
	create = g.alice.does("Create", g.alice.note(g.article(post), "hi"))
	g.accept(g.alice, create)
	if got := g.outcome(create); got != outcomeDone {
		t.Errorf("as a follower: %s", got)
	}
}

func TestAHiddenNetworkIsNeitherCountedNorListed(t *testing.T) {
	t.Parallel()
	k := newTalk(t)
	k.subscribe(k.alice, "gwen")
	k.must(k.outbox.SetFollowing(k.ctx(), k.gwen, false, true))
	for name, read := range map[string]func(page bool) ([]byte, error){
		"followers": func(page bool) ([]byte, error) { return k.docs.Followers(k.ctx(), "gwen", page, 0) },
		"following": func(page bool) ([]byte, error) { return k.docs.Following(k.ctx(), "gwen", page, 0) },
	} {
		doc, err := read(false)
		k.must(err)
		if strings.Contains(string(doc), "totalItems") || strings.Contains(string(doc), "first") || !strings.Contains(string(doc), name) {
			t.Errorf("%s: %s", name, doc)
		}
		if _, err := read(true); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("a page of %s: %v", name, err)
		}
	}
	if got := k.strings("SELECT actor_id FROM actors_changed"); len(got) != 1 {
		t.Error("other servers aren't told to look again")
	}
}

// What is for followers alone is for nobody who only asks to be one, unless it names them.
func TestWhoWaitsReadsNothingForFollowers(t *testing.T) {
	t.Parallel()
	g := newGate(t)
	bob := g.known("https://other.example", "bob")
	g.asks(g.alice)
	g.asks(bob)
	post := g.publish(g.gwen, models.RevisionText{Language: "en", Title: "For followers", Source: "Hello @bob@other.example", Visibility: models.VisibilityFollowers})
	if got := g.told("Create"); !slices.Equal(got, []string{"https://other.example/inbox"}) {
		t.Errorf("sent to %v, want whom it names", got)
	}
	read := func(who *remote) error {
		_, err := g.docs.ArticleFor(g.ctx(), *post.PublicID, g.actorOf(who))
		return err
	}
	if err := read(g.alice); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("who asks reads it: %v", err)
	}
	if err := read(bob); err != nil {
		t.Errorf("who is named doesn't: %v", err)
	}
	g.must(g.outbox.SetFollowing(g.ctx(), g.gwen, false, false))
	if err := read(g.alice); err != nil {
		t.Errorf("a follower doesn't: %v", err)
	}
	if n := g.count("deliveries d JOIN activities a ON a.id = d.activity_id WHERE a.object_uri = ?", g.article(post)); n != 1 {
		t.Errorf("the yes brought what isn't for everybody: it was sent %d times", n)
	}
}
