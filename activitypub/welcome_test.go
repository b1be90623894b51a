package activitypub

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/internal/draft"
	"confnotes/models"
)

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
