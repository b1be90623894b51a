package activitypub

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/models"
)

// hall is a site with a conference, who looks after it, and somebody elsewhere.
type hall struct {
	*site
	boss  *models.Account
	conf  *models.Conference
	alice *remote
}

func newHall(t testing.TB, coverage string) *hall {
	s := newSite(t)
	h := &hall{s, s.person("boss", models.RoleAuthor), s.conference("kormoran2026", ""), s.known("https://social.example", "alice")}
	h.conf.Coverage = coverage
	s.inTx(func(tx *models.Store) error {
		return errors.Join(tx.Conferences.Save(s.ctx(), h.conf), tx.Conferences.SetManager(s.ctx(), h.conf.ActorID, h.boss.ID, models.ManagerEditor))
	})
	return h
}

// post is what somebody writes for everyone, with a mention of the conference.
func (h *hall) post(by *remote, id, words string) map[string]any {
	group := h.iris.Actor("kormoran2026")
	note := with(by.note("", words), "id", by.base+"/notes/"+id)
	delete(note, "inReplyTo")
	return with(note, "cc", []any{group}, "tag", []any{map[string]any{"type": "Mention", "href": group, "name": "@kormoran2026@notes.example"}})
}

// shown is what stands on the conference's page.
func (h *hall) shown() (words []string) {
	h.t.Helper()
	posts, err := h.store.Posts.CoverageOf(h.ctx(), h.conf.ID, 0, 20)
	h.must(err)
	for _, p := range posts {
		words = append(words, strings.TrimSpace(p.HTML))
	}
	return words
}

// waiting are the posts that wait.
func (h *hall) waiting() (ids []int64) {
	h.t.Helper()
	posts, err := h.store.Coverage.List(h.ctx(), h.conf.ID, models.CoverageHeld, 0, 20)
	h.must(err)
	for _, p := range posts {
		ids = append(ids, p.ID)
	}
	return ids
}

func (h *hall) edited(note map[string]any, words string) map[string]any {
	h.clock.move(time.Minute)
	return with(note, "content", words, "updated", h.clock.now().Format(time.RFC3339))
}

func TestWhatMentionsAConferenceWaitsUntilItIsApproved(t *testing.T) {
	t.Parallel()
	h := newHall(t, models.CoverageHeld)
	h.accept(h.alice, h.alice.does("Create", h.post(h.alice, "1", `<p>Great keynote<script>alert(1)</script></p>`)))
	if got := h.shown(); len(got) != 0 || len(h.waiting()) != 1 {
		t.Fatalf("shown at once: %v, %d wait", got, len(h.waiting()))
	}
	h.must(h.outbox.DecideCoverage(h.ctx(), h.boss, h.conf, 0, h.waiting(), models.CoverageShown))
	h.same("shown", h.shown(), "<p>Great keynote</p>")
	// It is in no list of ours but that.
	if n, err := h.store.Posts.CountArticles(h.ctx()); err != nil || n != 0 {
		t.Errorf("%d articles, %v", n, err)
	}
	if n := h.count("notifications WHERE kind <> 'coverage'"); n != 0 {
		t.Errorf("%d notifications of others", n)
	}
}

func TestAnOpenConferenceShowsItAtOnce(t *testing.T) {
	t.Parallel()
	h := newHall(t, models.CoverageOpen)
	h.accept(h.alice, h.alice.does("Create", h.post(h.alice, "1", "<p>Great</p>")))
	h.same("shown", h.shown(), "<p>Great</p>")
}

func TestWhatIsNoCoverage(t *testing.T) {
	t.Parallel()
	h := newHall(t, models.CoverageOpen)
	gwen := h.person("gwen", models.RoleAuthor)
	article := h.publish(gwen, text("Why WAL", "*WAL* wins."))
	barred := h.known("https://barred.example", "mallory")
	h.accept(barred, barred.does("Like", h.article(article)))
	h.inTx(func(tx *models.Store) error {
		return tx.Blocks.Add(h.ctx(), &models.Block{Domain: "barred.example", CreatedAt: h.clock.now()})
	})
	reply := with(h.post(h.alice, "r", "<p>As said at the conference</p>"), "inReplyTo", h.article(article))
	h.accept(h.alice, h.alice.does("Create", reply))
	for name, note := range map[string]map[string]any{
		"for followers":    with(h.post(h.alice, "f", "x"), "to", h.alice.id+"/followers"),
		"a message":        with(h.post(h.alice, "d", "x"), "to", nil),
		"without mention":  with(h.post(h.alice, "n", "x"), "cc", nil, "tag", nil),
		"of a person":      with(h.post(h.alice, "p", "x"), "cc", []any{h.iris.Actor("gwen")}, "tag", nil),
		"under a stranger": with(h.post(h.alice, "s", "x"), "inReplyTo", "https://social.example/notes/99"),
		"not theirs":       with(h.post(h.alice, "o", "x"), "attributedTo", "https://social.example/users/bob"),
		"no post":          with(h.post(h.alice, "t", "x"), "type", "Event"),
	} {
		h.accept(h.alice, h.alice.does("Create", note))
		if got := h.shown(); len(got) != 0 {
			t.Errorf("%s is shown: %v", name, got)
		}
	}
	if status := h.send(barred, barred.does("Create", h.post(barred, "1", "spam"))); status != http.StatusForbidden {
		t.Errorf("who is blocked is answered %d", status)
	}
	if n := h.count("posts WHERE kind = 'reply' AND root_id = ?", article.ID); n != 1 || h.count("coverage") != 0 || h.count("posts WHERE kind <> 'article'") != 1 {
		t.Errorf("%d replies, want the one, and nothing else", n)
	}
}

func TestCoverageFollowsItsEditsAndItsEnd(t *testing.T) {
	t.Parallel()
	h := newHall(t, models.CoverageHeld)
	fan := h.known("https://fans.example", "fan")
	h.subscribe(fan, "kormoran2026")
	note := h.post(h.alice, "1", "<p>Great</p>")
	h.accept(h.alice, h.alice.does("Create", note))
	h.must(h.outbox.DecideCoverage(h.ctx(), h.boss, h.conf, 0, h.waiting(), models.CoverageShown))
	h.accept(h.alice, h.alice.does("Update", h.edited(note, "<p>Great, and long</p>")))
	h.same("a harmless edit", h.shown(), "<p>Great, and long</p>")
	ids := h.strings("SELECT post_id FROM coverage")
	if len(ids) != 1 {
		t.Fatalf("coverage of %v", ids)
	}
	boost := func(on bool) { h.must(h.outbox.BoostCoverage(h.ctx(), h.boss, h.conf, []int64{1, 2, 3}, on)) }
	boost(true)
	boost(true)
	h.same("boosted", h.sent(fan.base+"/inbox"), "kormoran2026 Announce https:")
	h.accept(h.alice, h.alice.does("Update", h.edited(note, `<p><a href="https://pills.example">Pills</a></p>`)))
	if len(h.shown()) != 0 || len(h.waiting()) != 1 || h.count("activities WHERE type = 'Undo'") != 1 {
		t.Errorf("an edit with a new link: shown %v, %d wait, %d Undos", h.shown(), len(h.waiting()), h.count("activities WHERE type = 'Undo'"))
	}
	h.must(h.outbox.DecideCoverage(h.ctx(), h.boss, h.conf, h.waiting()[0], nil, models.CoverageShown))
	boost(true)
	h.accept(h.alice, h.alice.does("Delete", note["id"]))
	if len(h.shown()) != 0 || h.count("coverage") != 0 || h.count("activities WHERE type = 'Undo'") != 2 || h.count("posts WHERE html <> ''") != 0 {
		t.Errorf("what was deleted stays: %v, %d Undos", h.shown(), h.count("activities WHERE type = 'Undo'"))
	}
}

func TestCoverageEndsWithTheMentionWithARejectionAndWithABlock(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(h *hall, note map[string]any, id int64){
		"the mention": func(h *hall, note map[string]any, _ int64) {
			h.accept(h.alice, h.alice.does("Update", with(h.edited(note, "<p>Other</p>"), "cc", nil, "tag", nil)))
		},
		"rejected": func(h *hall, _ map[string]any, id int64) {
			h.must(h.outbox.DecideCoverage(h.ctx(), h.boss, h.conf, 0, []int64{id}, models.CoverageHidden))
		},
		"the server blocked": func(h *hall, _ map[string]any, _ int64) {
			h.must(h.outbox.Block(h.ctx(), h.person("olga", models.RoleOwner), models.Block{Domain: "social.example"}))
		},
		"the author gone": func(h *hall, _ map[string]any, _ int64) { h.accept(h.alice, h.alice.does("Delete", h.alice.id)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHall(t, models.CoverageOpen)
			note := h.post(h.alice, "1", "<p>Great</p>")
			h.accept(h.alice, h.alice.does("Create", note))
			posts, err := h.store.Posts.CoverageOf(h.ctx(), h.conf.ID, 0, 20)
			h.must(err)
			h.must(h.outbox.BoostCoverage(h.ctx(), h.boss, h.conf, []int64{posts[0].ID}, true))
			h.same("its author is told", h.told("Announce"), h.alice.base+"/inbox")
			end(h, note, posts[0].ID)
			if got := h.shown(); len(got) != 0 || h.count("activities WHERE type = 'Undo'") != 1 || h.count("reactions") != 0 {
				t.Errorf("shown %v, %d Undos", got, h.count("activities WHERE type = 'Undo'"))
			}
		})
	}
}

func TestOnlyManagersDecideOnCoverage(t *testing.T) {
	t.Parallel()
	h := newHall(t, models.CoverageHeld)
	gwen := h.person("gwen", models.RoleAuthor)
	h.accept(h.alice, h.alice.does("Create", h.post(h.alice, "1", "<p>Great</p>")))
	id := h.waiting()[0]
	err1 := h.outbox.DecideCoverage(h.ctx(), gwen, h.conf, 0, []int64{id}, models.CoverageShown)
	err2 := h.outbox.BoostCoverage(h.ctx(), gwen, h.conf, []int64{id}, true)
	if !errors.Is(err1, models.ErrNotFound) || !errors.Is(err2, models.ErrNotFound) {
		t.Errorf("somebody else: %v, %v", err1, err2)
	}
	h.must(h.outbox.BoostCoverage(h.ctx(), h.boss, h.conf, []int64{id}, true))
	if !slices.Equal(h.waiting(), []int64{id}) || h.count("activities WHERE type = 'Announce'") != 0 {
		t.Error("what waits was boosted or shown")
	}
}

// Who looks after coverage has no say over what the Group announces of our articles.
func TestABoostOfCoverageIsOfNothingElse(t *testing.T) {
	t.Parallel()
	h := newHall(t, models.CoverageOpen)
	post := h.recap(h.person("gwen", models.RoleAuthor), "Day one", models.About{ConferenceID: h.conf.ID})
	h.must(h.outbox.BoostCoverage(h.ctx(), h.boss, h.conf, []int64{post.ID}, false))
	h.must(h.outbox.DecideCoverage(h.ctx(), h.boss, h.conf, 0, []int64{post.ID}, models.CoverageHidden))
	other := h.publish(h.boss, text("Why WAL", "*WAL* wins."))
	h.must(h.outbox.BoostCoverage(h.ctx(), h.boss, h.conf, []int64{other.ID}, true))
	if n := h.count("reactions"); n != 1 || h.count("activities WHERE type = 'Undo'") != 0 {
		t.Errorf("%d announced, want the recap alone", n)
	}
}

// An article of somebody whom one of ours follows is both: kept, and coverage.
func TestAFollowedAuthorsArticleIsCoverageToo(t *testing.T) {
	t.Parallel()
	h := newHall(t, models.CoverageOpen)
	h.inTx(func(tx *models.Store) error {
		return tx.Follows.Put(h.ctx(), &models.Follow{URI: h.iris.Activity(models.NewPublicID()), FollowerID: h.boss.ActorID, TargetID: h.actorOf(h.alice).ID,
			State: models.FollowAccepted, CreatedAt: h.clock.now()})
	})
	article := with(h.post(h.alice, "1", "<p>My notes</p>"), "type", "Article", "name", "Notes")
	h.accept(h.alice, h.alice.does("Create", article))
	h.same("shown", h.shown(), "<p>My notes</p>")
	if n := h.count("posts WHERE kind = 'followed'"); n != 1 {
		t.Errorf("%d articles are kept", n)
	}
	h.accept(h.alice, h.alice.does("Update", with(h.edited(article, "<p>My notes</p>"), "cc", nil, "tag", nil)))
	if got := h.shown(); len(got) != 0 || h.count("posts WHERE kind = 'followed' AND state = 'published'") != 1 {
		t.Errorf("without the mention: %v", got)
	}
}

// A wave of posts is told of once; whoever decides is told of the next.
func TestManagersAreToldThatCoverageWaits(t *testing.T) {
	t.Parallel()
	h := newHall(t, models.CoverageHeld)
	owner, other := h.person("owner", models.RoleOwner), h.person("other", models.RoleAuthor)
	news := func(a *models.Account) int64 {
		n, err := h.store.Notifications.CountNew(h.ctx(), a.ID)
		h.must(err)
		return n
	}
	for _, id := range []string{"1", "2", "3"} {
		h.accept(h.alice, h.alice.does("Create", h.post(h.alice, id, "<p>Great</p>")))
	}
	if news(h.boss) != 1 || news(owner) != 0 || news(other) != 0 {
		t.Errorf("told are the manager %d times, the owner %d, somebody else %d; want 1, 0, 0", news(h.boss), news(owner), news(other))
	}
	h.must(h.outbox.DecideCoverage(h.ctx(), h.boss, h.conf, 0, h.waiting(), models.CoverageHidden))
	h.inTx(func(tx *models.Store) error { return tx.Conferences.SetManager(h.ctx(), h.conf.ActorID, h.boss.ID, "") })
	h.accept(h.alice, h.alice.does("Create", h.post(h.alice, "4", "<p>Once more</p>")))
	if news(owner) != 1 {
		t.Errorf("of a conference that nobody looks after the owner is told %d times", news(owner))
	}
	h.must(h.outbox.DecideCoverage(h.ctx(), owner, h.conf, 0, h.waiting(), models.CoverageShown))
	if news(owner) != 0 {
		t.Error("what doesn't wait any more is told of")
	}
	open := newHall(t, models.CoverageOpen)
	open.accept(open.alice, open.alice.does("Create", open.post(open.alice, "1", "<p>Great</p>")))
	if n := open.count("notifications"); n != 0 {
		t.Errorf("of what doesn't wait %d are told", n)
	}
}
