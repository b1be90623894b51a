package handlers

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"confnotes/internal/draft"
	"confnotes/models"
)

// text is the editor's form as it is filled in, with pairs of a field and its value.
func text(pairs ...string) url.Values {
	form := url.Values{"client_id": {models.NewPublicID()}, "version": {"0"}, "title": {"Day <one>"}, "summary": {"Short & sweet"}, "language": {"en"},
		"tags": {"go sqlite"}, "slug": {""}, "source": {"Hello **world**"}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	return form
}

func (p *person) count(t *testing.T) int {
	t.Helper()
	rows, err := p.app.server.Store.Posts.WrittenBy(context.Background(), p.ID, 100)
	fatal(t, err)
	return len(rows)
}

// wantTyped checks that a page's form carries what was typed.
func (r *response) wantTyped(t *testing.T, what string, typed url.Values, prefix string, except ...string) {
	t.Helper()
	got := r.form()
	for _, name := range manuscriptFields {
		skip := false
		for _, e := range except {
			skip = skip || e == name
		}
		if !skip && got.Get(prefix+name) != typed.Get(name) {
			t.Errorf("%s: %s came back as %.80q, was %.80q", what, name, got.Get(prefix+name), typed.Get(name))
		}
	}
}

func TestFromTheFirstWordToTheTombstone(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	form := gwen.get("/write").want(t, "a new one", http.StatusOK).form()
	for _, pair := range [][2]string{{"title", "Day one"}, {"source", "Hello"}, {"language", "fr"}, {"action", "save"}} {
		form.Set(pair[0], pair[1])
	}
	saved := gwen.post("/write", form).wantRedirect(t, "save", http.StatusSeeOther, "/write/")
	at, _, _ := strings.Cut(saved.header("Location"), "?")
	a.nobody().get("/@gwen/day-one").want(t, "a draft's page", http.StatusNotFound)

	form = gwen.get(saved.header("Location")).want(t, "the saved draft", http.StatusOK).form()
	form.Set("action", "publish")
	gwen.post(at, form).wantRedirect(t, "publish", http.StatusSeeOther, at+"?notice=notice.published")
	if page := a.nobody().get("/@gwen/day-one").want(t, "its page", http.StatusOK); !page.has("Hello") || !strings.Contains(page.body, `lang="fr"`) {
		t.Error("the page has neither its text nor its language")
	}
	form = gwen.get(at).form()
	form.Set("source", "Hello again")
	form.Set("action", "publish")
	gwen.post(at, form).wantRedirect(t, "edit", http.StatusSeeOther, at+"?notice=notice.updated")
	if page := a.nobody().get("/@gwen/day-one"); !page.has("Hello again") {
		t.Error("the edit isn't on the page")
	}
	if list := gwen.get("/posts").want(t, "the list", http.StatusOK); !list.has("Day one") {
		t.Error("it isn't in the list of one's own")
	}
	del := url.Values{"action": {"delete"}, "client_id": form["client_id"], "version": {"2"}}
	gwen.post(at, del).want(t, "asked once more", http.StatusOK)
	a.nobody().get("/@gwen/day-one").want(t, "before the answer", http.StatusOK)
	del.Set("confirm", "yes")
	gwen.post(at, del).wantRedirect(t, "delete", http.StatusSeeOther, "/posts?notice=notice.deleted")
	a.nobody().get("/@gwen/day-one").want(t, "its page afterwards", http.StatusGone)
	gwen.get(at).want(t, "its editor afterwards", http.StatusNotFound)
}

func TestTheSameFormTwiceMakesOneArticle(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	for _, action := range []string{"publish", "save"} {
		form := text("action", action, "title", action)
		before := gwen.count(t)
		first, second := gwen.post("/write", form), gwen.post("/write", form)
		if first.Code != http.StatusSeeOther || second.Code != http.StatusSeeOther || gwen.count(t) != before+1 {
			t.Errorf("%s twice: %d and %d, %d articles more", action, first.Code, second.Code, gwen.count(t)-before)
		}
	}
}

func TestASaveOverAnOlderVersionShowsBothTexts(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	post := gwen.article("Day one")
	at := "/write/" + *post.PublicID
	old := gwen.get(at).form()
	edit := func(source, action string) url.Values {
		form := url.Values{}
		for k, v := range old {
			form[k] = v
		}
		form.Set("source", source)
		form.Set("action", action)
		return form
	}
	gwen.post(at, edit("theirs, from the phone", "publish")).want(t, "the phone", http.StatusSeeOther)
	for _, action := range []string{"save", "publish"} {
		r := gwen.post(at, edit("mine, from the laptop", action)).want(t, "the laptop, "+action, http.StatusConflict)
		if !r.has("theirs, from the phone") || !r.has("mine, from the laptop") {
			t.Errorf("%s doesn't show both texts", action)
		}
	}
	if page := a.nobody().get("/@gwen/" + post.Slug); !page.has("from the phone") {
		t.Error("the published text was written over")
	}
	decided := gwen.post(at, edit("mine, from the laptop", "save")).form()
	decided.Set("action", "publish")
	gwen.post(at, decided).want(t, "the informed decision", http.StatusSeeOther)
	if page := a.nobody().get("/@gwen/" + post.Slug); !page.has("from the laptop") {
		t.Error("the decision isn't published")
	}
}

func TestWhatCannotBeTakenComesBackAsItWasTyped(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	gwen.article("Taken")
	tests := []struct{ action, field, value string }{
		{"publish", "title", ""},
		{"publish", "title", strings.Repeat("é", draft.MaxTitle+1)},
		{"save", "summary", strings.Repeat("x", draft.MaxSummary+1)},
		{"save", "source", strings.Repeat("x", draft.MaxSource+1)},
		{"publish", "source", "  "},
		{"preview", "language", "français"},
		{"save", "tags", "c++ <b>"},
		{"publish", "slug", "Not A Slug"},
		{"publish", "slug", "taken"},
	}
	for _, tt := range tests {
		typed := text("action", tt.action, tt.field, tt.value)
		what := tt.action + " with " + tt.field + " " + tt.value[:min(len(tt.value), 12)]
		r := gwen.post("/write", typed).want(t, what, http.StatusUnprocessableEntity)
		r.wantTyped(t, what, typed, "", "language") // a menu can't show what isn't in it
		if !strings.Contains(r.body, `id="problem-`+tt.field+`"`) {
			t.Errorf("%s: nothing is said at the field", what)
		}
	}
	if n := gwen.count(t); n != 1 {
		t.Errorf("%d articles, want the first alone", n)
	}
}

func TestAPreviewSavesNothingAndLeadsBackToTheEditor(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	typed := text("action", "preview", "source", "Hello **world** @who@far.example")
	r := gwen.post("/write", typed).want(t, "preview", http.StatusOK)
	r.wantTyped(t, "the preview", typed, "")
	if !strings.Contains(r.body, "<strong>world</strong>") || !r.has("@who@far.example") || gwen.count(t) != 0 {
		t.Errorf("the preview isn't rendered, or was saved: %d articles", gwen.count(t))
	}
	back := r.form()
	back.Set("action", "edit")
	gwen.post("/write", back).want(t, "back", http.StatusOK).wantTyped(t, "the editor", typed, "")
	gwen.post("/write", text("action", "dance")).want(t, "an unknown action", http.StatusBadRequest)
	gwen.post("/write", text("action", "delete")).want(t, "deleting what was never saved", http.StatusBadRequest)
}

func TestWordsOutliveTheSession(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner).withPassword()
	post := gwen.article("Day one")
	at := "/write/" + *post.PublicID
	edit := gwen.get(at).form()
	edit.Set("source", "more\n  <textarea> words")
	tests := []struct {
		name, path, want string
		typed            url.Values
	}{
		{"a new article", "/write", "/write", text("action", "publish")},
		{"a title alone", "/write", "/write", text("action", "save", "source", "", "summary", "", "tags", "")},
		{"an edit", at, at, edit},
	}
	for _, tt := range tests {
		r := a.nobody().post(tt.path, tt.typed).want(t, tt.name, http.StatusUnauthorized)
		r.wantTyped(t, tt.name+", asked to sign in", tt.typed, keptPrefix)
		form := r.form()
		form.Set("handle", "gwen")
		form.Set("password", "wrong")
		wrong := a.nobody().post("/sign-in", form).want(t, tt.name+", wrong password", http.StatusUnauthorized)
		wrong.wantTyped(t, tt.name+" after a wrong password", tt.typed, keptPrefix)
		form.Set("password", password)
		back := a.nobody().post("/sign-in", form).want(t, tt.name+", signed in", http.StatusOK)
		back.wantTyped(t, tt.name+", in the editor again", tt.typed, "")
		if !strings.Contains(back.body, `action="`+tt.want+`"`) {
			t.Errorf("%s: the editor doesn't post to %s", tt.name, tt.want)
		}
		again := back.form()
		again.Set("action", "save")
		(&browser{app: a, cookie: sessionFrom(t, back).Value}).post(tt.want, again).want(t, tt.name+", saved at last", http.StatusSeeOther)
	}
	for range 5 {
		a.nobody().post("/sign-in", credentials("gwen", "wrong", ""))
	}
	form := a.nobody().post("/write", tests[0].typed).form()
	form.Set("handle", "gwen")
	form.Set("password", password)
	a.nobody().post("/sign-in", form).want(t, "throttled", http.StatusTooManyRequests).wantTyped(t, "throttled", tests[0].typed, keptPrefix)
}

func TestSomebodyElseWhoSignsInKeepsTheWordsAsTheirOwn(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen, alix := a.person("gwen", models.RoleOwner), a.person("alix", models.RoleAuthor).withPassword()
	post := gwen.article("Day one")
	typed := gwen.get("/write/" + *post.PublicID).form()
	form := a.nobody().post("/write/"+*post.PublicID, typed).form()
	form.Set("handle", "alix")
	form.Set("password", password)
	back := a.nobody().post("/sign-in", form).want(t, "alix signs in", http.StatusOK)
	if !strings.Contains(back.body, `action="/write"`) {
		t.Error("alix's editor posts to gwen's article")
	}
	again := back.form()
	again.Set("action", "save")
	alix.post("/write", again).want(t, "alix saves", http.StatusSeeOther)
	if alix.count(t) != 1 || gwen.count(t) != 1 {
		t.Errorf("alix has %d articles, gwen %d; want one each", alix.count(t), gwen.count(t))
	}
}

func TestWordsOutliveTheirArticle(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	post := gwen.draft("Day one")
	typed := gwen.get("/write/" + *post.PublicID).form()
	typed.Set("source", "an evening's work")
	typed.Set("action", "save")
	fatal(t, a.server.Outbox.Delete(context.Background(), gwen.Account, post.ID))
	for name, path := range map[string]string{"deleted in another tab": "/write/" + *post.PublicID, "its first form again": "/write"} {
		r := gwen.post(path, typed).want(t, name, http.StatusNotFound)
		r.wantTyped(t, name, typed, "", "client_id", "version")
		again := r.form()
		again.Set("action", "save")
		gwen.post("/write", again).want(t, name+", saved anew", http.StatusSeeOther)
	}
	gwen.post("/write/"+*post.PublicID, url.Values{"action": {"save"}}).want(t, "nothing typed", http.StatusNotFound)
}

// A failure of ours: the database takes no writes.
func TestWordsOutliveAFailureOfOurs(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	for _, action := range []string{"save", "publish"} {
		typed := text("action", action)
		err := a.server.Store.InTx(context.Background(), func(*models.Store) error {
			// Whoever holds the only writer's turn gets an error at once; the handler runs in it.
			r := gwen.post("/write", typed).want(t, action, http.StatusInternalServerError)
			r.wantTyped(t, action, typed, "")
			return nil
		})
		fatal(t, err)
	}
	if !strings.Contains(a.log.String(), "request=") {
		t.Errorf("the log doesn't name the request:\n%s", a.log)
	}
}
