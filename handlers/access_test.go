package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"confnotes/activitypub"
	"confnotes/internal/account"
	"confnotes/models"
)

// at fills in a path's variables with an article's.
func (r route) at(p *models.Post) string {
	return strings.NewReplacer("{id}", *p.PublicID, "{post}", strconv.FormatInt(p.ID, 10), "{handle}", "gwen", "{slug}", p.Slug, "{tag}", "go", "{version}", "2.1", "{hash}", oldHash, "{day}", "2026-06-11").Replace(r.path)
}

func TestEveryPrivateRouteAsksForASession(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	post := a.person("gwen", models.RoleOwner).article("Day one")
	for _, route := range signedIn(t) {
		path := route.at(post)
		for _, who := range []*browser{a.nobody(), {app: a, cookie: "made up"}} {
			if route.method() != http.MethodPost {
				r := who.get(path).wantRedirect(t, path, http.StatusSeeOther, "/sign-in?next="+url.QueryEscape(path))
				if r.header("Cache-Control") != "private, no-store" {
					t.Errorf("%s: Cache-Control %q", path, r.header("Cache-Control"))
				}
				continue
			}
			r := who.post(path, url.Values{"action": {"save"}}).want(t, "POST "+path, http.StatusUnauthorized)
			next := r.form().Get("next")
			if r.header("Cache-Control") != "private, no-store" || next == "" {
				t.Errorf("POST %s: Cache-Control %q, next %q", path, r.header("Cache-Control"), next)
			}
			if back := a.nobody().get(next); back.Code != http.StatusSeeOther || !strings.HasPrefix(back.header("Location"), "/sign-in") {
				t.Errorf("POST %s leads on to %s, which answers %d", path, next, back.Code)
			}
		}
	}
}

func TestAFormFromAnotherSiteIsRefusedEverywhere(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner)
	post := gwen.article("Day one")
	before := everything(t, a)
	for _, route := range routes(t, a.server) {
		if route.method() != http.MethodPost || strings.HasSuffix(route.path, "/inbox") {
			continue // servers sign what they send; they have no cookies
		}
		path := route.at(post)
		form := url.Values{"action": {"delete"}, "confirm": {"yes"}, "name": {"Mallory"}, "source": {"x"}, "title": {"x"}}
		for name, header := range map[string][]string{
			"another site, by Sec-Fetch-Site": {"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
			"a sister site":                   {"Sec-Fetch-Site", "same-site", "Origin", "https://evil.notes.example"},
			"another site, by Origin":         {"Sec-Fetch-Site", "", "Origin", "https://evil.example"},
			"the same host over http":         {"Sec-Fetch-Site", "", "Origin", "http://notes.example.evil"},
			"an opaque origin":                {"Sec-Fetch-Site", "", "Origin", "null"},
		} {
			r := gwen.post(path, form, header...)
			if r.Code != http.StatusForbidden || r.header("Set-Cookie") != "" {
				t.Errorf("POST %s from %s: %d, Set-Cookie %q", path, name, r.Code, r.header("Set-Cookie"))
			}
		}
	}
	if after := everything(t, a); after != before {
		t.Errorf("something changed:\n%s\n%s", before, after)
	}
	gwen.post("/sign-out", nil, "Sec-Fetch-Site", "", "Origin", "https://notes.example").want(t, "our own origin behind a proxy", http.StatusSeeOther)
}

// everything is what the instance says about itself, to compare before and after.
func everything(t *testing.T, a *app) string {
	t.Helper()
	var all []string
	ctx := context.Background()
	accounts, err := a.server.Store.Accounts.List(ctx)
	fatal(t, err)
	for _, acc := range accounts {
		all = append(all, acc.Actor.Handle, acc.Actor.Name, acc.Role, acc.PasswordHash, acc.Locale)
		posts, err := a.server.Store.Posts.WrittenBy(ctx, acc.ID, 100)
		fatal(t, err)
		for _, p := range posts {
			all = append(all, p.Title, p.State, p.SavedAt.String())
			thread, err := a.server.Store.Posts.Thread(ctx, models.Viewer{ActorID: acc.ActorID, Moderates: true}, p.ID)
			fatal(t, err)
			for _, r := range thread {
				all = append(all, r.HTML, r.Moderation)
			}
		}
		blocks, err := a.server.Store.Blocks.List(ctx, acc.ID, true)
		fatal(t, err)
		for _, b := range blocks {
			all = append(all, b.Domain, b.CreatedAt.String())
		}
	}
	settings, err := a.server.Store.Settings.All(ctx)
	fatal(t, err)
	return strings.Join(all, " | ") + settings[models.SettingSetupToken] + settings[models.SettingSiteName]
}

func TestReadingChangesNothing(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner)
	post := gwen.article("Day one")
	gwen.draft("Draft")
	a.reply(a.stranger("far", "far.example"), post, "hello")
	before := everything(t, a)
	const query = "?action=delete&confirm=yes&reply=1&block=1&name=x&token=x&password=x&page=true"
	for _, route := range routes(t, a.server) {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions, "PROPFIND"} {
			gwen.send(method, route.at(post)+query, "", "Sec-Fetch-Site", "cross-site")
		}
		for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch} {
			if r := gwen.send(method, route.at(post)+query, "action=delete&confirm=yes", "Sec-Fetch-Site", "same-origin"); r.Code != http.StatusMethodNotAllowed {
				t.Errorf("%s %s: %d, want 405", method, route.path, r.Code)
			}
		}
	}
	if after := everything(t, a); after != before {
		t.Errorf("reading changed something:\n%s\n%s", before, after)
	}
	gwen.get("/posts").want(t, "the session afterwards", http.StatusOK)
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleOwner)
	post := gwen.article("Day one")
	check := func(what string, r *response) {
		for name, want := range map[string]string{"Content-Security-Policy": policy, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin", "Strict-Transport-Security": "max-age=31536000"} {
			if got := r.header(name); got != want {
				t.Errorf("%s (%d): %s %q, want %q", what, r.Code, name, got, want)
			}
		}
	}
	for _, route := range routes(t, a.server) {
		check(route.String(), gwen.send(route.method(), route.at(post), "", "Accept", firefox))
	}
	check("an absent page", a.nobody().get("/nothing"))
	check("a method that isn't there", a.nobody().send(http.MethodPut, "/", ""))
	for _, forbidden := range []string{"unsafe-inline", "unsafe-eval", "*", "http:"} {
		if strings.Contains(policy, forbidden) {
			t.Errorf("the policy allows %q", forbidden)
		}
	}
}

// TestWhoMayDoWhat tries every way to another's article.
func TestWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen := a.person("gwen", models.RoleAuthor)
	others := map[string]*person{"author": a.person("alix", models.RoleAuthor), "editor": a.person("edit", models.RoleEditor), "owner": a.person("boss", models.RoleOwner)}
	published, draft := gwen.article("Day one"), gwen.draft("Unfinished")
	far := a.stranger("far", "far.example")
	public, private := a.reply(far, published, "public words"), a.reply(far, published, "private words", gwen.ActorID)
	write, conversation := "/write/"+*published.PublicID, "/write/"+*published.PublicID+"/conversation"
	before := everything(t, a)
	for name, who := range others {
		for _, path := range []string{write, "/write/" + *draft.PublicID, "/write/" + *draft.PublicID + "/conversation"} {
			if r := who.get(path).want(t, name+" opens "+path, http.StatusNotFound); r.has("Day one") || r.has("Unfinished") {
				t.Errorf("%s reads another's text at %s", name, path)
			}
		}
		for _, action := range []string{"save", "publish", "preview", "edit", "delete"} {
			for _, p := range []*models.Post{published, draft} {
				form := url.Values{"action": {action}, "confirm": {"yes"}, "client_id": {*p.ClientID}, "version": {"1"}, "language": {"en"}, "title": {"Stolen"}, "source": {"words"}}
				who.post("/write/"+*p.PublicID, form).want(t, name+" "+action, http.StatusNotFound)
			}
		}
		want := http.StatusOK
		if name == "author" {
			want = http.StatusNotFound
		}
		page := who.get(conversation).want(t, name+" opens the conversation", want)
		if page.has("private words") || page.has("public words") != (want == http.StatusOK) {
			t.Errorf("%s sees the private reply %v, the public one %v", name, page.has("private words"), page.has("public words"))
		}
		for _, action := range []string{"hide", "show", "block-account", "block-server"} {
			who.post(conversation, url.Values{"action": {action}, "reply": {id(private)}}).want(t, name+" "+action+" the private reply", http.StatusNotFound)
		}
		if name == "author" {
			who.post(conversation, url.Values{"action": {"hide"}, "reply": {id(public)}}).want(t, name+" hides", http.StatusNotFound)
		}
		if name != "owner" { // under somebody else's article a block of one's own would change nothing
			for _, action := range []string{"block-account", "block-server"} {
				for _, everywhere := range []string{"yes", ""} {
					form := url.Values{"action": {action}, "reply": {id(public)}, "everywhere": {everywhere}}
					who.post(conversation, form).want(t, name+" "+action+" everywhere="+everywhere, http.StatusNotFound)
				}
			}
			if page.has("Block @far") {
				t.Errorf("%s is offered a block", name)
			}
		}
		if list := who.get("/posts"); list.has("Day one") || list.has("Unfinished") {
			t.Errorf("%s finds another's articles among their own", name)
		}
	}
	if after := everything(t, a); after != before {
		t.Errorf("something changed:\n%s\n%s", before, after)
	}
	for _, name := range []string{"editor", "owner"} {
		for _, action := range []string{"hide", "show"} {
			others[name].post(conversation, url.Values{"action": {action}, "reply": {id(public)}}).wantRedirect(t, name+" "+action, http.StatusSeeOther, conversation+"?notice=")
		}
	}
}

// An owner who looks after somebody else's conversation blocks for the whole instance.
func TestAnOwnersBlockUnderAnothersArticleIsEverybodys(t *testing.T) {
	t.Parallel()
	a := newTestApp(t)
	gwen, boss := a.person("gwen", models.RoleAuthor), a.person("boss", models.RoleOwner)
	article := gwen.article("Day one")
	reply := a.reply(a.stranger("far", "far.example"), article, "public words")
	conversation := "/write/" + *article.PublicID + "/conversation"
	boss.post(conversation, url.Values{"action": {"block-account"}, "reply": {id(reply)}}).wantRedirect(t, "block", http.StatusSeeOther, conversation+"?notice=")
	if page := a.nobody().get("/@gwen/day-one"); page.has("public words") {
		t.Error("the reply still stands")
	}
	if page := gwen.get("/blocks"); page.has("far.example") {
		t.Error("the block is gwen's")
	}
	if page := boss.get("/blocks"); !page.has("@far@far.example") {
		t.Error("the block is nobody's")
	}
}

func TestStatuses(t *testing.T) {
	t.Parallel()
	tests := []struct {
		err  error
		want int
	}{
		{errors.New("anything"), 500}, {models.ErrNotFound, 404}, {account.ErrSetupOver, 404}, {models.ErrConflict, 409}, {account.ErrLastOwner, 409},
		{models.ErrBusy, 503}, {models.ErrFull, 503}, {context.DeadlineExceeded, 503}, {errMethod, 405}, {errCrossOrigin, 403},
		{errBadRequest, 400}, {&models.InvalidError{}, 422}, {&http.MaxBytesError{}, 413}, {&activitypub.GoneError{}, 410},
		{&activitypub.Refusal{Status: 401}, 401}, {&account.ThrottledError{}, 429},
	}
	for _, tt := range tests {
		if got := status(errors.Join(errors.New("around"), tt.err)); got != tt.want {
			t.Errorf("status(%v) = %d, want %d", tt.err, got, tt.want)
		}
	}
}

func TestTheServersHandleIsNobodyElses(t *testing.T) {
	t.Parallel()
	if account.InstanceHandle != activitypub.InstanceHandle {
		t.Errorf("account keeps %q free, the server's actor is %q", account.InstanceHandle, activitypub.InstanceHandle)
	}
}
