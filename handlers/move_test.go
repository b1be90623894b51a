package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"confnotes/models"
)

// moves sends the form of moving.
func (p *person) moves(action string, values url.Values) *response {
	values.Set("action", action)
	return p.post("/settings/move", values)
}

func TestAnAccountIsMovedFromItsSettings(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen, anew := a.person("gwen", models.RoleAuthor).withPassword(), a.person("anew", models.RoleAuthor)
	gwen.article("Day one")
	a.follower(a.stranger("one", "one.example"), gwen.ActorID, models.FollowAccepted)
	to := url.Values{"target": {"@anew@notes.example"}, "current": {password}}
	r := gwen.moves("move", to).want(t, "before the other says so", http.StatusUnprocessableEntity)
	if !strings.Contains(r.body, `id="problem-target"`) || r.form().Get("target") != "@anew@notes.example" || r.form().Get("current") != "" {
		t.Errorf("nothing is said, what was typed is lost, or the password comes back: %v", r.form())
	}
	anew.moves("alias", url.Values{"alias": {"@gwen@notes.example"}}).wantRedirect(t, "alias", http.StatusSeeOther, "/settings/move?notice=")
	if page := anew.get("/settings/move"); !page.has("@gwen@notes.example") || page.form().Get("id") == "" {
		t.Error("the page doesn't list the old account")
	}
	r = gwen.moves("move", url.Values{"target": {"@anew@notes.example"}, "current": {"wrong"}}).want(t, "a wrong password", http.StatusUnprocessableEntity)
	if !strings.Contains(r.body, `id="problem-current"`) || !strings.Contains(a.nobody().get("/@gwen").body, "Follow GWEN") {
		t.Error("moved, or nothing is said")
	}
	gwen.moves("move", to).wantRedirect(t, "move", http.StatusSeeOther, "/settings/move?notice=")
	if page := gwen.get("/settings/move"); !page.has("@anew@notes.example") || !page.has("1 person followed it then.") || !page.has("1 still follows it here.") {
		t.Errorf("the page doesn't say it: %s", page.body)
	}
	profile := a.nobody().get("/@gwen").want(t, "the profile", http.StatusOK)
	if !profile.has("GWEN has moved to") || !profile.has(`href="https://notes.example/@anew"`) || profile.has("Follow GWEN") || !profile.has("Day one") {
		t.Errorf("the profile: %s", profile.body)
	}
	if doc := a.nobody().get("/users/gwen", "Accept", mastodon); !strings.Contains(doc.body, `"movedTo":"https://notes.example/users/anew"`) {
		t.Errorf("the document: %s", doc.body)
	}
	if article := a.nobody().get("/@gwen/day-one"); !article.has("GWEN has moved to") || article.has("Follow GWEN") {
		t.Error("the article offers to follow")
	}
	if home := a.nobody().get("/"); home.has("@gwen@notes.example") || !home.has("@anew@notes.example") {
		t.Error("the front page offers who moved")
	}
	// Nothing new is published; the text isn't lost.
	r = gwen.post("/write", url.Values{"action": {"publish"}, "client_id": {models.NewPublicID()}, "language": {"en"}, "title": {"Day two"}, "source": {"Words."}}).want(t, "publish", http.StatusUnprocessableEntity)
	if !r.has("This account has moved") || r.form().Get("title") != "Day two" {
		t.Errorf("what is said: %s", r.body)
	}
	gwen.moves("back", url.Values{}).wantRedirect(t, "back", http.StatusSeeOther, "/settings/move?notice=")
	page := gwen.get("/settings/move")
	if !page.has("It can move again from") || page.form().Has("target") || !strings.Contains(a.nobody().get("/@gwen").body, "Follow GWEN") {
		t.Errorf("taken back: %s", page.body)
	}
	gwen.moves("move", to).want(t, "at once again", http.StatusUnprocessableEntity)
	for range 9 { // guesses were counted
		gwen.moves("move", url.Values{"target": {"@anew@notes.example"}, "current": {"wrong"}})
	}
	gwen.moves("move", to).want(t, "after many guesses", http.StatusTooManyRequests)
}

func TestWhoAnAccountAlsoIsIsItsOwnWord(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen, anew := a.person("gwen", models.RoleAuthor), a.person("anew", models.RoleAuthor)
	anew.moves("alias", url.Values{"alias": {"gwen@notes.example"}})
	for _, bad := range []string{"", "me", "@anew@notes.example", "@nobody@notes.example"} {
		if r := anew.moves("alias", url.Values{"alias": {bad}}).want(t, bad, http.StatusUnprocessableEntity); !strings.Contains(r.body, `id="problem-alias"`) || r.form().Get("alias") != bad {
			t.Errorf("%q: nothing is said, or it is lost", bad)
		}
	}
	id := anew.get("/settings/move").form().Get("id")
	gwen.moves("unalias", url.Values{"id": {id}}) // not gwen's to take away
	if page := anew.get("/settings/move"); page.form().Get("id") != id {
		t.Error("somebody else took it away")
	}
	anew.moves("unalias", url.Values{"id": {id}}).wantRedirect(t, "remove", http.StatusSeeOther, "/settings/move?notice=")
	if page := anew.get("/settings/move"); page.form().Has("id") {
		t.Error("it is still there")
	}
	for _, bad := range []url.Values{{"action": {"unalias"}, "id": {"x"}}, {"action": {"sing"}}} {
		gwen.post("/settings/move", bad).want(t, bad.Encode(), http.StatusBadRequest)
	}
}

func TestTheNewsTellWhereSomebodyMoved(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	old, place := a.stranger("far", "far.example"), a.stranger("far", "new.example")
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		if err := tx.Actors.SetMoved(ctx, old.ID, place.ID, 0, noon); err != nil {
			return err
		}
		return tx.Notifications.Add(ctx, &models.Notification{AccountID: gwen.ID, Kind: models.NotifyMoved, ActorID: old.ID, CreatedAt: noon.Add(time.Hour)})
	})
	for _, path := range []string{"/notifications", "/notifications?kind=moved"} {
		if page := gwen.get(path); !page.has("has moved. You follow the new account from now on:") || !page.has(`href="https://new.example/users/far"`) || !page.has("@far@new.example") {
			t.Errorf("%s: %s", path, page.body)
		}
	}
}
