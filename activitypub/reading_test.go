package activitypub

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/activitypub/vocab"
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

func TestABoostIsFetchedFromItsOriginAndReadOnce(t *testing.T) {
	t.Parallel()
	l := newLectern(t)
	origin := newPeer(t)
	far := origin.actor("far")
	note := far.top("<p>far away</p>")
	origin.serve(note["id"].(string), note)
	create := far.does("Create", note)
	origin.serve(create["id"].(string), create)
	for name, object := range map[string]any{"the note": note["id"], "its Create": create["id"], "the Create itself": create} {
		l.accept(l.alice, l.alice.does("Announce", object))
		if l.runErrands(); l.count("jobs") != 0 {
			t.Errorf("%s: %d jobs are left", name, l.count("jobs"))
		}
	}
	l.clock.move(time.Minute)
	l.accept(l.ben, l.ben.does("Announce", note["id"]))
	l.reads(l.gwen, "alice boosts <p>far away</p>")
	l.reads(l.hugo, "alice boosts <p>far away</p>")
	if n := origin.askedFor(note["id"].(string)); n != 1 {
		t.Errorf("the origin was asked %d times", n)
	}
}

// A Group of another server of ours tells of its articles in two forms.
func TestAConferenceElsewhereIsReadOnce(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t)
	c := n.home.conference("kormoran2026", "")
	n.away.must(second(n.away.outbox.Follow(t.Context(), n.priya, "@kormoran2026@"+n.home.iris.Domain())))
	n.exchange()
	recap := n.home.recap(n.gwen, "Day one", models.About{ConferenceID: c.ID, Day: "2026-06-11"})
	n.exchange()
	n.away.runErrands()
	n.away.reads(n.priya, "kormoran2026 boosts "+recap.HTML)
	n.home.clock.move(time.Minute)
	n.home.about(n.gwen, recap, models.About{})
	n.exchange()
	n.away.reads(n.priya)
}

func TestWhatIsNotReadThroughABoost(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		object func(l *lectern, o *peer, far *remote) string
		then   func(l *lectern, far *remote, boost map[string]any)
	}{
		"for followers alone": {func(_ *lectern, o *peer, far *remote) string {
			return served(o, far.top("x", "to", far.id+"/followers", "cc", nil))
		}, nil},
		"of another's making": {func(l *lectern, o *peer, far *remote) string {
			return served(o, far.top("x", "attributedTo", l.mallory.id))
		}, nil},
		"of no kind that is read": {func(_ *lectern, o *peer, far *remote) string { return served(o, far.top("x", "type", "Event")) }, nil},
		"taken back at once": {func(_ *lectern, o *peer, far *remote) string { return served(o, far.top("x")) },
			func(l *lectern, _ *remote, boost map[string]any) {
				l.accept(l.alice, l.alice.does("Undo", boost["id"]))
			}},
		"taken back at once, with a copy": {func(_ *lectern, o *peer, far *remote) string { return served(o, far.top("x")) },
			func(l *lectern, _ *remote, boost map[string]any) { l.accept(l.alice, l.alice.does("Undo", boost)) }},
		"of whom the instance blocks": {func(_ *lectern, o *peer, far *remote) string { return served(o, far.top("x")) },
			func(l *lectern, far *remote, _ map[string]any) {
				l.inTx(func(tx *models.Store) error {
					return tx.Blocks.Add(l.ctx(), &models.Block{Domain: vocab.Host(far.id), CreatedAt: l.clock.now()})
				})
			}},
		"of nobody any more": {func(_ *lectern, o *peer, far *remote) string { return served(o, far.top("x")) },
			func(l *lectern, _ *remote, _ map[string]any) {
				l.must(l.outbox.Unfollow(l.ctx(), l.gwen, l.actorOf(l.alice)))
				l.must(l.outbox.Unfollow(l.ctx(), l.hugo, l.actorOf(l.alice)))
			}},
		"a Create of another host's": {func(l *lectern, o *peer, far *remote) string {
			foreign := served(l.peer, l.mallory.top("x"))
			return served(o, far.does("Create", foreign))
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, origin := newLectern(t), newPeer(t)
			far := origin.actor("far")
			boost := l.alice.does("Announce", c.object(l, origin, far))
			l.accept(l.alice, boost)
			if c.then != nil {
				c.then(l, far, boost)
			}
			l.runErrands()
			l.reads(l.gwen)
			if n := l.count("posts"); n != 0 {
				t.Errorf("%d posts were stored", n)
			}
		})
	}
}

// served has a peer serve a document at its id, which it returns.
func served(p *peer, document map[string]any) string {
	p.serve(document["id"].(string), document)
	return document["id"].(string)
}

func TestOnlyWhomSomebodyFollowsHasUsFetch(t *testing.T) {
	t.Parallel()
	l := newLectern(t)
	note := served(l.peer, l.mallory.top("Buy this"))
	l.accept(l.mallory, l.mallory.does("Announce", note))
	l.accept(l.alice, l.alice.does("Announce", l.alice.does("Like", note)))
	l.accept(l.alice, with(l.alice.does("Announce", note), "id", nil))
	if n := l.count("jobs"); n != 0 {
		t.Errorf("%d jobs were queued", n)
	}
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

func TestABlockTakesOffThePageWhatItNames(t *testing.T) {
	t.Parallel()
	l, origin := newLectern(t), newPeer(t)
	far := origin.actor("far")
	l.accept(l.alice, l.alice.does("Announce", served(origin, far.top("far away"))))
	l.runErrands()
	l.reads(l.gwen, "alice boosts far away")
	l.must(l.outbox.Block(t.Context(), l.gwen, models.Block{AccountID: l.gwen.ID, ActorID: l.actorOf(far).ID}))
	l.accept(l.alice, l.alice.does("Announce", served(origin, far.top("again"))))
	l.runErrands()
	l.reads(l.gwen)
	l.reads(l.hugo, "alice boosts again", "alice boosts far away")
	l.must(l.outbox.Block(t.Context(), l.gwen, models.Block{Domain: vocab.Host(far.id)}))
	l.reads(l.hugo)
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

func TestWhatIsOnlyReadGoes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		does  func(l *lectern, p *models.Post)
		wait  time.Duration
		stays int
	}{
		"read, within a month": {nil, readLife - time.Hour, 1},
		"read, a month ago":    {nil, readLife + time.Hour, 0},
		"answered": {func(l *lectern, p *models.Post) {
			l.must(second(l.outbox.Answer(l.ctx(), Answer{Account: l.gwen, To: p, ClientID: newClientID(), Source: "Yes.", Language: "en"})))
		}, readLife + time.Hour, 2},
		"liked": {func(l *lectern, p *models.Post) { l.must(l.outbox.React(l.ctx(), l.gwen, p, models.ReactionLike)) }, readLife + time.Hour, 1},
		"its like taken back": {func(l *lectern, p *models.Post) {
			l.must(l.outbox.React(l.ctx(), l.gwen, p, models.ReactionLike))
			l.must(l.outbox.Unreact(l.ctx(), l.gwen, p, models.ReactionLike))
		}, readLife + time.Hour, 0},
		"answered from elsewhere":   {func(l *lectern, p *models.Post) { l.creates(l.mallory, l.mallory.note(*p.URI, "me too")) }, readLife + time.Hour, 0},
		"of whom one still follows": {func(l *lectern, _ *models.Post) { l.must(l.outbox.Unfollow(l.ctx(), l.hugo, l.actorOf(l.alice))) }, time.Hour, 1},
		"of whom nobody follows any more": {func(l *lectern, _ *models.Post) {
			l.must(l.outbox.Unfollow(l.ctx(), l.hugo, l.actorOf(l.alice)))
			l.must(l.outbox.Unfollow(l.ctx(), l.gwen, l.actorOf(l.alice)))
		}, time.Hour, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLectern(t)
			note := l.creates(l.alice, l.alice.top("x", "attachment", []any{attachment(l.peer.base+"/x.jpg", "a hall")}))
			post, err := l.store.Posts.ByURI(t.Context(), note["id"].(string))
			l.must(err)
			if c.does != nil {
				c.does(l, post)
			}
			l.clock.move(c.wait)
			l.upkeep()
			if got := l.count("posts"); got != c.stays {
				t.Errorf("%d posts are left, want %d", got, c.stays)
			}
			if c.stays == 0 && l.count("remote_media WHERE post_id <> 0 AND state <> 'gone'") != 0 {
				t.Error("its pictures are kept")
			}
			l.must(l.store.Ping(t.Context()))
		})
	}
}

func TestOneWhoWritesALotFillsNoDisk(t *testing.T) {
	t.Parallel()
	l := newLectern(t)
	for i := range 5 {
		l.creates(l.alice, l.alice.top(fmt.Sprint(i), "published", fmt.Sprintf("2026-06-11T18:0%d:00Z", i)))
	}
	l.inTx(func(tx *models.Store) error { return tx.Readings.Prune(l.ctx(), l.clock.now().Add(-readLife), 3) })
	l.reads(l.gwen, "4", "3", "2")
	l.must(NewUpkeep(l.store, l.outbox, l.inbox.log, l.clock.now).letGo(t.Context()))
	if got := l.count("posts"); got != 3 {
		t.Errorf("%d posts are kept", got)
	}
}

func TestPicturesOfWhatIsReadAreOurCopies(t *testing.T) {
	t.Parallel()
	l := newLectern(t)
	for _, path := range []string{"/cover.png", "/hall.png", "/attached.png"} {
		l.peer.handle(path, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "image/png")
			_, _ = w.Write(pngOf(t, 40, 30))
		})
	}
	b := l.peer.base
	note := l.creates(l.alice, l.alice.top(`<p>Look</p><figure><img src="`+b+`/hall.png" alt="The hall"></figure><img src="`+b+`/hall.png"><img src="data:x"><img src="/relative.png">`, "type", "Article", "name", "Day one",
		"image", map[string]any{"type": "Image", "url": b + "/cover.png", "name": "Gulls"}, "attachment", []any{map[string]any{"type": "Image", "url": b + "/attached.png"}}))
	l.runErrands()
	post, err := l.store.Posts.ByURI(t.Context(), note["id"].(string))
	l.must(err)
	rows, err := l.store.Media.Attached(t.Context(), []int64{post.ID})
	l.must(err)
	var got []string
	for _, m := range rows[post.ID] {
		got = append(got, strings.TrimPrefix(m.URL, b)+" "+m.Alt+" "+m.State)
	}
	l.same("pictures", got, "/cover.png Gulls kept", "/hall.png The hall kept", "/attached.png  kept")
	if want := `<p>Look</p><hr class="picture-1">`; post.HTML != want {
		t.Errorf("the text is %q", post.HTML)
	}
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
