package handlers

import (
	"image/jpeg"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"confnotes/internal/account"
	"confnotes/models"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor).withPassword()
	gwen.post("/settings", url.Values{"name": {"Gwen <b>"}, "bio": {"I *write*"}, "language": {"fr"}}).wantRedirect(t, "save", http.StatusSeeOther, "/settings?notice=")
	if page := gwen.get("/settings"); page.form().Get("name") != "Gwen <b>" || page.form().Get("language") != "fr" || !strings.Contains(page.body, `<html lang="fr"`) {
		t.Errorf("settings = %v", page.form())
	}
	if profile := a.nobody().get("/@gwen"); !strings.Contains(profile.body, "<em>write</em>") || strings.Contains(profile.body, "Gwen <b>") || !profile.has("Gwen <b>") {
		t.Error("the profile doesn't show them, escaped")
	}
	for field, value := range map[string]string{"name": strings.Repeat("x", account.MaxName+1), "bio": strings.Repeat("y", account.MaxBio+1)} {
		typed := url.Values{"name": {"Gwen"}, "bio": {"bio"}, "language": {"en"}}
		typed.Set(field, value)
		r := gwen.post("/settings", typed).want(t, "a long "+field, http.StatusUnprocessableEntity)
		for name := range typed {
			if got := r.form().Get(name); got != typed.Get(name) {
				t.Errorf("with a long %s the %s came back as %.30q", field, name, got)
			}
		}
	}
	change := func(current, next string) *response {
		return gwen.post("/settings/password", url.Values{"current": {current}, "password": {next}})
	}
	if r := change("wrong", "another password").want(t, "a wrong current password", http.StatusUnprocessableEntity); r.form().Get("language") != "fr" || !strings.Contains(r.body, `id="problem-current"`) {
		t.Errorf("the form's language is %q, or nothing is said", r.form().Get("language"))
	}
	elsewhere := a.nobody().post("/sign-in", credentials("gwen", password, ""))
	change(password, "another password").wantRedirect(t, "change", http.StatusSeeOther, "/settings?notice=")
	gwen.get("/settings").want(t, "this session", http.StatusOK)
	(&browser{app: a, cookie: sessionFrom(t, elsewhere).Value}).get("/settings").want(t, "the other session", http.StatusSeeOther)
	for range 5 {
		change("wrong", "another password")
	}
	change("another password", password).want(t, "after many guesses", http.StatusTooManyRequests)
}

func TestAFaceIsSetSentAndTakenAway(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	gwen.upload("/settings/face", nil, "me.jpg", photo(t, 900, 600)).wantRedirect(t, "set", http.StatusSeeOther, "/settings?notice=")
	file := regexp.MustCompile(`/media/[^"]+/400\.jpg`)
	shown := file.FindString(gwen.get("/settings").want(t, "settings", http.StatusOK).body)
	config, err := jpeg.DecodeConfig(strings.NewReader(a.nobody().get(shown).want(t, "the file", http.StatusOK).body))
	if err != nil || config.Width != 400 || config.Height != 400 {
		t.Fatalf("%s is %+v, %v; want a square of 400", shown, config, err)
	}
	document := a.nobody().get("/users/gwen", "Accept", "application/activity+json").want(t, "actor", http.StatusOK)
	if want := `"icon":{"type":"Image","mediaType":"image/jpeg","url":"https://notes.example` + shown + `"`; !strings.Contains(document.body, want) {
		t.Errorf("the actor lacks %s: %s", want, document.body)
	}
	gwen.article("Day one")
	small := strings.Replace(shown, "/400.", "/128.", 1)
	for _, path := range []string{"/@gwen/day-one", "/@gwen"} {
		if !a.nobody().get(path).want(t, path, http.StatusOK).has(small) {
			t.Errorf("%s doesn't show %s", path, small)
		}
	}
	for name, file := range map[string][]byte{"words": []byte("no picture"), "nothing": nil} {
		r := gwen.upload("/settings/face", nil, "me.jpg", file)
		if name == "nothing" {
			r = gwen.post("/settings/face", url.Values{"action": {"set"}})
		}
		if r.want(t, name, http.StatusUnprocessableEntity); !strings.Contains(r.body, `id="problem-picture"`) || !strings.Contains(r.body, shown) {
			t.Errorf("%s: nothing is said, or the face is lost: %s", name, r.body)
		}
	}
	gwen.post("/settings/face", url.Values{"action": {"remove"}}).wantRedirect(t, "remove", http.StatusSeeOther, "/settings?notice=")
	if document := a.nobody().get("/users/gwen", "Accept", "application/activity+json"); strings.Contains(document.body, `"icon"`) {
		t.Errorf("the actor still has one: %s", document.body)
	}
}
