package models

import (
	"context"
	"errors"
	"testing"
)

func TestABlockOfADomainCoversItsSubdomainsPortsAndSpellings(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	s.must(t, func(ctx context.Context, tx *Store) error {
		for _, domain := range []string{"Bad.Example", "2001:DB8::1", "[2001:db8::2]:8443", "192.0.2.7", "lab.test:8443"} {
			if err := tx.Blocks.Add(ctx, &Block{Domain: domain, CreatedAt: noon}); err != nil {
				return err
			}
		}
		return nil
	})
	tests := []struct {
		host string
		want bool
	}{
		{"bad.example", true},
		{"BAD.example", true},
		{"bad.example.", true},
		{"bad.example:8443", true},
		{"a.b.bad.example:443", true},
		{"notbad.example", false},
		{"example", false},
		{"bad.example.org", false},
		{"", false},
		{"[2001:db8::1]", true},
		{"[2001:db8::1]:8443", true},
		{"2001:db8::1", true},
		{"[2001:db8::2]", true},
		{"[2001:db8::11]", false},
		{"192.0.2.7:80", true},
		{"10.192.0.2.7", true}, // no address, so a name under one
		{"92.0.2.7", false},
		{"lab.test", true},
	}
	for _, tt := range tests {
		if got, err := s.Blocks.Blocked(ctx, 0, 0, "fine.example", tt.host); err != nil || got != tt.want {
			t.Errorf("Blocked(%q) = %v, %v; want %v", tt.host, got, err, tt.want)
		}
	}
	if got, err := s.Blocks.Blocked(ctx, 0, 0); err != nil || got {
		t.Errorf("Blocked of nothing = %v, %v", got, err)
	}
}

func TestAnAddressIsNotUnderAShorterNumber(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	s.must(t, func(ctx context.Context, tx *Store) error {
		return tx.Blocks.Add(ctx, &Block{Domain: "2.7", CreatedAt: noon})
	})
	if got, err := s.Blocks.Blocked(ctx, 0, 0, "192.0.2.7"); err != nil || got {
		t.Errorf("192.0.2.7 counts as under 2.7: %v, %v", got, err)
	}
}

func TestAnAccountsBlockIsItsOwn(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen, alix := s.addAccount(t, "gwen", RoleOwner), s.addAccount(t, "alix", RoleAuthor)
	bad, worse := s.addRemote(t, "bad", "a.example", "a.example"), s.addRemote(t, "worse", "b.example", "b.example")
	s.must(t, func(ctx context.Context, tx *Store) error {
		mine := &Block{AccountID: gwen.ID, ActorID: bad.ID, CreatedAt: noon}
		again := *mine
		return errors.Join(tx.Blocks.Add(ctx, mine), tx.Blocks.Add(ctx, &again), tx.Blocks.Add(ctx, &Block{ActorID: worse.ID, CreatedAt: noon}))
	})
	tests := []struct {
		name           string
		account, actor int64
		want           bool
	}{
		{"who set it", gwen.ID, bad.ID, true},
		{"somebody else", alix.ID, bad.ID, false},
		{"the instance", 0, bad.ID, false},
		{"an instance's block holds for everyone", alix.ID, worse.ID, true},
		{"and for the instance", 0, worse.ID, true},
		{"an actor that isn't stored yet", alix.ID, 0, false},
	}
	for _, tt := range tests {
		if got, err := s.Blocks.Blocked(ctx, tt.account, tt.actor, "c.example"); err != nil || got != tt.want {
			t.Errorf("%s: %v, %v; want %v", tt.name, got, err, tt.want)
		}
	}
	for name, tt := range map[string]struct {
		instance bool
		want     int
	}{"own": {false, 1}, "own and the instance's": {true, 2}} {
		if rows, err := s.Blocks.List(ctx, gwen.ID, tt.instance); err != nil || len(rows) != tt.want {
			t.Errorf("%s: %d blocks, %v; want %d", name, len(rows), err, tt.want)
		}
	}
}

func TestBlockingAServerHidesWhatCameFromIt(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, host, domain, block string
		wantHidden                bool
	}{
		{"the server itself", "bad.example", "bad.example", "bad.example", true},
		{"however it is written", "Bad.Example", "bad.example", "BAD.example", true},
		{"a subdomain", "s.bad.example", "s.bad.example", "bad.example", true},
		{"another port", "bad.example:8443", "bad.example:8443", "bad.example", true},
		{"its host, where handles name another domain", "social.bad.example", "pretty.example", "social.bad.example", true},
		{"the domain of its handles", "social.other.example", "bad.example", "bad.example", true},
		{"an IPv6 address", "[2001:db8::1]:8443", "[2001:db8::1]:8443", "2001:db8::1", true},
		{"a longer name", "notbad.example", "notbad.example", "bad.example", false},
		{"a name in the path", "fine.example/x.bad.example", "fine.example", "bad.example", false},
		{"_ matches itself alone", "axb.example", "axb.example", "a_b.example", false},
		{"% matches itself alone", "sub.axb.example", "sub.axb.example", "%.example", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s, ctx := newTestStore(t), context.Background()
			gwen, alix := s.addAccount(t, "gwen", RoleAuthor), s.addAccount(t, "alix", RoleAuthor)
			far := s.addRemote(t, "far", tt.host, tt.domain)
			mine, theirs := s.addReply(t, far, s.addArticle(t, gwen, 0), 1), s.addReply(t, far, s.addArticle(t, alix, 0), 1)
			s.must(t, func(ctx context.Context, tx *Store) error {
				follow := Follow{URI: "https://f.example/1", FollowerID: far.ID, TargetID: gwen.ActorID, State: FollowAccepted, CreatedAt: noon}
				return errors.Join(tx.Posts.HideByDomain(ctx, tt.block, gwen.ActorID), tx.Follows.Put(ctx, &follow))
			})
			hidden := func(id int64) bool {
				p, err := s.Posts.ByID(ctx, id)
				return err == nil && p.Moderation == ModerationHidden
			}
			if hidden(mine.ID) != tt.wantHidden || hidden(theirs.ID) {
				t.Errorf("hidden under mine %v, under another's %v; want %v, false", hidden(mine.ID), hidden(theirs.ID), tt.wantHidden)
			}
			follows, err := s.Follows.FollowersFrom(ctx, gwen.ActorID, &Block{Domain: tt.block})
			if err != nil || (len(follows) == 1) != tt.wantHidden {
				t.Errorf("followers covered: %d, %v; want %v", len(follows), err, tt.wantHidden)
			}
			s.must(t, func(ctx context.Context, tx *Store) error { return tx.Posts.HideByDomain(ctx, tt.block, 0) })
			if hidden(theirs.ID) != tt.wantHidden {
				t.Errorf("the instance's block hides under another's article: %v, want %v", hidden(theirs.ID), tt.wantHidden)
			}
		})
	}
}

func TestHidingByActorLeavesOurOwnAlone(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen := s.addAccount(t, "gwen", RoleAuthor)
	article := s.addArticle(t, gwen, 0)
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Posts.HideByActor(ctx, gwen.ActorID, 0) })
	if p, err := s.Posts.ByID(ctx, article.ID); err != nil || p.Moderation != ModerationShown {
		t.Errorf("a local article was hidden: %+v, %v", p, err)
	}
}
