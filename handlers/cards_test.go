package handlers

import (
	"context"
	"encoding/json"
	"html"
	"image/png"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"confnotes/internal/card"
	"confnotes/internal/draft"
	"confnotes/models"
)

const origin = "https://notes.example"

// meta is what a page says in a <meta> of this name or property.
func (r *response) meta(name string) string {
	m := regexp.MustCompile(`<meta (?:name|property)="` + regexp.QuoteMeta(name) + `" content="([^"]*)">`).FindStringSubmatch(r.body)
	if m == nil {
		return ""
	}
	return html.UnescapeString(m[1])
}

// cardPath is where the picture of a page's card is on our own host.
func (a *app) cardPath(page string) string {
	a.t.Helper()
	path, ours := strings.CutPrefix(a.nobody().get(page).want(a.t, page, http.StatusOK).meta("og:image"), origin)
	if !ours {
		a.t.Fatalf("%s has the picture %q", page, path)
	}
	return path
}

func (p *person) published(text models.RevisionText) *models.Post {
	p.app.t.Helper()
	done, err := p.app.server.Outbox.Publish(context.Background(), draft.Input{Account: p.Account, ClientID: models.NewPublicID(), Text: text}, time.Time{})
	fatal(p.app.t, err)
	return done.Post
}

func TestEveryPublicPageHasAPictureForItsCard(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	post := a.person("gwen", models.RoleAuthor).article("Day one")
	for _, page := range []string{"/", "/@gwen", "/tags/go", "/@gwen/" + post.Slug} {
		r := a.nobody().get(page).want(t, page, http.StatusOK)
		if r.meta("twitter:card") != "summary_large_image" || r.meta("og:image:width") != "1200" || r.meta("og:image:height") != "630" || r.meta("og:image:type") != card.MIME ||
			r.meta("og:image:alt") == "" || r.meta("og:title") == "" || r.meta("og:description") == "" {
			t.Errorf("%s has a bare card:\n%.2500s", page, r.body)
		}
		path := a.cardPath(page)
		file := a.nobody().get(path).want(t, path, http.StatusOK)
		m, err := png.DecodeConfig(strings.NewReader(file.body))
		if err != nil || m.Width != card.Width || m.Height != card.Height || file.header("Content-Type") != card.MIME {
			t.Errorf("%s: %+v, %v, %v", path, m, err, file.Result().Header)
		}
		if file.header("Cache-Control") != "public, max-age=31536000, immutable" || file.header("Set-Cookie") != "" || !strings.Contains(file.header("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: %v", path, file.Result().Header)
		}
		if again := a.nobody().get(path, "If-None-Match", file.header("ETag")); again.Code != http.StatusNotModified || again.body != "" {
			t.Errorf("%s, known: %d", path, again.Code)
		}
		if head := a.nobody().send(http.MethodHead, path, ""); head.Code != http.StatusOK || head.body != "" || head.header("ETag") != file.header("ETag") {
			t.Errorf("HEAD %s: %d", path, head.Code)
		}
	}
	if a.cardPath("/tags/GO") != a.cardPath("/tags/go") {
		t.Error("a tag in other letters has another card")
	}
}

func TestACardIsDescribedInTheLanguageOfTheArticle(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	for language, want := range map[string]string{"fr": "Une carte avec le titre\u00a0: «\u00a0Jour <1>\u00a0», par GWEN, sur notes.example", "br": "A card with the title: “Jour <1>”, by GWEN, on notes.example"} {
		post := gwen.published(models.RevisionText{Language: language, Title: "Jour <1>", Source: "Texte"})
		if got := a.nobody().get("/@gwen/" + post.Slug).meta("og:image:alt"); got != want {
			t.Errorf("%s: %q", language, got)
		}
	}
}

func TestADrawnCardFollowsWhatItShows(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner)
	page := "/@gwen/" + gwen.article("Day one").Slug
	before := a.cardPath(page)
	first := a.nobody().get(before).body
	follows := func(what, of string) {
		t.Helper()
		today := a.cardPath(of)
		if today == before {
			t.Errorf("%s: the card is still at its old address", what)
		}
		r := a.nobody().get(before).wantRedirect(t, what, http.StatusMovedPermanently, origin+today)
		if r.header("Cache-Control") != "public, max-age=0, must-revalidate" {
			t.Errorf("%s: the redirect may be kept: %s", what, r.header("Cache-Control"))
		}
		before = today
	}
	form := gwen.get("/posts").body
	id := regexp.MustCompile(`/write/([A-Za-z0-9_-]{22})`).FindStringSubmatch(form)[1]
	values := gwen.get("/write/" + id).form()
	values.Set("title", "Day one, corrected")
	values.Set("action", "publish")
	gwen.post("/write/"+id, values).want(t, "publish again", http.StatusSeeOther)
	follows("a new title", page)
	if a.nobody().get(before).body == first {
		t.Error("the old title stands on the new card")
	}
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Settings.Set(ctx, models.SettingSiteName, "Carnets de salle")
	})
	follows("a new name of the site", page)
}

func TestACoverIsTheCard(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	picture := gwen.upload("/media", nil, "x.jpg", photo(t, 1600, 1000)).added(t)
	post := gwen.published(models.RevisionText{Language: "en", Title: "Day one", Source: "Text", Cover: picture.ID, CoverAlt: "The hall"})
	page := a.nobody().get("/@gwen/" + post.Slug)
	cover := page.meta("og:image")
	if !strings.HasPrefix(cover, origin+"/media/"+picture.ID+"/") || page.meta("og:image:alt") != "The hall" || page.meta("og:image:width") != "1200" ||
		page.meta("og:image:height") != "630" || page.meta("og:image:type") != "image/jpeg" || page.meta("twitter:card") != "summary_large_image" {
		t.Errorf("%.2500s", page.body)
	}
	a.nobody().get(strings.TrimPrefix(cover, origin)).want(t, cover, http.StatusOK)
	a.nobody().get("/cards/articles/"+*post.PublicID+".00.png").wantRedirect(t, "a drawn card of what has a cover", http.StatusMovedPermanently, cover)
	wantOnePicture(t, a, post, cover, 1200, 630)
}

func TestADrawnCardIsTheOnePictureForMachinesToo(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	post := a.person("gwen", models.RoleAuthor).article("Day one")
	wantOnePicture(t, a, post, origin+a.cardPath("/@gwen/"+post.Slug), 1200, 630)
}

// wantOnePicture: schema.org and oEmbed name the picture that OpenGraph names.
func wantOnePicture(t *testing.T, a *app, post *models.Post, picture string, width, height int) {
	t.Helper()
	page := a.nobody().get("/@gwen/" + post.Slug)
	_, rest, _ := strings.Cut(page.body, `<script type="application/ld+json">`)
	data, _, _ := strings.Cut(rest, "</script>")
	var doc blogPosting
	fatal(t, json.Unmarshal([]byte(data), &doc))
	var box embed
	fatal(t, json.Unmarshal([]byte(a.nobody().get("/oembed?url="+url.QueryEscape(origin+"/@gwen/"+post.Slug)).body), &box))
	if doc.Image != picture || box.Thumbnail != picture || box.ThumbWidth != width || box.ThumbHeight != height {
		t.Errorf("schema.org has %s, oEmbed %s in %d×%d; want %s", doc.Image, box.Thumbnail, box.ThumbWidth, box.ThumbHeight, picture)
	}
}

func TestNobodyHasAnythingDrawnThatIsntPublic(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner)
	post, gone, hidden := gwen.article("Day one"), gwen.article("Gone"), gwen.draft("Not yet")
	goneCard := a.cardPath("/@gwen/" + gone.Slug)
	fatal(t, a.server.Outbox.Delete(context.Background(), gwen.Account, gone.ID))
	forged := card.Card{Title: "Buy this", Author: "GWEN", Note: "@gwen@notes.example", Site: "notes.example", Host: "notes.example"}.Hash()
	for path, want := range map[string]int{
		goneCard: http.StatusNotFound,
		"/cards/articles/" + *hidden.PublicID + "." + forged + ".png":      http.StatusNotFound,
		"/cards/articles/AAAAAAAAAAAAAAAAAAAAAA." + forged + ".png":        http.StatusNotFound,
		"/cards/people/nobody." + forged + ".png":                          http.StatusNotFound,
		"/cards/people/instance." + forged + ".png":                        http.StatusNotFound,
		"/cards/tags/buy." + forged + ".png":                               http.StatusNotFound,
		"/cards/articles/" + *post.PublicID + "." + forged + ".png":        http.StatusMovedPermanently,
		"/cards/articles/" + *post.PublicID + ".%22%3E.png":                http.StatusMovedPermanently,
		"/cards/home." + forged + ".png":                                   http.StatusMovedPermanently,
		"/cards/people/gwen." + forged + ".png":                            http.StatusMovedPermanently,
		"/cards/tags/go." + forged + ".png":                                http.StatusMovedPermanently,
		"/cards/tags/" + strings.Repeat("x", 5000) + "." + forged + ".png": http.StatusNotFound,
	} {
		r := a.nobody().get(path).want(t, path, want)
		if strings.Contains(r.body, "PNG") || want == http.StatusMovedPermanently && !strings.HasPrefix(r.header("Location"), origin+"/cards/") {
			t.Errorf("%s: %v", path, r.Result().Header)
		}
	}
	if page := gwen.get("/write/" + *hidden.PublicID); page.meta("og:image") != "" {
		t.Error("a draft has a card")
	}
	if missing := a.nobody().get("/nowhere"); missing.meta("og:image") != "" || missing.meta("twitter:card") != "" {
		t.Error("what isn't there has a card")
	}
}

func TestEveryPartOfAListIsItsOwnCanonicalPage(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner)
	for range articlesAPage + 1 {
		gwen.article("Article")
	}
	canonical := func(path string) string { return a.nobody().get(path).want(t, path, http.StatusOK).canonical() }
	for _, first := range []string{"/", "/@gwen", "/tags/go"} {
		_, rest, found := strings.Cut(a.nobody().get(first).body, `href="`+first+`?before=`)
		cursor, _, _ := strings.Cut(rest, `"`)
		second := first + "?before=" + cursor
		if !found || canonical(first) != origin+first || canonical(second) != origin+second || canonical(second+"&utm_source=x") != origin+second {
			t.Errorf("%s is %s, %s is %s", first, canonical(first), second, canonical(second))
		}
	}
}
