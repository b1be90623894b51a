package activitypub

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/models"
)

// lectern is a site whose gwen follows alice and ben, of servers that answer, and hugo, who
// follows alice alone. Nobody follows mallory.
type lectern struct {
	*site
	gwen, hugo          *models.Account
	peer                *peer
	alice, ben, mallory *remote
}

func newLectern(t *testing.T) *lectern {
	t.Helper()
	l := &lectern{site: newSite(t), peer: newPeer(t)}
	l.gwen, l.hugo = l.person("gwen", models.RoleOwner), l.person("hugo", models.RoleAuthor)
	l.alice, l.ben, l.mallory = l.peer.actor("alice"), l.peer.actor("ben"), l.peer.actor("mallory")
	l.follows(l.gwen, l.alice)
	l.follows(l.gwen, l.ben)
	l.follows(l.hugo, l.alice)
	return l
}

// follows has somebody here follow somebody elsewhere, who accepts.
func (l *lectern) follows(who *models.Account, whom *remote) {
	l.t.Helper()
	_, err := l.outbox.Follow(l.ctx(), who, whom.id)
	l.must(err)
	ids := l.strings("SELECT follows.uri FROM follows JOIN actors ON actors.id = target_id WHERE actors.uri = ? AND follower_id = ?", whom.id, who.ActorID)
	l.accept(whom, whom.does("Accept", ids[0]))
}

// top is what somebody writes that answers nothing.
func (r *remote) top(words string, pairs ...any) map[string]any {
	return with(with(r.note("", words), "inReplyTo", nil), pairs...)
}

// creates has somebody send something new.
func (l *lectern) creates(by *remote, object map[string]any) map[string]any {
	l.t.Helper()
	l.accept(by, by.does("Create", object))
	return object
}

// home is what stands on somebody's page, newest first: words, and who boosted them.
func (s *site) home(a *models.Account) []string {
	s.t.Helper()
	rows, err := s.store.Readings.Page(s.ctx(), models.ViewerOf(a), nil, 50)
	s.must(err)
	shown := make([]string, len(rows))
	for i, r := range rows {
		p, err := s.store.Posts.ByID(s.ctx(), r.PostID)
		s.must(err)
		via, err := s.store.Actors.ByID(s.ctx(), r.ViaID)
		s.must(err)
		if shown[i] = strings.TrimSpace(p.HTML); via.ID != p.ActorID {
			shown[i] = via.Handle + " boosts " + shown[i]
		}
	}
	return shown
}

func (s *site) reads(a *models.Account, want ...string) {
	s.t.Helper()
	for i := range want {
		want[i] = strings.TrimSpace(want[i])
	}
	s.same(a.Actor.Handle+" reads", s.home(a), want...)
}

func TestWhatFollowedActorsWriteIsReadHere(t *testing.T) {
	t.Parallel()
	l := newLectern(t)
	l.creates(l.alice, l.alice.top("A note"))
	l.creates(l.ben, l.ben.top("<h1>Day one</h1><h3>Skipped</h3><p>Words.</p><script>alert(1)</script>", "type", "Article", "name", "Day one", "published", "2026-06-11T18:01:00Z"))
	l.creates(l.alice, l.alice.top("<p>Which?</p>", "type", "Question", "oneOf", []any{map[string]any{"type": "Note", "name": "<b>Tea</b>"}, map[string]any{"type": "Note", "name": "Coffee"}}, "published", "2026-06-11T18:02:00Z"))
	l.creates(l.mallory, l.mallory.top("Buy this"))
	article := "<h3>Day one</h3><h4>Skipped</h4><p>Words.</p>"
	asked := "<p>Which?</p><ul><li>&lt;b&gt;Tea&lt;/b&gt;</li><li>Coffee</li></ul>"
	l.reads(l.gwen, asked, article, "A note")
	l.reads(l.hugo, asked, "A note")
	if n := l.count("posts"); n != 3 {
		t.Errorf("%d posts are kept, want those of whom somebody follows", n)
	}
}

func TestRepliesAreReadByThoseWhoFollowBoth(t *testing.T) {
	t.Parallel()
	l := newLectern(t)
	article := l.publish(l.hugo, text("Why WAL", "It wins."))
	l.must(second(l.outbox.Follow(t.Context(), l.gwen, "@hugo@notes.example")))
	bens := l.creates(l.ben, l.ben.top("ben says"))
	later := func(by *remote, to, words string, minute int) {
		l.creates(by, with(by.note(to, words), "published", fmt.Sprintf("2026-06-11T18:%02d:00Z", minute)))
	}
	later(l.alice, bens["id"].(string), "alice to ben", 1)
	later(l.mallory, bens["id"].(string), "mallory to ben", 2)
	later(l.alice, l.article(article), "alice to hugo", 3)
	later(l.ben, "https://elsewhere.example/notes/1", "ben to a stranger", 4)
	mine := l.creates(l.alice, l.alice.top("alice says", "published", "2026-06-11T18:05:00Z"))
	later(l.alice, mine["id"].(string), "alice goes on", 6)
	l.reads(l.gwen, article.HTML, "alice goes on", "alice says", "alice to hugo", "alice to ben", "ben says")
	l.reads(l.hugo, "alice goes on", "alice says", "alice to hugo")
}

func second[T any](_ T, err error) error { return err }

func TestAReplyThatComesBeforeWhatItAnswersIsReadInTheEnd(t *testing.T) {
	t.Parallel()
	l := newLectern(t)
	old := l.ben.top("ben said before anybody followed")
	l.peer.serve(old["id"].(string), old)
	reply := with(l.alice.note(old["id"].(string), "alice answers"), "published", "2026-06-11T18:10:00Z", "tag", []any{map[string]any{"type": "Mention", "href": l.ben.id}})
	l.peer.serve(reply["id"].(string), reply)
	aside := with(l.alice.note(l.mallory.base+"/notes/none", "alice answers mallory"), "tag", []any{map[string]any{"type": "Mention", "href": l.mallory.id}})
	l.creates(l.alice, reply)
	l.creates(l.alice, aside)
	if n := l.count("jobs"); n != 1 {
		t.Fatalf("%d threads are looked for, want that of whom gwen follows", n)
	}
	l.runErrands()
	l.reads(l.gwen, "alice answers", "ben said before anybody followed")
	l.reads(l.hugo)
}

func TestEditsDeletionsAndUndoneBoostsAreFollowed(t *testing.T) {
	t.Parallel()
	l := newLectern(t)
	note := l.creates(l.alice, l.alice.top("first"))
	linked := edited(note, `second <a href="https://shop.example/">here</a>`, "2026-06-11T18:10:00Z")
	l.accept(l.alice, l.alice.does("Update", linked))
	if home := l.home(l.gwen); len(home) != 1 || !strings.HasPrefix(home[0], "second") {
		t.Errorf("after an edit with a link gwen reads %q", home)
	}
	bens := l.creates(l.ben, l.ben.top("ben says", "published", "2026-06-11T18:20:00Z"))
	boost := l.alice.does("Announce", bens["id"])
	l.accept(l.alice, boost)
	l.same("hugo reads", l.home(l.hugo)[:1], "alice boosts ben says")
	l.accept(l.alice, l.alice.does("Undo", boost["id"]))
	l.accept(l.alice, l.alice.does("Delete", note["id"]))
	l.reads(l.hugo)
	l.reads(l.gwen, "ben says")
}

func TestWhatIsForFollowersIsReadByFollowersAlone(t *testing.T) {
	t.Parallel()
	l := newLectern(t)
	l.person("boss", models.RoleOwner)
	note := l.creates(l.ben, l.ben.top("between us", "to", l.ben.id+"/followers", "cc", nil))
	l.reads(l.gwen, "between us")
	l.reads(l.hugo)
	post, err := l.store.Posts.ByURI(t.Context(), note["id"].(string))
	l.must(err)
	// A boost by somebody else is none, and nobody boosts it from here.
	l.accept(l.alice, l.alice.does("Announce", note["id"]))
	l.reads(l.hugo)
	if err := l.outbox.React(t.Context(), l.gwen, post, models.ReactionAnnounce); err == nil {
		t.Error("gwen boosted it")
	}
	l.must(l.outbox.React(t.Context(), l.gwen, post, models.ReactionLike))
	if err := l.outbox.React(t.Context(), l.hugo, post, models.ReactionLike); err == nil {
		t.Error("hugo, who doesn't follow ben, liked it")
	}
	answer, err := l.outbox.Answer(t.Context(), Answer{Account: l.gwen, To: post, ClientID: newClientID(), Source: "I see.", Language: "en"})
	l.must(err)
	if answer.Post.Visibility != models.VisibilityDirect {
		t.Errorf("the answer is %s", answer.Post.Visibility)
	}
	l.must(l.outbox.Unfollow(t.Context(), l.gwen, l.actorOf(l.ben)))
	l.reads(l.gwen)
	if sight, err := l.store.Posts.Sight(t.Context(), post); err != nil || models.CanSee(models.ViewerOf(l.gwen), sight) {
		t.Errorf("gwen, who unfollowed, still sees it: %v", err)
	}
}

func TestSomebodyHereIsFollowedAtOnce(t *testing.T) {
	t.Parallel()
	l := newLectern(t)
	c := l.conference("kormoran2026", "")
	first := l.publish(l.hugo, text("First", "One."))
	for _, address := range []string{"@hugo@notes.example", "https://notes.example/conferences/kormoran2026"} {
		l.must(second(l.outbox.Follow(t.Context(), l.gwen, address)))
		l.must(second(l.outbox.Follow(t.Context(), l.gwen, address))) // again
	}
	l.reads(l.gwen, first.HTML)
	l.clock.move(time.Minute)
	recap := l.recap(l.hugo, "Day one", models.About{ConferenceID: c.ID, Day: "2026-06-11"})
	l.reads(l.gwen, recap.HTML, first.HTML)
	if n := l.count("activities WHERE type = 'Follow' AND object_uri LIKE '%notes.example%'"); n != 0 {
		t.Errorf("%d Follows were sent to ourselves", n)
	}
	if got := l.count("notifications WHERE kind = 'follow'"); got != 1 {
		t.Errorf("hugo was told %d times", got)
	}
	l.must(l.outbox.Unfollow(t.Context(), l.gwen, l.hugo.Actor))
	l.reads(l.gwen, "kormoran2026 boosts "+recap.HTML)
	l.must(l.outbox.Delete(t.Context(), l.hugo, recap.ID))
	l.reads(l.gwen)
}

// What somebody else's follow brought is there at once for the next who follows.
func TestWhoFollowsLaterReadsWhatIsHere(t *testing.T) {
	t.Parallel()
	l := newLectern(t)
	l.creates(l.ben, l.ben.top("ben says"))
	l.accept(l.ben, l.ben.does("Announce", l.creates(l.alice, l.alice.top("alice says"))["id"]))
	l.follows(l.hugo, l.ben)
	l.reads(l.hugo, "alice says", "ben says")
	late := l.person("late", models.RoleAuthor)
	l.follows(late, l.ben)
	l.reads(late, "ben boosts alice says", "ben says")
}

// Whom one of ours follows is no stranger: their replies don't wait. Talk under what is only
// read makes nobody known.
func TestWhomSomebodyFollowsIsKnown(t *testing.T) {
	t.Parallel()
	l := newLectern(t)
	article := l.article(l.publish(l.hugo, text("Why WAL", "It wins.")))
	link := `<a href="https://slides.example/">slides</a>`
	l.creates(l.alice, l.alice.note(article, link))
	l.creates(l.mallory, l.mallory.note(l.creates(l.alice, l.alice.top("alice says"))["id"].(string), "me too"))
	l.creates(l.mallory, l.mallory.note(article, link))
	if got := l.strings("SELECT moderation FROM posts WHERE in_reply_to_uri = ? ORDER BY id", article); !slices.Equal(got, []string{models.ModerationShown, models.ModerationHeld}) {
		t.Errorf("the replies of alice and mallory are %v", got)
	}
}

// What a conference boosts of others' words is answered and liked by whoever reads it there.
func TestBoostedCoverageIsReadHere(t *testing.T) {
	t.Parallel()
	l := newLectern(t)
	c := l.conference("kormoran2026", "")
	l.must(second(l.outbox.Follow(t.Context(), l.hugo, "@kormoran2026@notes.example")))
	note := l.creates(l.mallory, l.mallory.top("What a keynote", "tag", []any{map[string]any{"type": "Mention", "href": l.iris.Actor("kormoran2026")}}))
	post, err := l.store.Posts.ByURI(t.Context(), note["id"].(string))
	l.must(err)
	ids := []int64{post.ID}
	l.must(l.outbox.DecideCoverage(t.Context(), l.gwen, c, 0, ids, models.CoverageShown))
	l.reads(l.hugo)
	l.must(l.outbox.BoostCoverage(t.Context(), l.gwen, c, ids, true))
	l.reads(l.hugo, "kormoran2026 boosts What a keynote")
	post, err = l.store.Posts.ByID(t.Context(), post.ID)
	l.must(err)
	l.must(l.outbox.React(t.Context(), l.hugo, post, models.ReactionLike))
	if shown, err := l.store.Posts.CoverageOf(t.Context(), c.ID, 0, 9); err != nil || len(shown) != 1 {
		t.Errorf("the conference's page shows %d, %v", len(shown), err)
	}
	l.must(l.outbox.BoostCoverage(t.Context(), l.gwen, c, ids, false))
	l.reads(l.hugo)
}

func TestWhomAFollowedActorNamesIsTold(t *testing.T) {
	t.Parallel()
	l := newLectern(t)
	mention := []any{map[string]any{"type": "Mention", "href": l.iris.Actor("gwen")}}
	l.creates(l.alice, l.alice.top("hi gwen", "tag", mention))
	l.creates(l.mallory, l.mallory.top("hi gwen", "tag", mention))
	if got := l.count("notifications WHERE kind = 'mention'"); got != 1 {
		t.Errorf("told of %d mentions, want that by whom she follows", got)
	}
}

func TestLocalFollowersStandInTheCollections(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t)
	n.home.person("hugo", models.RoleAuthor)
	n.home.must(second(n.home.outbox.Follow(t.Context(), n.gwen, n.home.iris.ProfilePage("hugo"))))
	if got := n.listed(n.home.docs.Following(t.Context(), "gwen", true, 0)); !slices.Equal(got, []string{n.home.iris.Actor("hugo")}) {
		t.Errorf("gwen follows %v", got)
	}
	if got := n.listed(n.home.docs.Followers(t.Context(), "hugo", true, 0)); !slices.Equal(got, []string{n.home.iris.Actor("gwen")}) {
		t.Errorf("hugo is followed by %v", got)
	}
}
