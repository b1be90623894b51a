package models

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"
)

// noon is when everything happens in these tests, unless they say otherwise.
var noon = time.Date(2026, 6, 11, 12, 0, 0, 0, time.UTC)

// newTestStore opens an empty, migrated database.
func newTestStore(t testing.TB) *Store {
	t.Helper()
	return openTestStore(t, t.TempDir())
}

func openTestStore(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(dir, true)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if err := s.Migrate(context.Background(), dir); err != nil {
		t.Fatalf("migrate: %v", err)
	}
	return s
}

// must runs f in a transaction that has to succeed.
func (s *Store) must(t testing.TB, f func(ctx context.Context, tx *Store) error) {
	t.Helper()
	ctx := context.Background()
	if err := s.InTx(ctx, func(tx *Store) error { return f(ctx, tx) }); err != nil {
		t.Fatalf("transaction: %v", err)
	}
}

func (s *Store) addLocal(t testing.TB, handle string) *Actor {
	t.Helper()
	a := &Actor{Kind: "Person", Handle: handle, CreatedAt: noon}
	s.must(t, func(ctx context.Context, tx *Store) error {
		return tx.Actors.CreateLocal(ctx, a, &ActorKey{Algorithm: "rsa", PrivatePEM: "private " + handle})
	})
	return a
}

func (s *Store) addAccount(t testing.TB, handle, role string) *Account {
	t.Helper()
	actor := s.addLocal(t, handle)
	a := &Account{ActorID: actor.ID, Actor: actor, Role: role, CreatedAt: noon}
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Accounts.Create(ctx, a) })
	return a
}

// addRemote stores the actor https://<host>/users/<handle>, whose handle is under domain.
func (s *Store) addRemote(t testing.TB, handle, host, domain string) *Actor {
	t.Helper()
	uri := "https://" + host + "/users/" + handle
	a := &Actor{URI: &uri, Kind: "Person", Handle: handle, Domain: domain, Inbox: uri + "/inbox", CreatedAt: noon, FetchedAt: &noon}
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Actors.SaveRemote(ctx, a) })
	return a
}

var serial atomic.Int64

// addArticle stores a published article by an account, at noon and so many minutes.
func (s *Store) addArticle(t testing.TB, by *Account, minutes int) *Post {
	t.Helper()
	id, client, at := NewPublicID(), fmt.Sprintf("client-%d", serial.Add(1)), noon.Add(time.Duration(minutes)*time.Minute)
	p := &Post{PublicID: &id, ClientID: &client, Local: true, Type: "Article", Kind: KindArticle, ActorID: by.ActorID, AccountID: &by.ID,
		State: PostPublished, Visibility: VisibilityPublic, Slug: client, Title: "Recap " + client, HTML: "<p>text", CreatedAt: at, PublishedAt: &at, SavedAt: &at}
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Posts.Create(ctx, p) })
	return p
}

// addReply stores a public reply to a post of the thread under root.
func (s *Store) addReply(t testing.TB, by *Actor, root *Post, minutes int) *Post {
	t.Helper()
	at := noon.Add(time.Duration(minutes) * time.Minute)
	uri := fmt.Sprintf("https://%s/notes/%d", by.Domain, serial.Add(1))
	p := &Post{URI: &uri, Type: "Note", Kind: KindReply, ActorID: by.ID, State: PostPublished, Visibility: VisibilityPublic,
		InReplyToID: &root.ID, RootID: &root.ID, HTML: "<p>reply", CreatedAt: at, PublishedAt: &at, SavedAt: &at}
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Posts.Create(ctx, p) })
	return p
}

func titles(posts []*Post) []string {
	list := make([]string, len(posts))
	for i, p := range posts {
		list[i] = p.Title
	}
	return list
}
