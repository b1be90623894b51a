package handlers

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"html"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"confnotes/activitypub"
	"confnotes/activitypub/doctor"
	"confnotes/activitypub/fetch"
	"confnotes/activitypub/signature"
	"confnotes/internal/account"
	"confnotes/internal/card"
	"confnotes/internal/draft"
	"confnotes/internal/i18n"
	"confnotes/internal/introduce"
	"confnotes/internal/media"
	"confnotes/internal/moderation"
	"confnotes/internal/picture"
	"confnotes/internal/programme"
	"confnotes/internal/replica"
	"confnotes/internal/talklink"
	"confnotes/models"
	"confnotes/models/modelstest"
	"confnotes/static"
	"confnotes/templates"
)

const password = "correct horse battery"

var noon = time.Date(2026, 6, 11, 12, 0, 0, 0, time.UTC)

// options are what a host decides.
type options struct {
	baseURL   string
	domain    string // that stands in handles, if it is another
	proxies   []netip.Prefix
	federated bool // asks servers on loopback
}

// app is the whole server over a new database, wired as cmd/confnotes does it, but for
// a clock that tests set. Federation is off unless the options say otherwise.
type app struct {
	t       testing.TB
	server  *Server
	handler http.Handler
	log     *lockedBuffer
	client  *fetch.Client
	data    string // folder

	mu  sync.Mutex
	now time.Time
}

func newTestApp(t testing.TB) *app {
	return newTestAppWith(t, options{baseURL: "https://notes.example"})
}

func newTestAppWith(t testing.TB, o options) *app {
	t.Helper()
	store, dir := modelstest.Open(t)
	a := &app{t: t, now: noon, log: &lockedBuffer{}}
	log := slog.New(slog.NewTextHandler(a.log, nil))
	iris, err := activitypub.NewIRIs(o.baseURL, o.domain)
	fatal(t, err)
	client := fetch.New(fetch.Options{UserAgent: "test", Off: !o.federated, AllowHTTP: o.federated, AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, SignAs: activitypub.InstanceKeys(store, iris), Now: a.clock})
	drafts, accounts := draft.NewService(a.clock), account.NewService(store, testKeys, a.clock)
	resolver := activitypub.NewResolver(store, iris, client, a.clock)
	outbox := activitypub.NewOutbox(store, iris, resolver, drafts, log, a.clock, func() {})
	fatal(t, accounts.EnsureInstanceActor(context.Background(), activitypub.InstanceHandle))
	look, err := onceLook()
	fatal(t, err)
	folder, err := media.OpenFolder(filepath.Join(dir, "media", "pictures"))
	fatal(t, err)
	cards, err := card.NewPrinter()
	fatal(t, err)
	pictures := picture.NewService(store, folder, log, a.clock)
	copiesFolder, err := media.OpenFolder(filepath.Join(dir, "media", "copies"))
	fatal(t, err)
	copies := replica.NewService(store, pictures.Processor(), copiesFolder, replica.DefaultLimits, log, a.clock)
	deps := Deps{Store: store, IRIs: iris, Documents: activitypub.NewDocuments(store, iris), Outbox: outbox, Drafts: drafts, Accounts: accounts, Introductions: introduce.NewService(store, a.clock),
		Inbox: activitypub.NewInbox(store, iris, resolver, outbox, log, a.clock), Moderation: moderation.NewService(store), TalkLinks: talklink.NewService(store, a.clock), Resolver: resolver, Pictures: pictures, Copies: copies, Cards: cards, Programmes: programme.NewService(store, testKeys, client, log, a.clock), Doctor: doctor.New(store, iris, client, resolver, dir, a.clock),
		Templates: look.pages, Catalogue: look.catalogue, Assets: look.assets, Log: log, Version: "test", Proxies: o.proxies, Now: a.clock}
	a.client, a.data = client, dir
	a.server = &Server{Deps: deps, lookups: newLookups()}
	router, err := a.server.router()
	fatal(t, err)
	a.handler = a.server.outer(router)
	return a
}

// onceLook reads what never changes once for all: it takes longer than most tests.
var onceLook = sync.OnceValues(func() (l struct {
	catalogue *i18n.Catalogue
	assets    *static.Assets
	pages     *templates.Templates
}, err error) {
	if l.catalogue, err = i18n.Load(); err != nil {
		return l, err
	}
	if l.assets, err = static.New(); err != nil {
		return l, err
	}
	l.pages, err = templates.New(l.catalogue, l.assets.URL)
	return l, err
})

func fatal(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (a *app) clock() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.now = a.now.Add(time.Millisecond)
	return a.now
}

func (a *app) wait(d time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.now = a.now.Add(d)
}

// testKey makes one key for all: making one takes longer than most tests.
var onceKey = sync.OnceValues(signature.GenerateKey)

func testKeys() ([]*models.ActorKey, error) {
	key, err := onceKey()
	if err != nil {
		return nil, err
	}
	private, err := signature.EncodePrivateKey(key)
	if err != nil {
		return nil, err
	}
	public, err := signature.EncodePublicKey(&key.PublicKey)
	return []*models.ActorKey{{Algorithm: models.KeyRSA, PublicPEM: public, PrivatePEM: private}}, err
}

// person is an account that writes, with a session of theirs.
type person struct {
	*browser
	*models.Account
}

// person adds an account without the time that hashing a password takes: its session
// is stored, not signed in for. Its password hash is a real one where sign-in matters.
func (a *app) person(handle, role string) *person {
	a.t.Helper()
	keys, err := testKeys()
	fatal(a.t, err)
	actor := &models.Actor{Kind: "Person", Handle: handle, Name: strings.ToUpper(handle), CreatedAt: noon}
	p := &person{&browser{app: a, cookie: "token-of-" + handle}, &models.Account{Actor: actor, Role: role, CreatedAt: noon}}
	sum := sha256.Sum256([]byte(p.cookie))
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		if err := tx.Actors.CreateLocal(ctx, actor, keys...); err != nil {
			return err
		}
		p.ActorID = actor.ID
		if err := tx.Accounts.Create(ctx, p.Account); err != nil {
			return err
		}
		return tx.Sessions.Create(ctx, &models.Session{TokenHash: hex.EncodeToString(sum[:]), AccountID: p.ID, CreatedAt: noon, ExpiresAt: a.clock().Add(account.SessionLife)})
	})
	return p
}

// withPassword gives a person the password that tests sign in with.
func (p *person) withPassword() *person {
	p.app.t.Helper()
	fatal(p.app.t, p.app.server.Accounts.SetPassword(context.Background(), p.Account, password, p.cookie))
	return p
}

func (a *app) inTx(f func(ctx context.Context, tx *models.Store) error) {
	a.t.Helper()
	ctx := context.Background()
	fatal(a.t, a.server.Store.InTx(ctx, func(tx *models.Store) error { return f(ctx, tx) }))
}

// article publishes a person's article.
func (p *person) article(title string) *models.Post {
	p.app.t.Helper()
	in := draft.Input{Account: p.Account, ClientID: models.NewPublicID(), Text: models.RevisionText{Language: "en", Title: title, Source: "Text of **" + title + "**", Tags: "Go"}}
	done, err := p.app.server.Outbox.Publish(context.Background(), in, time.Time{})
	fatal(p.app.t, err)
	return done.Post
}

// draft saves a person's draft.
func (p *person) draft(title string) *models.Post {
	p.app.t.Helper()
	in := draft.Input{Account: p.Account, ClientID: models.NewPublicID(), Text: models.RevisionText{Language: "en", Title: title, Source: "Text"}}
	var post *models.Post
	p.app.inTx(func(ctx context.Context, tx *models.Store) (err error) {
		post, _, err = p.app.server.Drafts.Save(ctx, tx, in)
		return err
	})
	return post
}

// stranger stores a remote actor.
func (a *app) stranger(handle, host string) *models.Actor {
	a.t.Helper()
	uri := "https://" + host + "/users/" + handle
	actor := &models.Actor{URI: &uri, Kind: "Person", Handle: handle, Domain: host, URL: uri, Inbox: uri + "/inbox", FollowersURI: uri + "/followers", CreatedAt: noon, FetchedAt: &noon}
	a.inTx(func(ctx context.Context, tx *models.Store) error { return tx.Actors.SaveRemote(ctx, actor) })
	return actor
}

// reply stores a reply to an article, sent to recipients alone if there are any.
func (a *app) reply(by *models.Actor, article *models.Post, words string, recipients ...int64) *models.Post {
	a.t.Helper()
	uri, at := fmt.Sprintf("https://%s/notes/%s", by.Domain, models.NewPublicID()), a.clock()
	p := &models.Post{URI: &uri, URL: uri, Type: "Note", Kind: models.KindReply, ActorID: by.ID, State: models.PostPublished, Visibility: models.VisibilityPublic,
		InReplyToID: &article.ID, RootID: &article.ID, HTML: "<p>" + words + "</p>", CreatedAt: at, PublishedAt: &at, SavedAt: &at}
	if len(recipients) > 0 {
		p.Visibility = models.VisibilityDirect
	}
	a.inTx(func(ctx context.Context, tx *models.Store) error {
		if err := tx.Posts.Create(ctx, p); err != nil {
			return err
		}
		return tx.Posts.SetRecipients(ctx, p.ID, recipients)
	})
	return p
}

// browser sends requests as a browser does that has a session's cookie, or none.
type browser struct {
	app    *app
	cookie string
}

// nobody is a reader without a session.
func (a *app) nobody() *browser { return &browser{app: a} }

func (b *browser) get(path string, header ...string) *response {
	return b.send(http.MethodGet, path, "", header...)
}

func (b *browser) post(path string, form url.Values, header ...string) *response {
	header = append([]string{"Content-Type", "application/x-www-form-urlencoded", "Sec-Fetch-Site", "same-origin"}, header...)
	return b.send(http.MethodPost, path, form.Encode(), header...)
}

// send makes a request; header is names and values in turn.
func (b *browser) send(method, path, body string, header ...string) *response {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host, r.RemoteAddr = b.app.server.IRIs.Host(), "198.51.100.7:1234"
	if b.cookie != "" {
		r.AddCookie(&http.Cookie{Name: b.app.server.cookieName(), Value: b.cookie})
	}
	for i := 0; i+1 < len(header); i += 2 {
		switch header[i] {
		case "RemoteAddr":
			r.RemoteAddr = header[i+1]
		default:
			r.Header.Set(header[i], header[i+1])
		}
	}
	return b.app.serve(r)
}

func (a *app) serve(r *http.Request) *response {
	rec := httptest.NewRecorder()
	a.handler.ServeHTTP(rec, r)
	return &response{rec, rec.Body.String()}
}

// response is what came back, its body kept for several looks.
type response struct {
	*httptest.ResponseRecorder
	body string
}

func (r *response) header(name string) string { return r.Result().Header.Get(name) }

// has says whether the page shows a text, however it is escaped.
func (r *response) has(text string) bool { return strings.Contains(html.UnescapeString(r.body), text) }

func (r *response) want(t testing.TB, what string, code int) *response {
	t.Helper()
	if r.Code != code {
		t.Errorf("%s: status %d, want %d; body:\n%.600s", what, r.Code, code, r.body)
	}
	return r
}

func (r *response) wantRedirect(t testing.TB, what string, code int, to string) *response {
	t.Helper()
	if got := r.header("Location"); r.Code != code || !strings.HasPrefix(got, to) || to == "" {
		t.Errorf("%s: status %d to %q, want %d to %q…", what, r.Code, got, code, to)
	}
	return r
}

// form returns the values of the controls of a page that are named, hidden ones too.
func (r *response) form() url.Values { return controls(r.body) }

// lockedBuffer takes the log of several requests at once.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
