package activitypub

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/internal/draft"
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
	rows, err := g.store.Follows.Followers(g.ctx(), g.gwen.ActorID, state, 0, 100)
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

// pastArticles publishes so many, one an hour.
func (s *site) pastArticles(by *models.Account, n int) (posts []*models.Post) {
	s.t.Helper()
	for i := range n {
		posts = append(posts, s.publish(by, text(fmt.Sprintf("Part %d", i+1), "Words.")))
		s.clock.move(time.Hour)
	}
	return posts
}

// arrivedTitles are what a peer got, in the order in which it came: types, and names of articles
// with when they were published.
func (p *peer) arrivedTitles(t *testing.T) (lines []string) {
	t.Helper()
	for _, d := range p.got() {
		var a struct {
			Type   string
			Object json.RawMessage
		}
		if err := json.Unmarshal([]byte(d.body), &a); err != nil {
			t.Fatal(err)
		}
		var o struct{ Name, Published string }
		_ = json.Unmarshal(a.Object, &o)
		lines = append(lines, strings.TrimSpace(a.Type+" "+o.Name+" "+o.Published))
	}
	return lines
}

func TestAServersFirstFollowerBringsItTheLastArticles(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	p := newPeer(t)
	alice, bob := p.actor("alice"), p.actor("bob")
	posts := s.pastArticles(gwen, 7)
	unlisted, gone := s.publish(gwen, text("Unlisted", "Words.")), s.publish(gwen, text("Gone", "Words."))
	s.draft(gwen, text("Draft", "Words."))
	s.must(s.outbox.Delete(s.ctx(), gwen, gone.ID))
	_, err := s.raw.Exec("UPDATE posts SET visibility = 'unlisted' WHERE id = ?", unlisted.ID)
	s.must(err)
	s.edit(gwen, posts[6], text("Part 7, corrected", "Other words."))
	follow := alice.does("Follow", s.iris.Actor("gwen"))
	s.accept(alice, follow)
	s.subscribe(bob, "gwen") // two at once
	s.deliver()
	want := []string{"Accept", "Create Part 3 2026-06-11T20:30:00Z", "Create Part 4 2026-06-11T21:30:00Z", "Create Part 5 2026-06-11T22:30:00Z", "Create Part 6 2026-06-11T23:30:00Z",
		"Create Part 7, corrected 2026-06-12T00:30:00Z"}
	got := slices.DeleteFunc(p.arrivedTitles(t), func(line string) bool { return strings.HasPrefix(line, "Accept") })
	s.same("what the server got behind the Accepts", got, want[1:]...)
	if first := p.arrivedTitles(t)[0]; first != "Accept" {
		t.Errorf("the first to come is %s", first)
	}
	for _, d := range p.got() {
		if strings.Contains(d.body, `"type":"Create"`) && d.path != "/inbox" {
			t.Errorf("an article went to %s: in an own inbox it would be taken for a message", d.path)
		}
	}
	// Never again, neither for who leaves and comes back nor for the next one.
	before := len(p.got())
	s.accept(alice, alice.does("Undo", follow))
	s.subscribe(alice, "gwen")
	s.subscribe(p.actor("carol"), "gwen")
	s.deliver()
	s.same("what came later", p.arrivedTitles(t)[before:], "Accept", "Accept")
}

// Nothing overtakes the Accept: before it a server takes no article.
func TestTheLastArticlesWaitForTheAccept(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	p := newPeer(t)
	alice := p.actor("alice")
	p.status("/users/alice/inbox", 503)
	s.pastArticles(gwen, 2)
	s.subscribe(alice, "gwen")
	s.deliver()
	s.same("while the Accept fails", p.arrivedTitles(t), "Accept")
	p.status("/users/alice/inbox", 202)
	s.clock.move(2 * time.Minute)
	s.deliver()
	s.same("then", p.types(), "Accept", "Accept", "Create", "Create")
}

func TestTheLastArticlesComeWithTheYesByHand(t *testing.T) {
	t.Parallel()
	g := newGate(t)
	g.asks(g.alice)
	g.asks(g.known(g.alice.base, "carol"))
	if got := g.told("Create"); len(got) != 0 {
		t.Fatalf("sent to %v before the yes", got)
	}
	g.must(g.outbox.AcceptFollowers(g.ctx(), g.gwen, g.gwen.Actor, g.follows(models.FollowPending)[0], nil))
	g.same("inboxes", g.told("Create"), g.alice.base+"/inbox")
}

func TestWhoIsSentNoLastArticles(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	mentioned, quiet := s.known("https://knows.example", "alice"), s.known("https://new.example", "bob")
	_, err := s.outbox.Publish(s.ctx(), draft.Input{Account: gwen, ClientID: newClientID(), Text: text("Hello", "Hello @alice@knows.example")}, time.Time{})
	s.must(err)
	s.pastArticles(gwen, 2)
	before := len(s.told("Create"))
	s.subscribe(mentioned, "gwen") // its server knows gwen
	s.person("hugo", models.RoleAuthor)
	s.subscribe(quiet, "hugo") // who wrote nothing
	if got := s.told("Create")[before:]; len(got) != 0 {
		t.Errorf("sent to %v", got)
	}
}

func TestAGroupsFirstFollowerBringsWhatItLastAnnounced(t *testing.T) {
	t.Parallel()
	s, gwen := author(t)
	c := s.conference("kormoran2026", "")
	p := newPeer(t)
	alice := p.actor("alice")
	var articles []string
	for i := range 7 {
		articles = append(articles, s.article(s.recap(gwen, fmt.Sprintf("Day %d", i), models.About{ConferenceID: c.ID})))
		s.clock.move(time.Hour)
	}
	s.subscribe(alice, "kormoran2026")
	s.deliver()
	var got []string
	for _, d := range p.got() {
		var a struct{ Type, Object, Published string }
		if err := json.Unmarshal([]byte(d.body), &a); err == nil && a.Type == "Announce" && strings.Contains(a.Object, "/articles/") {
			got = append(got, a.Object)
		}
	}
	s.same("announced", got, articles[2:]...)
	if types := p.types(); types[0] != "Accept" || len(types) != 11 {
		t.Errorf("it got %v", types)
	}
}
