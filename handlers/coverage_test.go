package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/activitypub"
	"confnotes/internal/draft"
	"confnotes/internal/richtext"
	"confnotes/models"
)

// conference makes one that an account looks after, with a talk.
func (a *app) withTalk(handle string, by *person) *models.Talk {
	a.t.Helper()
	keys, err := testKeys()
	fatal(a.t, err)
	actor := &models.Actor{Kind: models.ActorGroup, Handle: handle, Name: "Kormoran Conf 2026", CreatedAt: noon}
	c := &models.Conference{StartsOn: "2026-06-11", EndsOn: "2026-06-12", Zone: "Europe/Paris", Announces: models.AnnounceEverything, Coverage: models.CoverageHeld, CreatedAt: noon}
	talk := &models.Talk{PublicID: models.NewPublicID(), Slug: "why-wal", Title: "Why WAL", Kind: "talk", Day: "2026-06-11", State: models.TalkScheduled,
		StartsAt: noon, EndsAt: noon.Add(time.Hour), CreatedAt: noon, ChangedAt: noon}
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		if err := tx.Actors.CreateLocal(ctx, actor, keys...); err != nil {
			return err
		}
		c.ActorID = actor.ID
		if err := tx.Conferences.Create(ctx, c); err != nil {
			return err
		}
		talk.ConferenceID = c.ID
		if err := tx.Talks.Create(ctx, talk, nil); err != nil {
			return err
		}
		return tx.Conferences.SetManager(ctx, actor.ID, by.ID, models.ManagerOwner)
	})
	return talk
}

// cover stores what somebody elsewhere wrote about a conference, as the inbox does.
func (a *app) cover(by *models.Actor, conferenceID int64, words string) *models.Post {
	a.t.Helper()
	uri := *by.URI + "/notes/" + models.NewPublicID()
	p := &models.Post{URI: &uri, URL: uri, Type: "Note", Kind: models.KindCoverage, ActorID: by.ID, State: models.PostPublished, Visibility: models.VisibilityPublic,
		Moderation: models.ModerationHeld, HTML: richtext.Stranger(words), CreatedAt: noon, PublishedAt: &noon, SavedAt: &noon}
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		if err := tx.Posts.Create(ctx, p); err != nil {
			return err
		}
		return tx.Coverage.Add(ctx, &models.Coverage{ConferenceID: conferenceID, PostID: p.ID, State: models.CoverageHeld, CreatedAt: noon})
	})
	return p
}

func TestManagersDecideOnCoverageInBatches(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	conference := a.withTalk("kormoran2026", gwen).ConferenceID
	far := a.stranger("far", "far.example")
	var posts []*models.Post
	for _, words := range []string{"<p>First</p>", "<p>Second</p>", "<p>Third</p>"} {
		posts = append(posts, a.cover(far, conference, words))
	}
	const at = "/coverage/kormoran2026"
	shown := func() (words []string) {
		all, err := a.server.Store.Posts.CoverageOf(t.Context(), conference, 0, 20)
		fatal(t, err)
		for _, p := range all {
			words = append(words, p.HTML)
		}
		slices.Sort(words)
		public := a.nobody().get("/conferences/kormoran2026").want(t, "the conference's page", http.StatusOK).body
		for _, p := range posts {
			if strings.Contains(public, p.HTML) != slices.Contains(words, p.HTML) {
				t.Errorf("the page shows %s, or should", p.HTML)
			}
		}
		return words
	}
	page := gwen.get(at)
	for _, want := range []string{"First", "Second", "Third", "(3)", "far.example"} {
		if !strings.Contains(page.body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	send := func(values url.Values) {
		t.Helper()
		if got := gwen.post(at, values); got.Code != http.StatusSeeOther {
			t.Fatalf("%v: %d %s", values, got.Code, got.body)
		}
	}
	send(url.Values{"action": {"show"}, "post": {id(posts[0])}, "state": {"held"}})
	if got := shown(); !slices.Equal(got, []string{posts[0].HTML}) {
		t.Errorf("shown are %v", got)
	}
	late := a.cover(far, conference, "<p>Late</p>") // came after the page was made
	send(url.Values{"action": {"show-all"}, "last": {id(posts[2])}})
	if got := shown(); len(got) != 3 || slices.Contains(got, late.HTML) {
		t.Errorf("shown are %v", got)
	}
	send(url.Values{"action": {"boost"}, "post": {id(posts[0]), id(late)}, "state": {"shown"}})
	if body := gwen.get(at + "?state=shown").body; strings.Count(body, "Boosted") != 1 {
		t.Errorf("%d posts are boosted, want one", strings.Count(body, "Boosted"))
	}
	send(url.Values{"action": {"hide"}, "post": {id(posts[0])}, "state": {"shown"}})
	if got := shown(); len(got) != 2 || strings.Contains(gwen.get(at+"?state=hidden").body, "Boosted") {
		t.Errorf("shown are %v", got)
	}
	for _, wrong := range []url.Values{{"action": {"burn"}}, {"action": {"hide-all"}}, {"action": {"show-all"}, "last": {"-1"}}} {
		if got := gwen.post(at, wrong); got.Code != http.StatusBadRequest {
			t.Errorf("%v: %d, want 400", wrong, got.Code)
		}
	}
	if got := gwen.get("/coverage/gwen"); got.Code != http.StatusNotFound {
		t.Errorf("of a person: %d", got.Code)
	}
}

func TestWhatAGroupIsSendsBrowsersToItsPage(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	talk := a.withTalk("kormoran2026", gwen)
	for path, want := range map[string]string{
		"/users/kormoran2026": "https://notes.example/conferences/kormoran2026", "/users/kormoran2026/event": "https://notes.example/conferences/kormoran2026",
		"/@kormoran2026": "https://notes.example/conferences/kormoran2026", "/talks/" + talk.PublicID: "https://notes.example/conferences/kormoran2026/talks/why-wal",
	} {
		got := a.nobody().get(path, "Accept", firefox)
		if to := got.header("Location"); got.Code/100 != 3 || to != want {
			t.Errorf("%s: %d to %s, want %s", path, got.Code, to, want)
		}
	}
}

// A digest is an article like any other, though nobody's account wrote it.
func TestAGroupsArticleHasAPage(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	c, err := a.server.Store.Conferences.ByID(t.Context(), a.withTalk("kormoran2026", gwen).ConferenceID)
	fatal(t, err)
	c.Announces = models.AnnounceDigest
	a.inTx(func(ctx context.Context, tx *models.Store) error { return tx.Conferences.Save(ctx, c) })
	_, err = a.server.Outbox.Publish(t.Context(), draft.Input{Account: gwen.Account, ClientID: models.NewPublicID(), About: &models.About{ConferenceID: c.ID, Day: "2026-06-11"},
		Text: models.RevisionText{Language: "en", Title: "Day one", Source: "Words."}}, time.Time{})
	fatal(t, err)
	a.wait(24 * time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer cancel()
		for ctx.Err() == nil && len(articlesBy(a, c.ActorID)) == 0 {
			time.Sleep(5 * time.Millisecond)
		}
	}()
	fatal(t, activitypub.NewDigests(a.server.Store, a.server.Outbox, a.server.Catalogue, a.server.Log, a.clock).Run(ctx))
	digests := articlesBy(a, c.ActorID)
	if len(digests) != 1 {
		t.Fatalf("%d digests", len(digests))
	}
	page := a.nobody().get("/@kormoran2026/"+digests[0].Slug, "Accept", firefox)
	if page.Code != http.StatusOK || !strings.Contains(page.body, "/@gwen/day-one") {
		t.Errorf("%d %s", page.Code, page.body)
	}
	for _, list := range []string{"/", "/feed.atom", "/sitemap.xml"} {
		if got := a.nobody().get(list); got.Code != http.StatusOK || !strings.Contains(got.body, digests[0].Slug) {
			t.Errorf("%s: %d without the digest", list, got.Code)
		}
	}
}

func articlesBy(a *app, actorID int64) []*models.Post {
	posts, err := a.server.Store.Posts.ArticlesBy(context.Background(), actorID, models.Page{Limit: 9})
	fatal(a.t, err)
	return posts
}
