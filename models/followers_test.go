package models

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/fstest"
)

// follows stores that somebody follows one of ours, or asks to.
func (s *Store) follows(t *testing.T, follower, target *Actor, state string) *Follow {
	t.Helper()
	f := &Follow{URI: *follower.URI + "#follow", FollowerID: follower.ID, TargetID: target.ID, State: state, CreatedAt: noon}
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Follows.Put(ctx, f) })
	return f
}

func TestWhoAsksIsNoFollowerYet(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen := s.addLocal(t, "gwen")
	alice, bob, carol := s.addRemote(t, "alice", "a.example", "a.example"), s.addRemote(t, "bob", "b.example", "b.example"), s.addRemote(t, "carol", "c.example", "c.example")
	s.follows(t, alice, gwen, FollowAccepted)
	waits := s.follows(t, bob, gwen, FollowPending)
	later := s.follows(t, carol, gwen, FollowPending)
	n, err1 := s.Follows.Count(ctx, gwen.ID)
	followers, _, err2 := s.Follows.Followers(ctx, gwen.ID, 0, 9)
	inboxes, err3 := s.Follows.Inboxes(ctx, gwen.ID)
	known, err4 := s.Actors.Known(ctx, bob.ID, 0)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		t.Fatal(err)
	}
	if n != 1 || len(followers) != 1 || *followers[0].URI != *alice.URI || !slices.Equal(inboxes, []string{alice.Inbox}) || known {
		t.Errorf("%d follow: %v at %v; who asks is known: %t", n, followers, inboxes, known)
	}
	asking, newest, err := s.Follows.CountFollowers(ctx, gwen.ID, FollowPending)
	if err != nil || asking != 2 || newest != later.ID {
		t.Errorf("%d ask, the newest is %d, %v", asking, newest, err)
	}
	page, err := s.Follows.FollowersIn(ctx, gwen.ID, FollowPending, later.ID, 9)
	if err != nil || len(page) != 1 || page[0].ID != waits.ID {
		t.Errorf("before the newest: %+v, %v", page, err)
	}
	// A decision on all is one on those who were there when the page was made.
	chosen, err := s.Follows.Chosen(ctx, gwen.ID, FollowPending, waits.ID, nil)
	if err != nil || len(chosen) != 1 || chosen[0].FollowerID != bob.ID {
		t.Errorf("chosen: %+v, %v", chosen, err)
	}
	if chosen, err = s.Follows.Chosen(ctx, gwen.ID, FollowPending, 0, nil); err != nil || len(chosen) != 0 {
		t.Errorf("nobody was ticked, chosen: %+v, %v", chosen, err)
	}
}

func TestAServerIsFilledOnceForEachAuthor(t *testing.T) {
	t.Parallel()
	s := newTestStore(t)
	gwen, hugo := s.addLocal(t, "gwen"), s.addLocal(t, "hugo")
	fill := func(actor *Actor, host string) (first bool) {
		s.must(t, func(ctx context.Context, tx *Store) (err error) {
			first, err = tx.Follows.Backfill(ctx, actor.ID, host, noon)
			return err
		})
		return first
	}
	if !fill(gwen, "a.example") || fill(gwen, "a.example") || !fill(gwen, "b.example") || !fill(hugo, "a.example") {
		t.Error("want the first time for each author and server, and no other")
	}
}

// What servers had of authors before this was recorded is taken from who follows.
func TestServersWithAFollowerAreKnownAfterTheMigration(t *testing.T) {
	t.Parallel()
	dir, ctx := t.TempDir(), context.Background()
	s, err := Open(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	all := withNext(t, "SELECT 1;")
	before := fstest.MapFS{}
	for name, file := range all {
		if name < "0023" {
			before[name] = file
		}
	}
	if err := s.migrate(ctx, before, dir); err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"INSERT INTO actors (id, local, kind, handle, handle_lc, created_at) VALUES (1, TRUE, 'Person', 'gwen', 'gwen', '2026-06-11')",
		"INSERT INTO actors (id, uri, local, kind, handle, handle_lc, inbox, created_at) VALUES (2, 'a', FALSE, 'Person', 'a', 'a', 'https://A.example/users/a/inbox', '2026-06-11')",
		"INSERT INTO actors (id, uri, local, kind, handle, handle_lc, inbox, created_at) VALUES (3, 'b', FALSE, 'Person', 'b', 'b', 'https://a.example/users/b/inbox', '2026-06-11')",
		"INSERT INTO actors (id, uri, local, kind, handle, handle_lc, inbox, created_at) VALUES (4, 'c', FALSE, 'Person', 'c', 'c', 'http://127.0.0.1:8080/c', '2026-06-11')",
		"INSERT INTO follows (uri, follower_id, target_id, state, created_at) SELECT 'f' || id, id, 1, 'accepted', '2026-06-11' FROM actors WHERE id > 1",
	} {
		if err := s.writer.db.Exec(statement).Error; err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Migrate(ctx, dir); err != nil {
		t.Fatal(err)
	}
	var hosts []string
	if err := s.db.Table("backfilled").Where("actor_id = 1").Order("host").Pluck("host", &hosts).Error; err != nil || !slices.Equal(hosts, []string{"127.0.0.1:8080", "a.example"}) {
		t.Errorf("known are %v, %v", hosts, err)
	}
}
