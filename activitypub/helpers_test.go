package activitypub

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rsa"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"confnotes/activitypub/fetch"
	"confnotes/activitypub/signature"
	"confnotes/internal/draft"
	"confnotes/internal/introduce"
	"confnotes/internal/media"
	"confnotes/internal/replica"
	"confnotes/models"
	"confnotes/models/modelstest"
)

// clock stands still until it is moved.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

// site is a server of ours with everything below HTTP, on a database of its own.
type site struct {
	t        testing.TB
	store    *models.Store
	raw      *sql.DB // another look at the same file
	clock    *clock
	iris     *IRIs
	client   *fetch.Client
	resolver *Resolver
	docs     *Documents
	outbox   *Outbox
	inbox    *Inbox
	errands  *Errands
	courier  *Courier
	copies   *replica.Service

	mu    sync.Mutex
	heard map[string][]string // Signature-Input of what came over HTTP, by method
}

const ourBase = "https://notes.example"

func newSite(t testing.TB) *site { return newSiteAt(t, ourBase) }

// newSiteAt makes a site with another base URL: on http it looks people up on http.
func newSiteAt(t testing.TB, base string) *site {
	t.Helper()
	store, dir := modelstest.Open(t)
	s := &site{store: store, t: t, clock: &clock{at: time.Date(2026, 6, 11, 18, 30, 0, 0, time.UTC)}, heard: map[string][]string{}}
	var err error
	s.raw, err = sql.Open("sqlite3", "file:"+filepath.Join(dir, models.DatabaseFile)+"?_busy_timeout=5000")
	s.must(err)
	t.Cleanup(func() { _ = s.raw.Close() })
	s.iris, err = NewIRIs(base, "")
	s.must(err)
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	s.client = fetch.New(fetch.Options{UserAgent: "confnotes/test", AllowHTTP: true, Now: s.clock.now,
		AllowNetworks: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, SignAs: InstanceKeys(s.store, s.iris)})
	t.Cleanup(s.client.Close)
	s.resolver = NewResolver(s.store, s.iris, s.client, s.clock.now)
	s.docs = NewDocuments(s.store, s.iris)
	s.courier = NewCourier(s.store, s.iris, s.client, log, s.clock.now)
	s.outbox = NewOutbox(s.store, s.iris, s.resolver, draft.NewService(s.clock.now), log, s.clock.now, s.courier.Wake)
	s.inbox = NewInbox(s.store, s.iris, s.resolver, s.outbox, log, s.clock.now)
	folder, err := media.OpenFolder(filepath.Join(dir, "copies"))
	s.must(err)
	s.copies = replica.NewService(s.store, media.NewProcessor(), folder, replica.Limits{Bytes: 10_000, Unused: 28 * 24 * time.Hour}, log, s.clock.now)
	s.errands = NewErrands(s.store, s.inbox, s.resolver, s.client, s.copies, log, s.clock.now)
	s.localActor(&models.Actor{Kind: "Application", Handle: InstanceHandle})
	return s
}

func (s *site) ctx() context.Context { return s.t.Context() }

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) inTx(f func(tx *models.Store) error) {
	s.t.Helper()
	s.must(s.store.InTx(s.ctx(), f))
}

// runErrands runs the jobs that are due.
func (s *site) runErrands() {
	s.t.Helper()
	s.must(s.errands.round(s.ctx(), wordLane))
	s.must(s.errands.round(s.ctx(), replica.Lane))
	s.must(s.errands.round(s.ctx(), introduce.Lane))
}

// testKey is a key pair: making one takes tens of milliseconds, so tests share a few. The
// Ed25519 key beside it is the same in every run, as it stands in golden files.
type testKey struct {
	private         *rsa.PrivateKey
	public, secrets string
	ed25519         ed25519.PrivateKey
}

// rows are the pair and the key as one of ours has them.
func (k testKey) rows(t testing.TB) []*models.ActorKey {
	t.Helper()
	secret, err := signature.EncodePrivateKey(k.ed25519)
	if err != nil {
		t.Fatal(err)
	}
	public, err := signature.EncodePublicKey(k.ed25519.Public())
	if err != nil {
		t.Fatal(err)
	}
	return []*models.ActorKey{{Algorithm: models.KeyRSA, PublicPEM: k.public, PrivatePEM: k.secrets},
		{Algorithm: models.KeyEd25519, PublicPEM: public, PrivatePEM: secret}}
}

var testKeys = sync.OnceValue(func() []testKey {
	keys := make([]testKey, 3)
	for i := range keys {
		private, err := signature.GenerateKey()
		if err != nil {
			panic(err)
		}
		public, err1 := signature.EncodePublicKey(&private.PublicKey)
		secret, err2 := signature.EncodePrivateKey(private)
		if err1 != nil || err2 != nil {
			panic(fmt.Sprint(err1, err2))
		}
		keys[i] = testKey{private, public, secret, ed25519.NewKeyFromSeed(bytes.Repeat([]byte{byte(i)}, ed25519.SeedSize))}
	}
	return keys
})

func (s *site) localActor(a *models.Actor) *models.Actor {
	s.t.Helper()
	a.CreatedAt = s.clock.now()
	s.inTx(func(tx *models.Store) error {
		return tx.Actors.CreateLocal(s.ctx(), a, testKeys()[0].rows(s.t)...)
	})
	return a
}

// person makes somebody who writes here.
func (s *site) person(handle, role string) *models.Account {
	s.t.Helper()
	actor := s.localActor(&models.Actor{Kind: "Person", Handle: handle, Name: strings.ToUpper(handle[:1]) + handle[1:], Discoverable: true})
	a := &models.Account{ActorID: actor.ID, Actor: actor, PasswordHash: "-", Role: role, CreatedAt: s.clock.now()}
	s.inTx(func(tx *models.Store) error { return tx.Accounts.Create(s.ctx(), a) })
	return a
}

// text is something to publish.
func text(title, source string) models.RevisionText {
	return models.RevisionText{Language: "en", Title: title, Source: source}
}

var clientIDs struct {
	sync.Mutex
	n int
}

func newClientID() string {
	clientIDs.Lock()
	defer clientIDs.Unlock()
	clientIDs.n++
	return fmt.Sprintf("client-%06d", clientIDs.n)
}

// publish publishes a new article.
func (s *site) publish(by *models.Account, t models.RevisionText) *models.Post {
	s.t.Helper()
	done, err := s.outbox.Publish(s.ctx(), draft.Input{Account: by, ClientID: newClientID(), Text: t}, time.Time{})
	s.must(err)
	return done.Post
}

// draft saves a text that isn't published.
func (s *site) draft(by *models.Account, t models.RevisionText) (post *models.Post) {
	s.t.Helper()
	s.inTx(func(tx *models.Store) (err error) {
		post, _, err = draft.NewService(s.clock.now).Save(s.ctx(), tx, draft.Input{Account: by, ClientID: newClientID(), Text: t})
		return err
	})
	return post
}

// edit publishes another text over what stands.
func (s *site) edit(by *models.Account, post *models.Post, t models.RevisionText) *models.Post {
	s.t.Helper()
	done, err := s.outbox.Publish(s.ctx(), draft.Input{Account: by, PostID: post.ID, Base: post.LockVersion, Text: t}, time.Time{})
	s.must(err)
	return done.Post
}

func (s *site) article(p *models.Post) string { return s.iris.Article(*p.PublicID) }

// count counts rows: s.count("follows") or s.count("posts WHERE kind = 'reply'").
func (s *site) count(from string, args ...any) int {
	s.t.Helper()
	var n int
	s.must(s.raw.QueryRow("SELECT COUNT(*) FROM "+from, args...).Scan(&n))
	return n
}

// strings returns the first column of a query.
func (s *site) strings(query string, args ...any) []string {
	s.t.Helper()
	rows, err := s.raw.Query(query, args...)
	s.must(err)
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var one sql.NullString
		s.must(rows.Scan(&one))
		all = append(all, one.String)
	}
	s.must(rows.Err())
	return all
}

// dump returns every row of every table.
func (s *site) dump() string {
	s.t.Helper()
	var b strings.Builder
	for _, table := range s.strings("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name") {
		rows, err := s.raw.Query(`SELECT * FROM "` + table + `"`)
		s.must(err)
		columns, err := rows.Columns()
		s.must(err)
		for rows.Next() {
			values, into := make([]sql.NullString, len(columns)), make([]any, len(columns))
			for i := range values {
				into[i] = &values[i]
			}
			s.must(rows.Scan(into...))
			fmt.Fprintf(&b, "%s", table)
			for i, v := range values {
				fmt.Fprintf(&b, " %s=%q", columns[i], v.String)
			}
			b.WriteByte('\n')
		}
		s.must(rows.Close())
	}
	return b.String()
}

func toJSON(v any) []byte {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return raw
}
