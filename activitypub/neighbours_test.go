package activitypub

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/activitypub/vocab"
	"confnotes/models"
)

// neighbours are two servers of ours, each with a store of its own, that speak signed
// HTTP to each other.
type neighbours struct {
	home, away  *site
	gwen, priya *models.Account
}

func newNeighbours(t *testing.T) *neighbours {
	t.Helper()
	n := &neighbours{home: newServed(t), away: newServed(t)}
	n.gwen, n.priya = n.home.person("gwen", models.RoleOwner), n.away.person("priya", models.RoleOwner)
	return n
}

// newServed makes a site that answers at its own base URL, on loopback.
func newServed(t *testing.T) *site {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := newSiteAt(t, "http://"+listener.Addr().String())
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: s}}
	server.Start()
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	return s
}

// ServeHTTP answers what the handlers would.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.heard[r.Method] = append(s.heard[r.Method], r.Header.Get("Signature-Input"))
	s.mu.Unlock()
	if r.Method == http.MethodPost {
		status, refusal := s.receive(r)
		w.WriteHeader(status)
		_, _ = w.Write([]byte(refusal.Reason))
		return
	}
	if handle, ok := strings.CutSuffix(strings.TrimPrefix(r.URL.Path, "/users/"), "/followers_synchronization"); ok {
		s.followersOf(w, r, handle)
		return
	}
	body, err := []byte(nil), models.ErrNotFound
	if name, ok := strings.CutPrefix(r.URL.Path, "/users/"); ok {
		w.Header().Set("Content-Type", vocab.ContentType)
		page := r.URL.Query().Has("page")
		switch handle, part, _ := strings.Cut(name, "/"); part {
		case "":
			body, err = s.docs.Actor(r.Context(), handle)
		case "outbox":
			body, err = s.docs.Outbox(r.Context(), handle, page, 0)
		case "following":
			body, err = s.docs.Following(r.Context(), handle, page, 0)
		}
	} else if id, ok := strings.CutPrefix(r.URL.Path, "/articles/"); ok {
		w.Header().Set("Content-Type", vocab.ContentType)
		body, err = s.docs.Article(r.Context(), id)
	} else if id, ok := strings.CutPrefix(r.URL.Path, "/activities/"); ok {
		w.Header().Set("Content-Type", vocab.ContentType)
		body, err = s.docs.Activity(r.Context(), id)
	} else if id, ok := strings.CutPrefix(r.URL.Path, "/notes/"); ok {
		w.Header().Set("Content-Type", vocab.ContentType)
		body, err = s.docs.Note(r.Context(), id)
	} else if r.URL.Path == "/.well-known/webfinger" {
		w.Header().Set("Content-Type", "application/jrd+json")
		body, err = s.docs.WebFinger(r.Context(), r.URL.Query().Get("resource"))
	}
	gone := new(GoneError)
	switch {
	case errors.As(err, &gone):
		w.WriteHeader(http.StatusGone)
	case err != nil:
		http.NotFound(w, r)
	default:
		_, _ = w.Write(body)
	}
}

// exchange delivers until neither has anything left to say.
func (n *neighbours) exchange() {
	for n.home.deliver()+n.away.deliver() > 0 {
		n.home.runErrands()
		n.away.runErrands()
	}
}

func (n *neighbours) address(of *models.Account) string {
	return "@" + n.home.iris.Acct(of.Actor.HandleLC)
}

// follow has priya follow gwen, up to the answer.
func (n *neighbours) follow() *models.Actor {
	n.away.t.Helper()
	target, err := n.away.outbox.Follow(n.away.ctx(), n.priya, n.address(n.gwen))
	n.away.must(err)
	return target
}

// copyOf is what priya's server has of an article or a reply of gwen's.
func (n *neighbours) copyOf(p *models.Post) *models.Post {
	n.away.t.Helper()
	post, err := n.away.store.Posts.ByURI(n.away.ctx(), n.home.iris.Post(p))
	n.away.must(err)
	return post
}

func (n *neighbours) listed(page []byte, err error) []string {
	n.home.t.Helper()
	n.home.must(err)
	var c struct{ OrderedItems []string }
	n.home.must(json.Unmarshal(page, &c))
	return c.OrderedItems
}

func TestAFollowGoesOutAndIsAccepted(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t)
	n.follow()
	if got := n.away.strings("SELECT state FROM follows"); !slices.Equal(got, []string{models.FollowPending}) {
		t.Fatalf("before the answer the follow is %v", got)
	}
	if got := n.listed(n.away.docs.Following(t.Context(), "priya", true, 0)); len(got) != 0 {
		t.Errorf("priya follows %v before it was accepted", got)
	}
	n.exchange()
	if got := n.away.strings("SELECT state FROM follows"); !slices.Equal(got, []string{models.FollowAccepted}) {
		t.Fatalf("after the answer the follow is %v", got)
	}
	gwen, priya := n.home.iris.Actor("gwen"), n.away.iris.Actor("priya")
	if got := n.listed(n.away.docs.Following(t.Context(), "priya", true, 0)); !slices.Equal(got, []string{gwen}) {
		t.Errorf("priya follows %v", got)
	}
	if got := n.listed(n.home.docs.Followers(t.Context(), "gwen", true, 0)); !slices.Equal(got, []string{priya}) {
		t.Errorf("gwen is followed by %v", got)
	}
	n.follow()
	if got := n.away.count("activities WHERE type = 'Follow'"); got != 1 {
		t.Errorf("%d Follows were sent, want no second one of who is followed", got)
	}
}

func TestWhoeverFollowsCanAnswerLikeAndBoost(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t)
	ctx := t.Context()
	n.follow()
	n.exchange()
	article := n.home.publish(n.gwen, text("Why WAL", "*WAL* wins."))
	n.exchange()
	here := n.copyOf(article)
	if here.Title != "Why WAL" || !strings.Contains(here.HTML, "<em>WAL</em>") {
		t.Errorf("kept %q: %s", here.Title, here.HTML)
	}
	n.away.must(n.away.outbox.React(ctx, n.priya, here, models.ReactionLike))
	n.away.must(n.away.outbox.React(ctx, n.priya, here, models.ReactionAnnounce))
	asked, err := n.away.outbox.Answer(ctx, Answer{Account: n.priya, To: here, ClientID: newClientID(), Source: "Always?", Language: "en"})
	n.away.must(err)
	n.exchange()
	counts, err := n.home.store.Reactions.CountsOf(ctx, article.ID)
	n.home.must(err)
	if counts != (models.Counts{Likes: 1, Announces: 1, Replies: 1}) {
		t.Errorf("gwen sees %+v", counts)
	}
	question, err := n.home.store.Posts.ByURI(ctx, n.away.iris.Post(asked.Post))
	n.home.must(err)
	answer, err := n.home.outbox.Answer(ctx, Answer{Account: n.gwen, To: question, ClientID: newClientID(), Source: "Nearly.", Language: "en"})
	n.home.must(err)
	n.exchange()
	if got := n.copyOf(answer.Post); got.RootID == nil || *got.RootID != here.ID || *got.InReplyToID != asked.Post.ID {
		t.Errorf("gwen's answer stands under %v", got.RootID)
	}
	n.home.clock.move(time.Minute)
	n.away.clock.move(time.Minute)
	_, err = n.away.outbox.EditAnswer(ctx, n.priya, asked.Post, "Always, really?")
	n.away.must(err)
	n.exchange()
	if question, err = n.home.store.Posts.ByURI(ctx, n.away.iris.Post(asked.Post)); err != nil || !strings.Contains(question.HTML, "really") {
		t.Errorf("the edit says %v, %v", question, err)
	}
}

// A reply to another reader's reply still concerns whose article it is.
func TestAuthorsHearOfEveryReplyUnderTheirArticle(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t)
	jonas := n.away.person("jonas", models.RoleAuthor)
	n.follow()
	n.exchange()
	article := n.home.publish(n.gwen, text("Why WAL", "*WAL* wins."))
	n.exchange()
	first, err := n.away.outbox.Answer(t.Context(), Answer{Account: n.priya, To: n.copyOf(article), ClientID: newClientID(), Source: "Always?", Language: "en"})
	n.away.must(err)
	_, err = n.away.outbox.Answer(t.Context(), Answer{Account: jonas, To: first.Post, ClientID: newClientID(), Source: "Never.", Language: "en"})
	n.away.must(err)
	n.exchange()
	if got := n.home.count("posts WHERE kind = 'reply' AND root_id = ?", article.ID); got != 2 {
		t.Errorf("%d replies came home, want both", got)
	}
}

func TestAnArticleThatIsFollowedIsInNoListOfOurs(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t)
	n.follow()
	n.exchange()
	n.home.publish(n.gwen, models.RevisionText{Language: "en", Title: "Why WAL", Source: "It wins. #wal"})
	n.exchange()
	if n.away.count("posts") != 1 {
		t.Fatal("the article did not come")
	}
	posts, ctx, page := n.away.store.Posts, t.Context(), models.Page{Limit: 9}
	home, err1 := posts.Articles(ctx, page)
	by, err2 := posts.ArticlesBy(ctx, n.away.id("SELECT actor_id FROM posts"), page)
	tagged, err3 := posts.ArticlesTagged(ctx, "wal", page)
	places, err4 := posts.Places(ctx, 9)
	count, err5 := posts.CountArticles(ctx)
	n.away.must(errors.Join(err1, err2, err3, err4, err5))
	if len(home)+len(by)+len(tagged)+len(places)+int(count) != 0 {
		t.Errorf("listed: home %d, author %d, tag %d, sitemap %d, counted %d", len(home), len(by), len(tagged), len(places), count)
	}
}

// id returns the one id that a query finds.
func (s *site) id(query string) (id int64) {
	s.t.Helper()
	s.must(s.raw.QueryRow(query).Scan(&id))
	return id
}

func TestEditsAndDeletionsOfAFollowedArticleArrive(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t)
	n.follow()
	n.exchange()
	article := n.home.publish(n.gwen, text("Why WAL", "*WAL* wins."))
	n.exchange()
	n.home.clock.move(time.Minute)
	n.away.clock.move(time.Minute)
	n.home.edit(n.gwen, article, text("Why WAL", "*WAL* loses."))
	n.exchange()
	if got := n.copyOf(article); !strings.Contains(got.HTML, "loses") {
		t.Errorf("after the edit: %s", got.HTML)
	}
	n.home.must(n.home.outbox.Delete(t.Context(), n.gwen, article.ID))
	n.exchange()
	if got := n.copyOf(article); got.State != models.PostDeleted || got.HTML != "" {
		t.Errorf("after the deletion: %s %q", got.State, got.HTML)
	}
	n.away.assertForgotten("loses")
}

func TestAnUnfollowIsHeardAndEndsWhatIsKept(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t)
	gwen := n.follow()
	n.exchange()
	n.away.must(n.away.outbox.Unfollow(t.Context(), n.priya, gwen))
	n.away.must(n.away.outbox.Unfollow(t.Context(), n.priya, gwen)) // again: nothing to end
	n.exchange()
	n.home.publish(n.gwen, text("Why WAL", "*WAL* wins. @"+n.away.iris.Acct("priya")))
	n.exchange()
	if home, away := n.home.count("follows"), n.away.count("follows"); home+away != 0 {
		t.Errorf("%d and %d follows are left", home, away)
	}
	if got := n.away.count("activities WHERE type = 'Undo'"); got != 1 {
		t.Errorf("%d Undos, want 1", got)
	}
	if got := n.away.count("posts"); got != 0 {
		t.Errorf("%d articles were kept of whom nobody follows", got)
	}
}

// TestNeighboursSignWithEd25519: each lists such a key, so that is how they sign to each
// other; and what they ask for from then on.
func TestNeighboursSignWithEd25519(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t)
	_, err := n.away.outbox.Follow(n.away.ctx(), n.priya, n.address(n.gwen))
	n.home.must(err)
	n.exchange()
	n.home.publish(n.gwen, text("Day one", "Words."))
	n.exchange()
	want := `alg="ed25519"`
	for name, s := range map[string]*site{"the Follow": n.home, "the Accept and the Create": n.away} {
		if len(s.heard[http.MethodPost]) == 0 {
			t.Fatalf("nothing came with %s", name)
		}
		for _, input := range s.heard[http.MethodPost] {
			if !strings.Contains(input, want) {
				t.Errorf("%s came signed %q", name, input)
			}
		}
	}
	if n.away.count("posts WHERE title = 'Day one'") != 1 {
		t.Error("the article didn't arrive")
	}
	_, err = n.away.client.Object(n.away.ctx(), n.home.iris.FollowersSynchronization("gwen")) // which is for who signs
	n.home.must(err)
	if asked := n.home.heard[http.MethodGet]; !strings.Contains(asked[len(asked)-1], want) {
		t.Errorf("a GET came signed %q", asked)
	}
}
