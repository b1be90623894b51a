package handlers

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"confnotes/models"
)

// followed stores an article that somebody elsewhere wrote.
func (a *app) followed(by *models.Actor, title string) *models.Post {
	a.t.Helper()
	now := a.clock()
	uri := *by.URI + "/articles/1"
	post := &models.Post{URI: &uri, Type: "Article", Kind: models.KindFollowed, ActorID: by.ID, State: models.PostPublished, Visibility: models.VisibilityPublic,
		Title: title, Language: "en", HTML: "<p>Theirs.</p>", URL: *by.URI + "/first", CreatedAt: now, PublishedAt: &now, SavedAt: &now}
	fatal(a.t, a.server.Store.InTx(context.Background(), func(tx *models.Store) error { return tx.Posts.Create(context.Background(), post) }))
	return post
}

func TestAFollowedArticleIsAnsweredHereAndReadThere(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner)
	article := a.followed(a.stranger("alice", "social.example"), "Their day")
	here := "/answer/" + strconv.FormatInt(article.ID, 10)
	page := gwen.get(here).want(t, "the page", http.StatusOK)
	if !strings.Contains(page.body, article.URL) || strings.Contains(page.body, "/conversation") {
		t.Errorf("the page leads not to %s, or to a conversation that isn't here:\n%s", article.URL, page.body)
	}
	form := page.form()
	form.Set("source", "Well said.")
	form.Set("action", "send")
	gwen.post(here, form).wantRedirect(t, "send", http.StatusSeeOther, "/answer/")
	answers, err := a.server.Store.Posts.Thread(context.Background(), models.Viewer{}, article.ID)
	fatal(t, err)
	if len(answers) != 1 {
		t.Fatalf("%d answers", len(answers))
	}
	note := "/notes/" + *answers[0].PublicID
	a.nobody().get(note, "Accept", "text/html").wantRedirect(t, "a browser at the answer's id", http.StatusFound, article.URL)
	if object := a.nobody().get(note, "Accept", "application/activity+json").want(t, "its document", http.StatusOK); strings.Contains(object.body, `"conversation":"http`) {
		t.Error("the answer names a conversation that isn't here")
	}
	for _, public := range []string{"/", "/feed.json", "/sitemap.xml"} {
		if a.nobody().get(public).has("Their day") {
			t.Errorf("%s lists somebody else's article", public)
		}
	}
}
