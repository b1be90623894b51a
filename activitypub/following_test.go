package activitypub

import (
	"errors"
	"testing"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// asking is a site whose gwen asked to follow alice, who has not answered yet.
type asking struct {
	*site
	gwen  *models.Account
	alice *remote
	id    string // of the Follow
}

func newAsking(t *testing.T) *asking {
	t.Helper()
	s := newSite(t)
	a := &asking{site: s, gwen: s.person("gwen", models.RoleOwner), alice: s.known("https://social.example", "alice")}
	_, err := s.outbox.Follow(t.Context(), a.gwen, "@alice@social.example")
	s.must(err)
	a.id = s.iris.Activity(s.strings("SELECT public_id FROM activities WHERE type = 'Follow'")[0])
	return a
}

func (a *asking) state() string {
	a.t.Helper()
	all := a.strings("SELECT state FROM follows")
	if len(all) != 1 {
		a.t.Fatalf("%d follows, want one", len(all))
	}
	return all[0]
}

// copied is the Follow as an answer carries it.
func (a *asking) copied(pairs ...any) map[string]any {
	return with(map[string]any{"id": a.id, "type": "Follow", "actor": a.iris.Actor("gwen"), "object": a.alice.id}, pairs...)
}

func TestTheAnswerToAFollowIsTaken(t *testing.T) {
	t.Parallel()
	for name, object := range map[string]func(a *asking) any{
		"by its id":   func(a *asking) any { return a.id },
		"by its copy": func(a *asking) any { return a.copied() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAsking(t)
			a.accept(a.alice, a.alice.does("Accept", object(a)))
			if got := a.state(); got != models.FollowAccepted {
				t.Errorf("after the Accept the follow is %s", got)
			}
			a.accept(a.alice, a.alice.does("Reject", object(a)))
			if got := a.count("follows"); got != 0 {
				t.Errorf("after the Reject there are %d follows", got)
			}
		})
	}
}

// Nobody makes a follow of ours but whom we asked, about what we asked.
func TestAForgedAnswerToAFollowIsNothing(t *testing.T) {
	t.Parallel()
	for name, forge := range map[string]func(a *asking, mallory *remote) (*remote, any){
		"by another actor of that server": func(a *asking, m *remote) (*remote, any) { return m, a.id },
		"by another with a copy":          func(a *asking, m *remote) (*remote, any) { return m, a.copied("object", m.id) },
		"to a Follow that never was": func(a *asking, _ *remote) (*remote, any) {
			return a.alice, a.iris.Activity("AAAAAAAAAAAAAAAAAAAAAA")
		},
		"to a Follow of somebody else's": func(a *asking, _ *remote) (*remote, any) { return a.alice, "https://other.example/follows/1" },
		"without the Follow's id":        func(a *asking, _ *remote) (*remote, any) { return a.alice, a.copied("id", nil) },
		"for another follower":           func(a *asking, _ *remote) (*remote, any) { return a.alice, a.copied("actor", a.iris.Actor("hugo")) },
		"of another target":              func(a *asking, m *remote) (*remote, any) { return a.alice, a.copied("object", m.id) },
		"of something else":              func(a *asking, _ *remote) (*remote, any) { return a.alice, a.copied("type", "Like") },
	} {
		for _, typ := range []string{"Accept", "Reject"} {
			t.Run(typ+" "+name, func(t *testing.T) {
				t.Parallel()
				a := newAsking(t)
				a.person("hugo", models.RoleAuthor)
				from, object := forge(a, a.known("https://social.example", "mallory"))
				answer := from.does(typ, object)
				a.accept(from, answer)
				if got := a.outcome(answer); got != outcomeIgnored || a.state() != models.FollowPending {
					t.Errorf("outcome %s, the follow is %s", got, a.state())
				}
			})
		}
	}
}

func TestWhoCantBeFollowed(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	gwen := s.person("gwen", models.RoleOwner)
	s.person("hugo", models.RoleAuthor)
	s.known("https://barred.example", "mallory")
	s.inTx(func(tx *models.Store) error {
		return tx.Blocks.Add(t.Context(), &models.Block{Domain: "barred.example", CreatedAt: s.clock.now()})
	})
	for address, want := range map[string]error{
		"no address at all":       ErrNoServer,
		"@gwen@notes.example":     models.ErrNotFound, // herself
		"@nobody@notes.example":   models.ErrNotFound,
		"@instance@notes.example": models.ErrNotFound,
		"@mallory@barred.example": models.ErrNotFound,
	} {
		if _, err := s.outbox.Follow(t.Context(), gwen, address); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", address, err, want)
		}
	}
	if n := s.count("follows") + s.count("activities"); n != 0 {
		t.Errorf("%d rows were written", n)
	}
}

func TestWhatIsNotKeptOfOthersArticles(t *testing.T) {
	t.Parallel()
	article := func(by *remote, pairs ...any) map[string]any {
		return with(with(by.note("", "<p>A day.</p>"), "type", "Article", "name", "A day", "inReplyTo", nil), pairs...)
	}
	for name, c := range map[string]struct {
		follow bool
		create func(a *asking, mallory *remote) (*remote, map[string]any)
	}{
		"before the follow was accepted": {false, func(a *asking, _ *remote) (*remote, map[string]any) { return a.alice, article(a.alice) }},
		"of whom nobody follows":         {true, func(_ *asking, m *remote) (*remote, map[string]any) { return m, article(m) }},
		"in another's name":              {true, func(a *asking, m *remote) (*remote, map[string]any) { return m, article(a.alice) }},
		"for gwen alone": {true, func(a *asking, _ *remote) (*remote, map[string]any) {
			return a.alice, article(a.alice, "to", a.iris.Actor("gwen"), "cc", nil)
		}},
		"of no kind that is read": {true, func(a *asking, _ *remote) (*remote, map[string]any) {
			return a.alice, article(a.alice, "type", "Event")
		}},
		"older than what is kept": {true, func(a *asking, _ *remote) (*remote, map[string]any) {
			return a.alice, article(a.alice, "published", "2026-05-11T18:00:00Z")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAsking(t)
			if c.follow {
				a.accept(a.alice, a.alice.does("Accept", a.id))
			}
			from, object := c.create(a, a.known("https://social.example", "mallory"))
			a.accept(from, from.does("Create", object))
			if got := a.count("posts"); got != 0 {
				t.Errorf("%d posts were kept", got)
			}
		})
	}
}

// A public article of whom gwen follows is kept: the cases above are not empty.
func TestAnArticleOfAFollowedActorIsKeptClean(t *testing.T) {
	t.Parallel()
	a := newAsking(t)
	a.accept(a.alice, a.alice.does("Accept", a.id))
	object := with(a.alice.note("", `<p onclick="x()">A day.<script>alert(1)</script></p>`), "type", "Article", "name", "A <b>day</b>", "inReplyTo", nil)
	a.accept(a.alice, a.alice.does("Create", object))
	a.accept(a.alice, a.alice.does("Create", object)) // again
	post, err := a.store.Posts.ByURI(t.Context(), object["id"].(string))
	a.must(err)
	if post.Kind != models.KindFollowed || post.HTML != "<p>A day.</p>" || post.Title != "A day" || post.Visibility != models.VisibilityPublic {
		t.Errorf("kept %+v", post)
	}
	// A reply doesn't become an article by being edited into one.
	hello := a.alice.note(object["id"].(string), "Hello")
	a.accept(a.alice, a.alice.does("Create", hello))
	a.accept(a.alice, a.alice.does("Update", with(hello, "type", "Article", "inReplyTo", nil, "content", "Changed", "updated", vocab.FormatTime(a.clock.now()))))
	if got := a.strings("SELECT html FROM posts WHERE kind = 'reply'"); len(got) != 1 || got[0] != "<p>Hello</p>" && got[0] != "Hello" {
		t.Errorf("the reply says %q", got)
	}
}

func TestABlockEndsWhatWasFollowedThere(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		block func(a *asking) models.Block
		left  int // of gwen's and hugo's follows
	}{
		"one's own, of the actor": {func(a *asking) models.Block {
			return models.Block{AccountID: a.gwen.ID, ActorID: a.actorOf(a.alice).ID}
		}, 1},
		"one's own, of the server":         {func(a *asking) models.Block { return models.Block{AccountID: a.gwen.ID, Domain: "social.example"} }, 1},
		"everyone's, of the server":        {func(*asking) models.Block { return models.Block{Domain: "social.example"} }, 0},
		"everyone's, of the domain above":  {func(*asking) models.Block { return models.Block{Domain: "example"} }, 0},
		"everyone's, of quite another one": {func(*asking) models.Block { return models.Block{Domain: "other.example"} }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := newAsking(t)
			hugo := a.person("hugo", models.RoleAuthor)
			_, err := a.outbox.Follow(t.Context(), hugo, "@alice@social.example")
			a.must(err)
			a.must(a.outbox.Block(t.Context(), a.gwen, c.block(a)))
			if follows, undone := a.count("follows"), a.count("activities WHERE type = 'Undo'"); follows != c.left || undone != 2-c.left {
				t.Errorf("%d follows are left, want %d; %d were undone", follows, c.left, undone)
			}
		})
	}
}

// TestOneOfOursWhoApprovesByHandIsAsked: a follow within the instance waits, too, and reads
// nothing before the yes; who moved away isn't followed any more, and takes followers along.
func TestOneOfOursWhoApprovesByHandIsAsked(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	gwen, erell := s.person("gwen", models.RoleOwner), s.person("erell", models.RoleAuthor)
	s.must(s.outbox.SetFollowing(s.ctx(), gwen, true, false))
	s.publish(gwen, text("Day one", "Words."))
	read := func() int { return s.count("readings") }
	_, err := s.outbox.Follow(s.ctx(), erell, "@gwen@notes.example")
	s.must(err)
	if got := s.strings("SELECT state FROM follows"); len(got) != 1 || got[0] != models.FollowPending || read() != 0 {
		t.Fatalf("the follow is %v, and %d things are read", got, read())
	}
	if n := s.count("notifications WHERE kind = 'request'"); n != 1 {
		t.Errorf("%d requests are told of", n)
	}
	asks, err := s.store.Follows.FollowersIn(s.ctx(), gwen.ActorID, models.FollowPending, 0, 9)
	s.must(err)
	s.must(s.outbox.AcceptFollowers(s.ctx(), gwen, gwen.Actor, 0, []int64{asks[0].ID}))
	if got := s.strings("SELECT state FROM follows"); len(got) != 1 || got[0] != models.FollowAccepted || read() != 1 {
		t.Errorf("accepted, the follow is %v, and %d things are read", got, read())
	}
	hugo := s.person("hugo", models.RoleAuthor)
	s.inTx(func(tx *models.Store) error {
		return tx.Actors.AddAlias(s.ctx(), hugo.ActorID, gwen.ActorID, s.clock.now())
	})
	_, err = s.outbox.Move(s.ctx(), gwen, "@hugo@notes.example")
	s.must(err)
	if got := s.strings("SELECT b.handle || ' ' || a.handle FROM follows f JOIN actors a ON a.id = f.target_id JOIN actors b ON b.id = f.follower_id"); len(got) != 1 || got[0] != "erell hugo" {
		t.Errorf("after the move: %v", got)
	}
	late := s.person("late", models.RoleAuthor)
	if _, err := s.outbox.Follow(s.ctx(), late, "@gwen@notes.example"); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("who moved away is followed: %v", err)
	}
}
