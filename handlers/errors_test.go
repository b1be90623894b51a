package handlers

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"confnotes/models"
	"confnotes/templates"
)

var requestIDPattern = regexp.MustCompile(`<code>([0-9a-f]{16})</code>`)

func TestEveryErrorHasAPageThatNamesTheRequest(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for code, err := range map[int]error{400: errBadRequest, 403: errCrossOrigin, 404: models.ErrNotFound, 405: errMethod, 409: models.ErrConflict,
		413: &http.MaxBytesError{}, 422: &models.InvalidError{}, 500: errors.New("secret detail"), 503: models.ErrBusy} {
		h := a.server.outer(a.server.page(func(http.ResponseWriter, *http.Request) error { return fmt.Errorf("around: %w", err) }))
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/x", nil))
		body := rec.Body.String()
		id := requestIDPattern.FindStringSubmatch(body)
		if rec.Code != code || id == nil || !strings.Contains(rec.Header().Get("Content-Type"), "text/html") || rec.Header().Get("Cache-Control") != "private, no-store" {
			t.Errorf("%v: %d, request id %v, %v", err, rec.Code, id, rec.Header())
			continue
		}
		if strings.Contains(body, "secret detail") || strings.Contains(body, "around") {
			t.Errorf("%d shows the detail", code)
		}
		if log := a.log.String(); code == 500 && (!strings.Contains(log, id[1]) || !strings.Contains(log, "secret detail")) {
			t.Errorf("the log has neither the id nor the detail:\n%s", log)
		}
		if (rec.Header().Get("Retry-After") == "30") != (code == 503) {
			t.Errorf("%d: Retry-After %q", code, rec.Header().Get("Retry-After"))
		}
	}
}

func TestAPanicIsAnErrorPage(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	h := a.server.outer(a.server.page(func(http.ResponseWriter, *http.Request) error { panic("oops") }))
	rec := httptest.NewRecorder()
	h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/x", nil))
	id := requestIDPattern.FindStringSubmatch(rec.Body.String())
	if rec.Code != http.StatusInternalServerError || id == nil || rec.Header().Get("Content-Security-Policy") != policy {
		t.Fatalf("%d, request id %v", rec.Code, id)
	}
	if log := a.log.String(); !strings.Contains(log, "oops") || !strings.Contains(log, id[1]) || !strings.Contains(log, "errors_test.go") {
		t.Errorf("the log lacks the panic, its place or the id:\n%s", log)
	}
	late := a.server.outer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("half"))
		panic("late")
	}))
	rec = httptest.NewRecorder()
	late.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, "/x", nil))
	if rec.Body.String() != "half" || !strings.Contains(a.log.String(), "late") {
		t.Errorf("after the answer had begun: %q", rec.Body)
	}
}

func TestAnAbortIsPassedOn(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	defer func() {
		if recover() != http.ErrAbortHandler {
			t.Error("http.ErrAbortHandler was swallowed")
		}
	}()
	a.server.outer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })).
		ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/x", nil))
}

func TestALargeFormIsRefused(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	huge := url.Values{"action": {"save"}, "source": {strings.Repeat("x", maxForm)}}
	gwen.post("/write", huge).want(t, "signed in", http.StatusRequestEntityTooLarge)
	a.nobody().post("/write", huge).want(t, "signed out", http.StatusRequestEntityTooLarge)
	a.nobody().post("/sign-in", huge).want(t, "at the door", http.StatusRequestEntityTooLarge)
	full := text("action", "save", "source", strings.Repeat("会", 200<<10/3)) // three times as long in a form
	gwen.post("/write", full).want(t, "the longest text that is allowed", http.StatusSeeOther)
}

func TestABrokenFormIsABadRequest(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	for _, body := range []string{"title=%zz", "a;b=c", "%"} {
		gwen.send(http.MethodPost, "/write", body, "Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin").want(t, body, http.StatusBadRequest)
	}
	r := gwen.send(http.MethodPost, "/write", "action=preview&language=en&title=%ff%fe&source=a%00b%ffc", "Content-Type", "application/x-www-form-urlencoded").want(t, "no UTF-8", http.StatusOK)
	if strings.Contains(r.body, "\x00") || strings.Contains(r.body, "\xff") {
		t.Error("the page carries bytes that are no text")
	}
}

func TestHostileWordsComeOutHarmless(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner).withPassword()
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(2)>'{{.}}`
	gwen.post("/settings", url.Values{"name": {evil[:60]}, "bio": {evil}, "language": {evil}}).want(t, "settings", http.StatusSeeOther)
	typed := text("action", "publish", "title", evil, "summary", evil, "tags", "go", "source", evil+"\n\n[x](javascript:alert(3)) <a href='javascript:alert(4)'>x</a>\n\n<iframe srcdoc='<script>'></iframe>")
	done := gwen.post("/write", typed).want(t, "publish", http.StatusSeeOther)
	at, _, _ := strings.Cut(done.header("Location"), "?")
	post, err := a.server.Store.Posts.ByPublicID(context.Background(), strings.TrimPrefix(at, "/write/"))
	fatal(t, err)
	refused := text("action", "save", "slug", evil, "tags", evil, "title", evil, "client_id", evil, "version", evil, "language", evil)
	kept := url.Values{"handle": {evil}, "password": {evil}, "next": {evil}, "kept.source": {evil}, "kept.client_id": {evil}}
	query := "?" + url.Values{"notice": {"notice.blocked"}, "subject": {evil}, "missing": {evil, "@ok@far.example"}, "next": {evil}, "before": {evil}, "token": {evil}}.Encode()
	pages := map[string]*response{
		"home": a.nobody().get("/" + query), "profile": a.nobody().get("/@gwen" + query), "article": a.nobody().get("/@gwen/" + url.PathEscape(post.Slug) + query),
		"tag": a.nobody().get("/tags/go" + query), "an absent tag": a.nobody().get("/tags/" + url.PathEscape(evil)), "editor": gwen.get(at + query), "posts": gwen.get("/posts" + query),
		"preview": gwen.post("/write", text("action", "preview", "title", evil, "source", evil)), "refused": gwen.post("/write", refused),
		"conversation": gwen.get(at + "/conversation" + query), "settings": gwen.get("/settings" + query), "blocks": gwen.get("/blocks" + query),
		"sign-in": a.nobody().get("/sign-in" + query), "wrong sign-in": a.nobody().post("/sign-in", kept), "signed out": a.nobody().post("/write", refused),
		"setup": a.nobody().get("/setup" + query), "absent": a.nobody().get("/" + url.PathEscape(evil)),
	}
	for name, r := range pages {
		if r.Code >= 500 || !strings.Contains(r.body, "<main") {
			t.Errorf("%s: %d", name, r.Code)
		}
		for _, bad := range []string{"<script>alert", "<img src=x", "onerror=alert(2)>", `href="javascript:`, "<iframe"} {
			if strings.Contains(r.body, bad) {
				t.Errorf("%s carries %q", name, bad)
			}
		}
	}
	if !pages["posts"].has("@ok@far.example") || pages["posts"].has("alert(1)</script><img src=x onerror=alert(2)>' ") {
		t.Error("a notice doesn't show a harmless subject, or shows a made-up one")
	}
}

func TestALinkShowsNoSentenceButOurs(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner)
	plain := gwen.get("/posts").body
	for _, query := range []string{"notice=made.up", "notice=error.ours.what", "notice=", "missing=call%20us%20now", "notice=" + string(templates.TextRestored)} {
		if got := gwen.get("/posts?" + query); got.body != plain {
			t.Errorf("?%s changes the page", query)
		}
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for path, want := range map[string]string{"/healthz": "ok\n", "/readyz": "ready\n"} {
		if r := a.nobody().get(path).want(t, path, http.StatusOK); r.body != want || r.header("Set-Cookie") != "" {
			t.Errorf("%s: %q", path, r.body)
		}
	}
	fatal(t, a.server.Store.Close())
	a.nobody().get("/healthz").want(t, "alive without a database", http.StatusOK)
	if r := a.nobody().get("/readyz"); r.Code < 500 {
		t.Errorf("ready without a database: %d", r.Code)
	}
	r := a.nobody().get("/").want(t, "a page without a database", http.StatusInternalServerError)
	if strings.Contains(r.body, "sql") {
		t.Errorf("it shows the detail: %s", r.body)
	}
}

func TestAnEndpointsErrorIsOneLine(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	a.person("gwen", models.RoleOwner)
	post := func(contentType, body string) *response {
		return a.nobody().send(http.MethodPost, "/inbox", body, "Content-Type", contentType)
	}
	for name, tt := range map[string]struct {
		r    *response
		want int
	}{
		"unsigned":             {post("application/activity+json", "{}"), http.StatusUnauthorized},
		"another type":         {post("application/json", "{}"), http.StatusUnsupportedMediaType},
		"too large":            {post("application/activity+json", strings.Repeat("x", 1<<20+1)), http.StatusRequestEntityTooLarge},
		"larger than any form": {post("application/activity+json", strings.Repeat("x", maxForm+1)), http.StatusRequestEntityTooLarge},
		"an absent collection": {a.nobody().get("/users/nobody/outbox"), http.StatusNotFound},
		"an absent activity":   {a.nobody().get("/activities/x"), http.StatusNotFound},
	} {
		if tt.r.Code != tt.want || strings.Count(tt.r.body, "\n") != 1 || tt.r.header("Content-Type") != "text/plain; charset=utf-8" || tt.r.header("Cache-Control") != "no-store" {
			t.Errorf("%s: %d, want %d; %q, %q, %q", name, tt.r.Code, tt.want, tt.r.body, tt.r.header("Content-Type"), tt.r.header("Cache-Control"))
		}
	}
}

func TestAMethodThatIsNotTakenSaysWhichAre(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	for path, want := range map[string]string{"/inbox": "POST", "/": "GET, HEAD", "/write": "GET, HEAD, POST", "/sign-out": "POST"} {
		r := a.nobody().send("DELETE", path, "", "Sec-Fetch-Site", "same-origin").want(t, path, http.StatusMethodNotAllowed)
		if got := r.header("Allow"); got != want {
			t.Errorf("%s allows %q, want %q", path, got, want)
		}
	}
}
