package handlers

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"confnotes/activitypub"
	"confnotes/activitypub/vocab"
	"confnotes/internal/replica"
	"confnotes/models"
)

// answer is what the table of routes speaks of.
type answer struct {
	code                      int
	kind, cache, policy, also string
	vary                      []string // without Accept-Encoding, which length alone decides
	cookie                    string
	body                      string
}

// observation is what every viewer got of a route.
type observation struct {
	browser, server map[string]answer
	others          []string // viewers that this route alone has
	faults          []string // what no row can excuse
}

// world is an instance with something at every route.
type world struct {
	*app
	gwen           *person
	who            map[string]*person // without nobody
	article, draft *models.Post       // gwen's
	private        *models.Post       // a reply for gwen's eyes alone
	tides          *models.Talk       // of a conference
	paths          map[string]string
	setup          string
}

func newWorld(t testing.TB, r route) *world {
	o := options{baseURL: "https://notes.example"}
	if r.path == "/remote" {
		o = options{baseURL: "http://notes.example", federated: true} // a reader's server, on loopback, speaks http
	}
	a := newTestAppWith(t, o)
	w := &world{app: a, who: map[string]*person{}}
	if strings.HasPrefix(r.path, "/setup") { // which is only there before anything else is
		var err error
		w.setup, err = a.server.Accounts.SetupLink(t.Context())
		fatal(t, err)
		return w
	}
	w.gwen = a.person("gwen", models.RoleAuthor)
	w.who = map[string]*person{"gwen": w.gwen, "another author": a.person("alix", models.RoleAuthor),
		"an editor": a.person("edit", models.RoleEditor), "the owner": a.person("boss", models.RoleOwner)}
	w.article = w.gwen.article("Day one")
	w.draft = w.gwen.draft("Unfinished")
	far := a.stranger("far", "far.example")
	a.face(far)
	copies, err := a.server.Store.Media.Avatars(t.Context(), []int64{far.ID})
	fatal(t, err)
	w.private = a.reply(far, w.article, "For your eyes only", w.gwen.ActorID)
	done, err := a.server.Outbox.Answer(t.Context(), activitypub.Answer{Account: w.gwen.Account, To: w.article, ClientID: models.NewPublicID(), Source: "An answer", Language: "en"})
	fatal(t, err)
	created, err := a.server.Store.Activities.Latest(t.Context(), w.gwen.ActorID, "Create", a.server.IRIs.Article(*w.article.PublicID))
	fatal(t, err)
	quote := &models.Quote{PostID: w.article.ID, ActorID: far.ID, URI: *far.URI + "/notes/1", Excerpt: "Read this", State: models.QuoteGranted, CreatedAt: noon}
	a.inTx(func(ctx context.Context, tx *models.Store) error { return tx.Quotes.Put(ctx, quote) })
	picture := w.gwen.upload("/media", nil, "x.jpg", photo(t, 400, 300)).added(t).URL
	event := a.kormoran()
	w.tides = event.talks[tides]
	event.note(w.gwen, "On tides", w.tides, "")
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		return tx.Conferences.SetManager(ctx, event.ActorID, w.gwen.ID, models.ManagerOwner)
	})
	w.paths = map[string]string{
		"/conferences/{handle}/edit": "/conferences/kormoran2026/edit", "/conferences/{handle}/import": "/conferences/kormoran2026/import",
		"/conferences/{handle}/import/progress": "/conferences/kormoran2026/import/progress?file=x", "/conferences/{handle}/new-talk": "/conferences/kormoran2026/new-talk", "/conferences/{handle}/talks/{slug}/edit": "/conferences/kormoran2026/talks/" + w.tides.Slug + "/edit",
		"/conferences/{handle}": "/conferences/kormoran2026", "/conferences/{handle}/{day}": day11, "/conferences/{handle}/speakers": "/conferences/kormoran2026/speakers",
		"/conferences/{handle}/speakers/{slug}": "/conferences/kormoran2026/speakers/speaker-0", "/conferences/{handle}/talks/{slug}": "/conferences/kormoran2026/talks/" + w.tides.Slug,
		"/talk-links/{talk}":             talkLinksURL(w.tides),
		"/conferences/{handle}/feed.rss": "/conferences/kormoran2026/feed.rss", "/conferences/{handle}/feed.atom": "/conferences/kormoran2026/feed.atom", "/conferences/{handle}/feed.json": "/conferences/kormoran2026/feed.json",
		"/media/copies/{id}/{file}": "/media/copies/" + copies[far.ID].PublicID + "/" + replica.File(copies[far.ID]),
		"/static/":                  a.server.Assets.URL("look.css"), "/media/{id}/{file}": strings.TrimPrefix(picture, a.server.IRIs.Base()),
		"/notes/{id}": "/notes/" + *done.Post.PublicID, "/activities/{id}": "/activities/" + created.PublicID, "/quotes/{id}": "/quotes/" + quote.PublicID,
		"/users/{handle}/event": "/users/kormoran2026/event", "/talks/{id}": "/talks/" + w.tides.PublicID, "/coverage/{handle}": "/coverage/kormoran2026",
		"/followers/{handle}":    "/followers/kormoran2026",
		"/answer/{post}":         answerURL(w.private.ID),
		"/.well-known/webfinger": "/.well-known/webfinger?resource=acct:gwen@notes.example",
		"/oembed":                "/oembed?url=" + url.QueryEscape(a.server.IRIs.ArticlePage("gwen", "day-one")),
		"/authorize_interaction": "/authorize_interaction?uri=" + url.QueryEscape(a.server.IRIs.Article(*w.article.PublicID)),
	}
	w.paths["/plan/{handle}"], w.paths["/plan/feed/{token}.ics"] = "/plan/kormoran2026", a.planned("kormoran2026", w.gwen)
	w.paths["/recap/new"] = "/recap/new?conference=kormoran2026&day=2026-06-11"
	for route, page := range map[string]string{"/cards/articles/{id}.{hash}.png": "/@gwen/day-one", "/cards/people/{handle}.{hash}.png": "/@gwen",
		"/cards/tags/{tag}.{hash}.png": "/tags/go", "/cards/home.{hash}.png": "/",
		"/cards/conferences/{handle}.{hash}.png": "/conferences/kormoran2026", "/cards/talks/{id}.{hash}.png": "/conferences/kormoran2026/talks/" + w.tides.Slug} {
		w.paths[route] = regexp.MustCompile(`/cards/[^"]+`).FindString(a.nobody().get(page).body)
	}
	return w
}

// at is where a route stands in this world.
func (w *world) at(r route) string {
	if path, ok := w.paths[r.path]; ok {
		return path
	}
	if w.article == nil {
		return r.path
	}
	return r.at(w.article)
}

// forms are what a browser sends to each route that takes one, filled in rightly.
var forms = map[string]func(w *world, by *person) url.Values{
	"/write": func(*world, *person) url.Values {
		return url.Values{"action": {"save"}, "client_id": {models.NewPublicID()}, "language": {"en"}, "title": {"A title"}, "source": {"Words."}}
	},
	"/write/{id}": func(w *world, _ *person) url.Values {
		return url.Values{"action": {"save"}, "client_id": {*w.article.ClientID}, "version": {"1"}, "language": {"en"}, "title": {"A title"}, "source": {"Words."}}
	},
	"/write/{id}/conversation": func(w *world, _ *person) url.Values {
		public := w.reply(w.stranger("near", "near.example"), w.article, "For all")
		return url.Values{"action": {"hide"}, "reply": {id(public)}}
	},
	"/posts": func(_ *world, by *person) url.Values {
		return url.Values{"action": {"pin"}, "post": {*by.article("To be pinned").PublicID}}
	},
	"/settings/profile": func(*world, *person) url.Values {
		return url.Values{"field-0-label": {"Site"}, "field-0-value": {"https://gwen.example"}, "tags": {"go"}, "domains": {"blog.example"}}
	},
	"/write/{id}/deliveries": func(*world, *person) url.Values { return url.Values{"action": {"again-all"}} },
	"/answer/{post}":         func(*world, *person) url.Values { return url.Values{"action": {"like"}} },
	"/talk-links/{talk}": func(*world, *person) url.Values {
		return url.Values{"action": {"add"}, "type": {"slides"}, "url": {"https://slides.example/tides.pdf"}}
	},
	"/conferences/{handle}/new-talk": func(*world, *person) url.Values {
		return url.Values{"client_id": {models.NewPublicID()}, "title": {"Hallway track"}, "kind": {"bof"}, "start": {"2026-06-11T18:00"}, "end": {"2026-06-11T19:00"}}
	},
	"/conferences/{handle}/talks/{slug}/edit": func(*world, *person) url.Values { return url.Values{"action": {"remove"}} },
	"/notifications":      func(*world, *person) url.Values { return url.Values{"newest": {"1"}} },
	"/held":               func(*world, *person) url.Values { return url.Values{"action": {"release-all"}, "last": {"1"}} },
	"/settings":           func(*world, *person) url.Values { return url.Values{"name": {"Gwen"}, "language": {"en"}} },
	"/settings/following": func(*world, *person) url.Values { return url.Values{"approve": {"yes"}} },
	"/followers":          func(*world, *person) url.Values { return url.Values{"action": {"remove"}, "follow": {"1"}} },
	"/followers/{handle}": func(*world, *person) url.Values { return url.Values{"action": {"remove"}, "follow": {"1"}} },
	"/settings/health":    func(*world, *person) url.Values { return url.Values{} },
	"/settings/face":      func(*world, *person) url.Values { return url.Values{"action": {"remove"}} },
	"/coverage/{handle}":  func(*world, *person) url.Values { return url.Values{"action": {"hide"}, "post": {"1"}} },
	"/plan/{handle}":      func(*world, *person) url.Values { return url.Values{"action": {"drafts"}} },
	"/settings/move":      func(*world, *person) url.Values { return url.Values{"action": {"back"}} },
	"/settings/password": func(_ *world, by *person) url.Values {
		by.withPassword()
		return url.Values{"current": {password}, "password": {password + "!"}}
	},
	"/sign-in": func(w *world, _ *person) url.Values {
		w.gwen.withPassword()
		return url.Values{"handle": {"gwen"}, "password": {password}}
	},
	"/sign-out": func(*world, *person) url.Values { return url.Values{} },
	"/setup": func(w *world, _ *person) url.Values {
		return url.Values{"site_name": {"Notes"}, "site_language": {"en"}, "handle": {"gwen"}, "name": {"Gwen"}, "password": {password}}
	},
	"/following": func(*world, *person) url.Values {
		return url.Values{"action": {"follow"}, "account": {"@kormoran2026@notes.example"}}
	},
	"/blocks": func(w *world, by *person) url.Values {
		block := &models.Block{AccountID: by.ID, Domain: fmt.Sprintf("host-%d.example", w.clock().UnixNano()), CreatedAt: noon}
		w.inTx(func(ctx context.Context, tx *models.Store) error { return tx.Blocks.Add(ctx, block) })
		return url.Values{"action": {"unblock"}, "block": {fmt.Sprint(block.ID)}}
	},
	"/reports": func(w *world, by *person) url.Values {
		report := &models.Report{ActorID: w.stranger("m", fmt.Sprintf("m-%d.example", w.clock().UnixNano())).ID, TargetID: w.gwen.ActorID, CreatedAt: noon}
		w.inTx(func(ctx context.Context, tx *models.Store) error { return tx.Reports.Add(ctx, report) })
		return url.Values{"action": {"resolve"}, "report": {fmt.Sprint(report.ID)}}
	},
	"/conferences/new": func(_ *world, by *person) url.Values {
		return url.Values{"action": {"save"}, "handle": {"conf_of_" + by.Actor.Handle}, "name": {"A conference"}, "zone": {"Europe/Paris"}, "start": {"2026-06-11"}}
	},
	"/conferences/{handle}/edit": func(*world, *person) url.Values {
		return url.Values{"name": {"Another name"}, "zone": {"Europe/Paris"}, "start": {"2026-06-11"}}
	},
	"/conferences/{handle}/import": func(w *world, by *person) url.Values {
		return url.Values{"action": {"apply"}, "token": {w.keptSchedule(by, "frab-schedule-v1.xml")}}
	},
	"/remote": func(w *world, _ *person) url.Values {
		peer := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			rw.Header().Set("Content-Type", "application/jrd+json")
			_, _ = rw.Write([]byte(`{"subject":"acct:me@there","links":[{"rel":"http://ostatus.org/schema/1.0/subscribe","template":"https://there.example/authorize?uri={uri}"}]}`))
		}))
		w.t.Cleanup(peer.Close)
		return url.Values{"account": {"@me@" + strings.TrimPrefix(peer.URL, "http://")}, "object": {w.server.IRIs.Actor("gwen")}}
	},
}

// observe asks every route as everybody, a browser and a server.
func observe(t testing.TB) map[route]observation {
	t.Helper()
	seen := map[route]observation{}
	pages := newWorld(t, route{"GET HEAD", "/"})
	for _, r := range routes(t, pages.server) {
		switch {
		case r.method() == http.MethodPost:
			seen[r] = newWorld(t, r).observeForm(r)
		case r.path == "/setup":
			seen[r] = newWorld(t, r).observePage(r)
		default:
			seen[r] = pages.observePage(r)
		}
	}
	return seen
}

// observePage asks a route that changes nothing.
func (w *world) observePage(r route) observation {
	o := observation{browser: map[string]answer{}, server: map[string]answer{}}
	path := w.at(r)
	if strings.ContainsAny(path, "{}") {
		o.fault("no test knows what stands at %s: say it in at() in access_test.go, or in newWorld", path)
	}
	if w.setup != "" {
		o.others = []string{"a link's holder"}
	}
	for _, name := range slices.Concat(viewers, o.others) {
		if name == "a link's holder" {
			path += "?token=" + w.setup
		}
		b := w.browser(name)
		o.browser[name], o.server[name] = o.answer(name, b.get(path, "Accept", firefox)), o.answer(name, b.get(path, "Accept", mastodon))
		if h := o.answer(name, b.send(http.MethodHead, path, "", "Accept", firefox)); !sameHead(h, o.browser[name]) {
			o.fault("%s: HEAD answers otherwise than GET: %+v", name, h)
		}
	}
	w.lookForWhatIsNotThere(r, &o)
	return o
}

// oldHash is of a card as it was once: it leads to today's, where there is one.
const oldHash = "0123456789abcdef"

// lookForWhatIsNotThere asks for what never was: nobody keeps that it wasn't, and what
// only its author sees is answered alike.
func (w *world) lookForWhatIsNotThere(r route, o *observation) {
	absent := variable.ReplaceAllString(strings.ReplaceAll(r.path, "{hash}", oldHash), "absent")
	if r.path == "/static/" {
		absent = "/static/absent.css"
	}
	if absent == strings.ReplaceAll(r.path, "{hash}", oldHash) || w.article == nil {
		return
	}
	for _, accept := range []string{firefox, mastodon} {
		got := o.answer("gwen, of what is absent", w.gwen.get(absent, "Accept", accept))
		if got.code != http.StatusNotFound || got.cache != "private, no-store" && got.cache != "no-store" || got.cookie != "–" {
			o.fault("what is absent is answered with %d, Cache-Control %q, cookie %s", got.code, got.cache, got.cookie)
		}
		never := o.answer("nobody, of what is absent", w.nobody().get(absent, "Accept", accept))
		hidden := o.answer("nobody, of a draft", w.nobody().get(r.at(w.draft), "Accept", accept))
		if strings.Contains(r.path, "{id}") && !strings.HasPrefix(r.path, "/media/") && (hidden.code != never.code || hidden.cache != never.cache || hidden.kind != never.kind) {
			o.fault("a draft is answered with %d, what is absent with %d", hidden.code, never.code)
		}
	}
}

func sameHead(head, get answer) bool {
	return head.code == get.code && head.kind == get.kind && head.cache == get.cache && head.policy == get.policy && head.cookie == get.cookie && head.also == get.also
}

// observeForm sends a form as everybody.
func (w *world) observeForm(r route) observation {
	o := observation{browser: map[string]answer{}}
	form, ok := forms[r.path]
	switch {
	case strings.HasSuffix(r.path, "/inbox"):
		o.others = []string{"a server"}
	case r.path == "/setup":
		o.others = []string{"a link's holder"}
	case !ok && r.path != "/media":
		o.fault("no test knows what a browser sends: give forms in routes_world_test.go what is right for %s", r.path)
	}
	for _, name := range slices.Concat(viewers, o.others) {
		o.browser[name] = o.answer(name, w.post(r, name, form))
	}
	o.server = o.browser
	return o
}

func (w *world) post(r route, name string, form func(*world, *person) url.Values) *response {
	b := w.browser(name)
	switch {
	case name == "a server":
		return w.sendSigned(w.at(r))
	case strings.HasSuffix(r.path, "/inbox"):
		return b.send(http.MethodPost, w.at(r), `{"type":"Like"}`, "Content-Type", vocab.ContentType)
	case r.path == "/media":
		return b.upload("/media", nil, "x.jpg", photo(w.t, 40, 30))
	case form == nil:
		return b.post(w.at(r), nil, "Accept", firefox)
	}
	by := w.who[name]
	if by == nil {
		by = w.gwen
	}
	values := form(w, by)
	if name == "a link's holder" {
		values.Set("token", w.setup)
	}
	return b.post(w.at(r), values, "Accept", firefox)
}

func (w *world) browser(name string) *browser {
	if p := w.who[name]; p != nil {
		return p.browser
	}
	return w.nobody()
}

// sendSigned has a server send a Like of gwen's article.
func (w *world) sendSigned(path string) *response {
	by := w.signer("signer")
	return by.post(path, by.does("Like", w.server.IRIs.Article(*w.article.PublicID)))
}

func (o *observation) fault(format string, args ...any) {
	o.faults = append(o.faults, fmt.Sprintf(format, args...))
}

// answer reads a response, and what every one has to have.
func (o *observation) answer(who string, r *response) answer {
	a := answer{code: r.Code, cache: r.header("Cache-Control"), policy: r.header("Content-Security-Policy"), cookie: cookieOf(r), also: "–", body: r.body}
	kind, params, err := mime.ParseMediaType(r.header("Content-Type"))
	if redirects := r.Code >= 300 && r.Code < 400; !redirects { // net/http gives a redirect a line of HTML
		a.kind = kind
	}
	if r.body != "" && (err != nil || strings.HasPrefix(kind, "text/") && params["charset"] != "utf-8") {
		o.fault("%s: Content-Type %q", who, r.header("Content-Type"))
	}
	if r.header("X-Content-Type-Options") != "nosniff" {
		o.fault("%s: X-Content-Type-Options %q", who, r.header("X-Content-Type-Options"))
	}
	if origin := r.header("Access-Control-Allow-Origin"); origin != "" {
		a.also = "Access-Control-Allow-Origin: " + origin
	}
	for _, v := range strings.Split(strings.Join(r.Result().Header.Values("Vary"), ","), ",") {
		if v = strings.TrimSpace(v); v != "" && v != "Accept-Encoding" && !slices.Contains(a.vary, v) {
			a.vary = append(a.vary, v)
		}
	}
	if keeps := strings.HasPrefix(a.cache, "public"); keeps && a.cookie != "–" {
		o.fault("%s: a cookie with an answer that caches keep", who)
	}
	return a
}

// cookieOf is what a response does to cookies: sets one, ends it, or nothing.
func cookieOf(r *response) string {
	said := "–"
	for _, c := range r.Result().Cookies() {
		said = c.Name
		if c.MaxAge < 0 {
			said += " ended"
		}
	}
	return said
}
