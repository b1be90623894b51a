package handlers

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"confnotes/internal/replica"
	"confnotes/models"
)

// shown is an instance with everything that a public page can show.
func shown(t *testing.T) (a *app, gwen *person, paths []string) {
	a = newTestApp(t)
	gwen = a.person("gwen", models.RoleOwner)
	first := gwen.article("Day one")
	gwen.article("Day two")
	a.reply(a.stranger("far", "far.example"), first, "Well <em>said</em>")
	return a, gwen, []string{"/", "/@gwen", "/@gwen/" + first.Slug, "/tags/go", "/tags/Go"}
}

func TestPublicPagesAreTheSameForEveryoneAndSetNoCookie(t *testing.T) {
	t.Parallel()
	a, gwen, paths := shown(t)
	for _, path := range paths {
		plain := a.nobody().get(path, "Accept", firefox).want(t, path, http.StatusOK)
		for name, r := range map[string]*response{
			"signed in":              gwen.get(path, "Accept", firefox),
			"with a made-up cookie":  (&browser{app: a, cookie: "x"}).get(path),
			"in French":              a.nobody().get(path, "Accept-Language", "fr", "User-Agent", "Mozilla"),
			"under another host":     a.nobody().get(path, "X-Forwarded-Host", "evil.example", "Forwarded", "host=evil.example"),
			"with tracking in query": a.nobody().get(path + "?utm_source=x&notice=notice.settings&subject=x"),
		} {
			if r.body != plain.body || r.header("ETag") != plain.header("ETag") {
				t.Errorf("%s %s differs", path, name)
			}
			if r.header("Set-Cookie") != "" || r.header("Cache-Control") != "public, max-age=0, must-revalidate" {
				t.Errorf("%s %s: Set-Cookie %q, Cache-Control %q", path, name, r.header("Set-Cookie"), r.header("Cache-Control"))
			}
		}
		if !strings.Contains(plain.header("Vary"), "Accept") && path != "/tags/go" && path != "/tags/Go" {
			t.Errorf("%s has Vary %q", path, plain.header("Vary"))
		}
	}
}

func TestAPageThatDidNotChangeIsNotSentAgain(t *testing.T) {
	t.Parallel()
	a, gwen, paths := shown(t)
	for _, path := range append(paths, "/users/gwen", "/.well-known/webfinger?resource=acct:gwen@notes.example") {
		tag := a.nobody().get(path).header("ETag")
		r := a.nobody().get(path, "If-None-Match", tag)
		if r.Code != http.StatusNotModified || r.body != "" || tag == "" {
			t.Errorf("%s asked for again: %d with %d bytes; ETag %q", path, r.Code, len(r.body), tag)
		}
		if head := a.nobody().send(http.MethodHead, path, ""); head.Code != http.StatusOK || head.header("ETag") != tag {
			t.Errorf("HEAD %s: %d, ETag %q", path, head.Code, head.header("ETag"))
		}
	}
	tag := a.nobody().get("/").header("ETag")
	gwen.article("Day three")
	a.nobody().get("/", "If-None-Match", tag).want(t, "the front page after a new article", http.StatusOK)
}

func TestWhatMayNotBeSeenIsAnsweredAsAbsent(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner)
	hidden, draft, private := gwen.article("Hidden"), gwen.draft("Draft"), gwen.article("For followers")
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		private.Visibility = models.VisibilityFollowers
		if err := tx.Posts.Save(ctx, private); err != nil {
			return err
		}
		return tx.Posts.SetModeration(ctx, hidden.ID, models.ModerationHidden)
	})
	absent := map[string]*response{}
	for _, accept := range []string{firefox, mastodon} {
		absent[accept+"page"] = a.nobody().get("/@gwen/nothing", "Accept", accept)
		absent[accept+"id"] = a.nobody().get("/articles/"+models.NewPublicID(), "Accept", accept)
	}
	for name, p := range map[string]*models.Post{"hidden": hidden, "draft": draft, "for followers": private} {
		slug := p.Slug
		if slug == "" {
			slug = "draft"
		}
		for _, who := range []*browser{a.nobody(), gwen.browser} {
			for _, accept := range []string{firefox, mastodon} {
				for at, path := range map[string]string{"page": "/@gwen/" + slug, "id": "/articles/" + *p.PublicID} {
					r, like := who.get(path, "Accept", accept), absent[accept+at]
					if r.Code != http.StatusNotFound || withoutRequestID(r.body) != withoutRequestID(like.body) || r.header("Vary") != like.header("Vary") {
						t.Errorf("%s, %s: %d, differs from an absent one", name, path, r.Code)
					}
				}
			}
		}
		if home := a.nobody().get("/"); strings.Contains(home.body, p.Title) && p.Title != "" {
			t.Errorf("%s stands on the front page", name)
		}
	}
}

// withoutRequestID cuts what is different in every error page.
func withoutRequestID(body string) string {
	before, rest, ok := strings.Cut(body, "<code>")
	if !ok {
		return body
	}
	_, after, _ := strings.Cut(rest, "</code>")
	return before + after
}

func TestADeletedArticleIsGoneForEver(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner)
	post := gwen.article("Day one")
	fatal(t, a.server.Outbox.Delete(context.Background(), gwen.Account, post.ID))
	id, page := "/articles/"+*post.PublicID, "/@gwen/"+post.Slug
	a.nobody().get(page, "Accept", firefox).want(t, "its page", http.StatusGone)
	a.nobody().get(page, "Accept", mastodon).want(t, "its page, for a server", http.StatusGone)
	if r := a.nobody().get(id, "Accept", firefox).want(t, "its id, for a browser", http.StatusGone); !strings.HasPrefix(r.header("Content-Type"), "text/html") {
		t.Errorf("a browser gets %q", r.header("Content-Type"))
	}
	r := a.nobody().get(id, "Accept", mastodon).want(t, "its id", http.StatusGone)
	if !strings.Contains(r.body, `"Tombstone"`) || !strings.HasPrefix(r.header("Content-Type"), "application/activity+json") || strings.Contains(r.body, "Day one") {
		t.Errorf("its id answers %q: %s", r.header("Content-Type"), r.body)
	}
}

func TestADeletedAccountIsGoneForEver(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.person("boss", models.RoleOwner)
	gwen := a.person("gwen", models.RoleAuthor)
	post := gwen.article("Day one")
	fatal(t, a.server.Outbox.DeleteAccount(context.Background(), "gwen"))
	for _, path := range []string{"/@gwen", "/@gwen/" + post.Slug, "/users/gwen", "/articles/" + *post.PublicID, "/.well-known/webfinger?resource=acct:gwen@notes.example"} {
		for _, accept := range []string{firefox, mastodon} {
			a.nobody().get(path, "Accept", accept).want(t, path, http.StatusGone)
		}
	}
	if home := a.nobody().get("/"); strings.Contains(home.body, "Day one") || strings.Contains(home.body, "gwen") {
		t.Error("the front page still names what is deleted")
	}
	gwen.get("/posts").wantRedirect(t, "its session", http.StatusSeeOther, "/sign-in")
}

func TestOldAddressesLeadToTodays(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner)
	post := gwen.article("Day one")
	rename := func(slug string) {
		form := gwen.get("/write/" + *post.PublicID).form()
		form.Set("slug", slug)
		form.Set("action", "publish")
		gwen.post("/write/"+*post.PublicID, form).want(t, "publish as "+slug, http.StatusSeeOther)
	}
	rename("会议")
	to := "https://notes.example/@gwen/" + url.PathEscape("会议")
	for _, path := range []string{"/@gwen/day-one", "/@Gwen/day-one", "/@GWEN/" + url.PathEscape("会议")} {
		r := a.nobody().get(path, "Accept", firefox).wantRedirect(t, path, http.StatusMovedPermanently, to)
		if r.header("Cache-Control") != "public, max-age=0, must-revalidate" {
			t.Errorf("%s may be remembered: Cache-Control %q; were the old address to come back, it would lead in a circle", path, r.header("Cache-Control"))
		}
	}
	a.nobody().get("/@gwen/"+url.PathEscape("会议")).want(t, "today's", http.StatusOK)
	rename("day-one")
	a.nobody().get("/@gwen/day-one").want(t, "the old one again", http.StatusOK)
	a.nobody().get("/@GWEN", "Accept", firefox).wantRedirect(t, "a profile in capitals", http.StatusMovedPermanently, "https://notes.example/@gwen")
}

func TestListsGoOnWithOlderArticles(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner)
	const all = 2*articlesAPage + 5
	for i := range all {
		gwen.article(fmt.Sprintf("Article <%d>", i))
	}
	for _, start := range []string{"/", "/@gwen", "/tags/go"} {
		seen := 0
		path := start
		for range 5 {
			r := a.nobody().get(path).want(t, path, http.StatusOK)
			for i := range all {
				if strings.Contains(r.body, fmt.Sprintf("Article &lt;%d&gt;", i)) {
					seen++
				}
			}
			_, after, more := strings.Cut(r.body, `href="`+start+`?before=`)
			if !more {
				break
			}
			cursor, _, _ := strings.Cut(after, `"`)
			path = start + "?before=" + cursor
		}
		if seen != all {
			t.Errorf("%s and its further pages show %d articles, want each of %d once", start, seen, all)
		}
	}
}

func TestACursorThatNobodyGaveBreaksNothing(t *testing.T) {
	t.Parallel()
	a, _, paths := shown(t)
	for _, path := range append(paths, "/tags/unknown") {
		for _, cursor := range []string{"0-0", "1-1", "9223372036854775807-9223372036854775807", "-9223372036854775808--1", "x", "1", "%00-%ff", "1-2-3", "'--"} {
			if r := a.nobody().get(path + "?before=" + cursor); r.Code != http.StatusOK && (r.Code != http.StatusNotFound || path != "/tags/unknown") {
				t.Errorf("%s?before=%s: %d\n%.300s", path, cursor, r.Code, r.body)
			}
		}
	}
	if strings.Contains(a.log.String(), "panic") {
		t.Error(a.log.String())
	}
}

func TestPathsThatAreNoPage(t *testing.T) {
	t.Parallel()
	a, _, _ := shown(t)
	for _, path := range []string{"/@", "/@gwen/", "//", "/@gwen//day-one", "/./", "/@gwen/../gwen", "/@gwen/day-one/", "/@gwen%2Fday-one%2Fx", "/@gwen/day%2Done%2F..",
		"/static/", "/static/../go.mod", "/static/%2e%2e/go.mod", "/@gwen%00", "/users/", "/users/gwen/", "/articles/x", "/write%2F", "/tags/", "/tags/%3Cscript%3E", "/.env", "/favicon.ico"} {
		r := a.nobody().send(http.MethodGet, path, "")
		if r.Code != http.StatusNotFound {
			t.Errorf("%s: %d, want 404", path, r.Code)
		}
		if strings.Contains(r.body, "<script>") {
			t.Errorf("%s: the page carries what was asked for:\n%s", path, r.body)
		}
	}
}

func TestAPageTakesTheSameQueriesHoweverMuchThereIs(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	queries := 0
	fatal(t, a.server.Store.Watch(func(string) { queries++ }))
	gwen := a.person("gwen", models.RoleOwner)
	count := func(path string, who *browser, header ...string) int {
		queries = 0
		who.get(path, header...).want(t, path, http.StatusOK)
		return queries
	}
	post := gwen.article("Day one")
	far := a.stranger("far", "far.example")
	a.reply(far, post, "first")
	block := func(actor *models.Actor) {
		a.inTx(func(ctx context.Context, tx *models.Store) error {
			return tx.Blocks.Add(ctx, &models.Block{AccountID: gwen.ID, ActorID: actor.ID, CreatedAt: noon})
		})
	}
	like := func(by *models.Actor) {
		a.inTx(func(ctx context.Context, tx *models.Store) error {
			return tx.Reactions.Put(ctx, &models.Reaction{Type: models.ReactionLike, ActorID: by.ID, PostID: post.ID, CreatedAt: noon}, "")
		})
		a.face(by)
	}
	block(far)
	like(far)
	id := "/articles/" + *post.PublicID
	measure := func() map[string]int {
		return map[string]int{
			"home": count("/", a.nobody()), "profile": count("/@gwen", a.nobody()), "tag": count("/tags/go", a.nobody()),
			"article": count("/@gwen/day-one", a.nobody()), "document": count(id, a.nobody(), "Accept", mastodon), "outbox": count("/users/gwen/outbox?page=true", a.nobody()),
			"own writing": count("/posts", gwen.browser), "conversation": count("/write/"+*post.PublicID+"/conversation", gwen.browser), "blocks": count("/blocks", gwen.browser),
			"replies": count("/@gwen/day-one/replies", a.nobody()), "notifications": count("/notifications", gwen.browser),
		}
	}
	before := measure()
	for i := range 15 {
		gwen.article(fmt.Sprintf("Another %d", i))
		other := a.stranger(fmt.Sprintf("s%d", i), "far.example")
		a.attach(a.reply(other, post, "more"), replica.Attached{URL: "https://far.example/1.png", Picture: true})
		block(other)
		like(other)
	}
	after := measure()
	for page, n := range before {
		if after[page] != n || n == 0 || n > 15 {
			t.Errorf("%s took %d queries with little, %d with more", page, n, after[page])
		}
	}
	t.Log(before)
}
