package handlers

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"confnotes/activitypub/signature"
	"confnotes/activitypub/vocab"
	"confnotes/internal/draft"
	"confnotes/models"
)

// What a route may show of an article that isn't for everybody.
const (
	ownAddress = "its own address"      // what is in no list is there for who has the link
	itsAnswers = "where it is answered" // the same, and for followers those
	reading    = "its readers' page"    // of who follows the author
	desk       = "the author's desk"
	elsewhere  = "anything else"
)

// mayBeShown classifies every route that answers a GET. One that isn't here fails the test:
// whoever adds it says what it may show.
var mayBeShown = map[string][]string{
	ownAddress: {"/@{handle}/{slug}", "/@{handle}/{slug}/replies", "/articles/{id}", "/articles/{id}/conversation", "/articles/{id}/likes", "/articles/{id}/replies",
		"/articles/{id}/shares", "/activities/{id}", "/oembed", "/authorize_interaction", "/cards/articles/{id}.{hash}.png"},
	itsAnswers: {"/answer/{post}"},
	reading:    {"/reading"},
	desk:       {"/write", "/write/{id}", "/write/{id}/conversation", "/write/{id}/deliveries", "/posts", "/notifications", "/held", "/recap/new", "/plan/{handle}", "/talk-links/{talk}"},
	elsewhere: {"/", "/.well-known/host-meta", "/.well-known/nodeinfo", "/.well-known/webfinger", "/@{handle}", "/@{handle}/feed.atom", "/@{handle}/feed.json",
		"/@{handle}/feed.rss", "/blocks", "/cards/conferences/{handle}.{hash}.png", "/cards/home.{hash}.png", "/cards/people/{handle}.{hash}.png",
		"/cards/tags/{tag}.{hash}.png", "/cards/talks/{id}.{hash}.png", "/conferences", "/conferences/new", "/conferences/{handle}", "/conferences/{handle}/edit",
		"/conferences/{handle}/feed.atom", "/conferences/{handle}/feed.json", "/conferences/{handle}/feed.rss", "/conferences/{handle}/import",
		"/conferences/{handle}/import/progress", "/conferences/{handle}/new-talk", "/conferences/{handle}/speakers", "/conferences/{handle}/speakers/{slug}",
		"/conferences/{handle}/talks/{slug}", "/conferences/{handle}/talks/{slug}/edit", "/conferences/{handle}/{day}", "/coverage/{handle}", "/feed.atom",
		"/feed.json", "/feed.rss", "/followers", "/followers/{handle}", "/following", "/healthz", "/media/copies/{id}/{file}", "/media/{id}/{file}", "/nodeinfo/{version}", "/notes/{id}", "/plan/feed/{token}.ics",
		"/quotes/{id}", "/readyz", "/reports", "/robots.txt", "/settings", "/settings/health", "/settings/move", "/setup", "/sign-in", "/sitemap.xml", "/static/", "/tags/{tag}", "/tags/{tag}/feed.atom",
		"/tags/{tag}/feed.json", "/tags/{tag}/feed.rss", "/talks/{id}", "/users/{handle}", "/users/{handle}/event", "/users/{handle}/featured",
		"/users/{handle}/followers", "/users/{handle}/followers_synchronization", "/users/{handle}/following", "/users/{handle}/outbox", "/users/{handle}/tags"},
}

func classOf(path string) string {
	for class, paths := range mayBeShown {
		if slices.Contains(paths, path) {
			return class
		}
	}
	return ""
}

// secret is an article on a talk, of which every word that it has is its marker.
type secret struct {
	visibility, marker string
	post               *models.Post
}

// secrets are one of each visibility, and a draft, all by gwen: in a conference, on its first
// day, with a hashtag, in her recap of the day, and pinned. The public one shows that the markers are
// found at all.
func (w *world) secrets() (all []secret) {
	event, err := w.server.Store.Conferences.ByHandle(w.t.Context(), "kormoran2026")
	fatal(w.t, err)
	var sections []string
	for i, visibility := range []string{models.VisibilityPublic, models.VisibilityUnlisted, models.VisibilityFollowers, "draft"} {
		s := secret{visibility: visibility, marker: "zz" + visibility + "zz"}
		about := models.About{ConferenceID: event.ID, TalkID: w.talk(event, "2026-06-11", 600+i*10, "Talk "+visibility).ID}
		in := draft.Input{Account: w.gwen.Account, ClientID: models.NewPublicID(), About: &about, Text: models.RevisionText{Language: "en", Title: s.marker,
			Source: s.marker, Takeaway: s.marker, Summary: s.marker, Tags: "Go", Visibility: visibility}}
		if visibility == "draft" {
			in.Text.Visibility = models.VisibilityFollowers
			w.inTx(func(ctx context.Context, tx *models.Store) (err error) {
				s.post, _, err = w.server.Drafts.Save(ctx, tx, in)
				return err
			})
		} else {
			done, err := w.server.Outbox.Publish(context.Background(), in, time.Time{})
			fatal(w.t, err)
			s.post = done.Post
		}
		w.inTx(func(ctx context.Context, tx *models.Store) error { return tx.Profiles.Feature(ctx, s.post, noon) }) // as if it had been pinned
		all, sections = append(all, s), append(sections, "{{note "+*s.post.PublicID+"}}")
	}
	_, err = w.server.Outbox.Publish(context.Background(), draft.Input{Account: w.gwen.Account, ClientID: models.NewPublicID(),
		About: &models.About{ConferenceID: event.ID, Day: "2026-06-11"},
		Text:  models.RevisionText{Language: "en", Title: "The day", Source: strings.Join([]string{sections[0], sections[2], sections[3]}, "\n\n")}}, time.Time{})
	fatal(w.t, err)
	return all
}

// where is the address of a route that comes closest to a secret.
func (w *world) where(r route, s secret) string {
	switch r.path {
	case "/activities/{id}":
		if a, err := w.server.Store.Activities.Latest(w.t.Context(), w.gwen.ActorID, "Create", w.server.IRIs.Article(*s.post.PublicID)); err == nil {
			return "/activities/" + a.PublicID
		}
	case "/oembed":
		return "/oembed?url=" + w.server.IRIs.ArticlePage("gwen", s.post.Slug)
	case "/authorize_interaction":
		return "/authorize_interaction?uri=" + w.server.IRIs.Article(*s.post.PublicID)
	case "/conferences/{handle}/talks/{slug}":
		if t, err := w.server.Store.Talks.ByID(w.t.Context(), *s.post.TalkID); err == nil {
			return "/conferences/kormoran2026/talks/" + t.Slug
		}
	}
	if classOf(r.path) != elsewhere && strings.ContainsAny(r.path, "{") && !strings.Contains(r.path, "{talk}") && !strings.HasPrefix(r.path, "/plan") {
		return r.at(s.post)
	}
	return w.at(r)
}

// follower is who follows gwen, here.
const follower = "another author"

// mayShow says whether a route may show a secret to a viewer.
func mayShow(class, visibility, viewer string) bool {
	switch {
	case visibility == models.VisibilityPublic, viewer == "gwen" && class != elsewhere:
		return true
	case viewer == follower && (class == itsAnswers || class == reading):
		return visibility != "draft"
	case visibility == models.VisibilityUnlisted:
		return class == ownAddress || class == itsAnswers || class == desk && (viewer == "an editor" || viewer == "the owner") // whose conversations they look after
	}
	return false
}

// TestNothingPrivateLeaks asks every route, as everybody, for what isn't for everybody.
func TestNothingPrivateLeaks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, route{})
	w.follow(w.who[follower], w.gwen.Actor)
	all := w.secrets()
	shown := map[string]int{}
	for _, r := range routes(t, w.server) {
		if r.method() != http.MethodGet {
			continue
		}
		class := classOf(r.path)
		if class == "" {
			t.Errorf("%s isn't in the test's table: what may it show of what isn't for everybody?", r.path)
			continue
		}
		for _, s := range all {
			path := w.where(r, s)
			for _, viewer := range viewers {
				for _, accept := range []string{firefox, vocab.ContentType} {
					body := w.as(viewer).get(path, "Accept", accept).body
					if !strings.Contains(body, s.marker) {
						continue
					}
					shown[s.visibility+" "+class+" "+viewer]++
					if !mayShow(class, s.visibility, viewer) {
						t.Errorf("%s shows what is %s to %s, asked for %s", path, s.visibility, viewer, accept)
					}
				}
			}
		}
	}
	// What is asked is there to be found.
	for _, want := range []string{"public anything else nobody", "public its own address nobody", "unlisted its own address nobody", "unlisted the author's desk gwen",
		"followers the author's desk gwen", "draft the author's desk gwen", "unlisted its readers' page another author", "followers its readers' page another author",
		"followers where it is answered another author"} {
		if shown[want] == 0 {
			t.Errorf("%s: nowhere, of %v", want, slices.Sorted(maps.Keys(shown)))
		}
	}
}

func (w *world) as(viewer string) *browser {
	if p := w.who[viewer]; p != nil {
		return p.browser
	}
	return w.nobody()
}

// TestWhatIsForFollowersIsReadByTheirSignature: their servers may ask for it, nobody else's.
func TestWhatIsForFollowersIsReadByTheirSignature(t *testing.T) {
	t.Parallel()
	w := newWorld(t, route{})
	all := w.secrets()
	key, err := onceKey()
	fatal(t, err)
	keys, err := testKeys()
	fatal(t, err)
	signer := func(name string) (*models.Actor, signature.Keys) {
		a, keyURI := w.stranger(name, name+".example"), "https://"+name+".example/users/"+name+"#main-key"
		w.inTx(func(ctx context.Context, tx *models.Store) error {
			return tx.Actors.SaveRemoteKey(ctx, &models.ActorKey{ActorID: a.ID, KeyURI: &keyURI, Algorithm: models.KeyRSA, PublicPEM: keys[0].PublicPEM, FetchedAt: &noon})
		})
		return a, signature.Keys{RSA: signature.Key{ID: keyURI, Private: key}}
	}
	follower, followerKeys := signer("follower")
	_, strangerKeys := signer("stranger")
	waiting, waitingKeys := signer("waiting")
	w.inTx(func(ctx context.Context, tx *models.Store) error {
		for a, state := range map[*models.Actor]string{follower: models.FollowAccepted, waiting: models.FollowPending} {
			if err := tx.Follows.Put(ctx, &models.Follow{URI: *a.URI + "#follow", FollowerID: a.ID, TargetID: w.gwen.ActorID, State: state, CreatedAt: noon}); err != nil {
				return err
			}
		}
		return nil
	})
	for _, s := range all {
		for name, by := range map[string]*signature.Keys{"nobody": nil, "a follower": &followerKeys, "a stranger": &strangerKeys, "who waits": &waitingKeys} {
			r := httptest.NewRequest(http.MethodGet, w.server.IRIs.Article(*s.post.PublicID), nil)
			r.Header.Set("Accept", vocab.ContentType)
			if by != nil {
				fatal(t, signature.Sign(r, nil, *by, signature.Cavage, w.clock()))
			}
			rec := httptest.NewRecorder()
			w.handler.ServeHTTP(rec, r)
			want := http.StatusOK
			if s.visibility == "draft" || s.visibility == models.VisibilityFollowers && name != "a follower" {
				want = http.StatusNotFound
			}
			if rec.Code != want {
				t.Errorf("%s asks for what is %s and is answered %d", name, s.visibility, rec.Code)
			}
			if s.visibility == models.VisibilityFollowers && want == http.StatusOK && rec.Header().Get("Cache-Control") != "private, no-store" {
				t.Errorf("what is for followers may be kept: %s", rec.Header().Get("Cache-Control"))
			}
		}
	}
}
