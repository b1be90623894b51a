package handlers

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"confnotes/models"
)

func TestAReaderIsAskedForTheirServer(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	article := a.person("gwen", models.RoleAuthor).article("Day one")
	page := a.nobody().get("/@gwen/day-one")
	iri := "https://notes.example/articles/" + *article.PublicID
	for _, object := range []string{iri, "https://notes.example/users/gwen"} {
		if !strings.Contains(page.body, `<input type="hidden" name="object" value="`+object+`">`) {
			t.Errorf("the article's page has no box for %s", object)
		}
	}
	for name, tt := range map[string]struct {
		object, account, want string
		code                  int
	}{
		"no address":         {iri, "me", "Write your address as", http.StatusUnprocessableEntity},
		"a server too far":   {iri, "@me@social.example", "couldn’t be asked", http.StatusUnprocessableEntity}, // federation is off here
		"not ours":           {"https://evil.example/x", "@me@social.example", "", http.StatusBadRequest},
		"no object":          {"", "@me@social.example", "", http.StatusBadRequest},
		"an activity's id":   {"https://notes.example/activities/" + *article.PublicID, "@me@s.example", "", http.StatusBadRequest},
		"a script in a name": {iri, `"><script>alert(1)</script>`, "Write your address as", http.StatusUnprocessableEntity},
	} {
		r := a.nobody().post("/remote", url.Values{"object": {tt.object}, "account": {tt.account}}).want(t, name, tt.code)
		if !r.has(tt.want) || strings.Contains(r.body, "<script>alert") || r.header("Set-Cookie") != "" {
			t.Errorf("%s: %s", name, r.body)
		}
		if tt.code == http.StatusUnprocessableEntity && (r.form().Get("account") != tt.account || r.form().Get("object") != tt.object) {
			t.Errorf("%s: what was typed is lost", name)
		}
	}
	for range 10 {
		a.nobody().post("/remote", url.Values{"object": {iri}, "account": {"me"}})
	}
	a.nobody().post("/remote", url.Values{"object": {iri}, "account": {"me"}}).want(t, "too often", http.StatusTooManyRequests)
}

func TestWhoWritesHereNeedsNoOtherServer(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	article := gwen.article("Day one")
	iri := "https://notes.example/articles/" + *article.PublicID
	for _, typed := range []string{"@gwen@notes.example", " gwen@Notes.Example "} {
		r := a.nobody().post("/remote", url.Values{"object": {iri}, "account": {typed}}).want(t, typed, http.StatusOK)
		if want := "https://notes.example/authorize_interaction?uri=" + url.QueryEscape(iri); !strings.Contains(r.body, want) {
			t.Errorf("%q doesn't lead to %s: %s", typed, want, r.body)
		}
	}
}

func TestOtherServersSendOursToWhatStandsHere(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	article := gwen.article("Day one")
	for uri, want := range map[string]string{
		"https://notes.example/articles/" + *article.PublicID: answerURL(article.ID), "https://notes.example/@gwen/day-one": answerURL(article.ID),
		"https://notes.example/users/gwen": followURL("@gwen@notes.example"), "https://notes.example/@gwen": followURL("@gwen@notes.example"),
		"https://far.example/@bob": followURL("https://far.example/@bob"),
	} {
		gwen.get("/authorize_interaction?uri="+url.QueryEscape(uri)).wantRedirect(t, uri, http.StatusSeeOther, want)
	}
	for _, uri := range []string{"", "javascript:alert(1)", "//evil.example", "https://notes.example/nowhere"} {
		gwen.get("/authorize_interaction?uri="+url.QueryEscape(uri)).want(t, uri, http.StatusNotFound)
	}
}

// Where an address leads doesn't tell that what stands there was sent to somebody else.
func TestWhatOneMayNotReadLeadsNowhere(t *testing.T) {
	t.Parallel()
	s := newScene(t)
	draft := s.gwen.draft("Unfinished")
	unknown := "https://far.example/notes/unknown"
	for _, tt := range []struct {
		who  *person
		uri  string
		code int
		to   string
	}{
		{s.gwen, *s.private.URI, http.StatusSeeOther, answerURL(s.private.ID)},
		{s.owner, *s.private.URI, http.StatusSeeOther, followURL(*s.private.URI)}, {s.owner, unknown, http.StatusSeeOther, followURL(unknown)},
		{s.owner, s.server.IRIs.Article(*draft.PublicID), http.StatusNotFound, ""},
	} {
		r := tt.who.get("/authorize_interaction?uri="+url.QueryEscape(tt.uri)).want(t, tt.uri, tt.code)
		if got := r.header("Location"); got != tt.to {
			t.Errorf("%s leads %s to %q, want %q", tt.uri, tt.who.Actor.Handle, got, tt.to)
		}
	}
}

func TestAnArticleThatTakesNoRepliesAsksForNone(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	form := gwen.get("/write").form()
	form.Set("title", "Closed")
	form.Set("source", "Words.")
	form.Set("replies", "closed")
	form.Set("action", "publish")
	gwen.post("/write", form).wantRedirect(t, "publish", http.StatusSeeOther, "/write/")
	page := a.nobody().get("/@gwen/closed").want(t, "article", http.StatusOK)
	if !page.has("takes no replies") || strings.Contains(page.body, `id="remote-reply"`) {
		t.Errorf("it asks for replies: %s", page.body)
	}
	form = gwen.get("/write").form()
	form.Set("title", "Odd")
	form.Set("source", "Words.")
	form.Set("replies", "friends")
	form.Set("action", "save")
	if r := gwen.post("/write", form).want(t, "an unknown policy", http.StatusUnprocessableEntity); !r.has("Choose one from the list") {
		t.Error("it doesn't say what is wrong")
	}
}
