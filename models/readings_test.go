package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

// shelf is gwen, who follows alice and ben of other servers.
type shelf struct {
	*Store
	t          *testing.T
	gwen       *Account
	alice, ben *Actor
}

func newShelf(t *testing.T) *shelf {
	s := newTestStore(t)
	f := &shelf{s, t, s.addAccount(t, "gwen", RoleAuthor), s.addRemote(t, "alice", "far.example", "far.example"), s.addRemote(t, "ben", "near.example", "near.example")}
	f.follow(f.alice)
	f.follow(f.ben)
	return f
}

func (f *shelf) follow(whom *Actor) {
	f.must(f.t, func(ctx context.Context, tx *Store) error {
		return tx.Follows.Put(ctx, &Follow{URI: "x", FollowerID: f.gwen.ActorID, TargetID: whom.ID, State: FollowAccepted, CreatedAt: noon})
	})
}

// wrote stores a post, without a reason to read it.
func (f *shelf) wrote(by *Actor, title string, minutes int) *Post {
	f.t.Helper()
	at := noon.Add(time.Duration(minutes) * time.Minute)
	uri := fmt.Sprintf("https://%s/notes/%d", by.Domain, serial.Add(1))
	p := &Post{URI: &uri, Type: "Note", Kind: KindFollowed, ActorID: by.ID, State: PostPublished, Visibility: VisibilityPublic, Title: title, HTML: "<p>x", CreatedAt: at, PublishedAt: &at, SavedAt: &at}
	f.must(f.t, func(ctx context.Context, tx *Store) error { return tx.Posts.Create(ctx, p) })
	return p
}

func (f *shelf) add(p *Post, via *Actor, minutes int) {
	f.t.Helper()
	f.must(f.t, func(ctx context.Context, tx *Store) error {
		return tx.Readings.Add(ctx, p.ID, via.ID, noon.Add(time.Duration(minutes)*time.Minute))
	})
}

// page is what stands on gwen's page, in parts of so many.
func (f *shelf) page(size int) (parts [][]string) {
	f.t.Helper()
	var before *Cursor
	for {
		rows, err := f.Readings.Page(f.t.Context(), ViewerOf(f.gwen), before, size)
		if err != nil {
			f.t.Fatal(err)
		}
		if len(rows) == 0 {
			return parts
		}
		var part []string
		for _, r := range rows {
			p, err := f.Posts.ByID(f.t.Context(), r.PostID)
			if err != nil {
				f.t.Fatal(err)
			}
			part = append(part, p.Title)
			before = &Cursor{At: r.At, ID: r.PostID}
		}
		parts = append(parts, part)
	}
}

func (f *shelf) want(what string, want ...string) {
	f.t.Helper()
	var got []string
	for _, part := range f.page(2) {
		got = append(got, part...)
	}
	if !slices.Equal(got, want) {
		f.t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// Each post once, where it first came to be there, whatever parts the page is read in.
func TestAPostIsReadOnceInItsPlace(t *testing.T) {
	t.Parallel()
	f := newShelf(t)
	a, b, c, d := f.wrote(f.alice, "a", 1), f.wrote(f.alice, "b", 2), f.wrote(f.ben, "c", 2), f.wrote(f.alice, "d", 2)
	f.add(a, f.alice, 1)
	f.add(a, f.ben, 9) // a boost, later
	f.add(b, f.alice, 2)
	f.add(c, f.ben, 2)
	f.add(d, f.ben, 3)
	f.add(d, f.alice, 3)
	f.add(d, f.alice, 3) // again
	f.want("in parts of two", "d", "c", "b", "a")
	for size := 1; size < 6; size++ {
		if got := slices.Concat(f.page(size)...); !slices.Equal(got, []string{"d", "c", "b", "a"}) {
			t.Errorf("in parts of %d: %q", size, got)
		}
	}
}

// Whatever ends a follow, a boost or a post ends what rested on it, and nothing else.
func TestWhatARowRestsOnTakesItAway(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		end  func(f *shelf, ctx context.Context, tx *Store, p map[string]*Post) error
		want []string
	}{
		"nothing": {func(*shelf, context.Context, *Store, map[string]*Post) error { return nil }, []string{"boosted", "both", "own"}},
		"an unfollow": {func(f *shelf, ctx context.Context, tx *Store, _ map[string]*Post) error {
			return tx.Follows.Remove(ctx, f.gwen.ActorID, f.alice.ID)
		}, []string{"boosted", "both"}},
		"the other unfollow": {func(f *shelf, ctx context.Context, tx *Store, _ map[string]*Post) error {
			return tx.Follows.Remove(ctx, f.gwen.ActorID, f.ben.ID)
		}, []string{"both", "own"}},
		"an actor's end": {func(f *shelf, ctx context.Context, tx *Store, _ map[string]*Post) error {
			return tx.Follows.RemoveActor(ctx, f.ben.ID)
		}, []string{"both", "own"}},
		"a boost taken back": {func(f *shelf, ctx context.Context, tx *Store, p map[string]*Post) error {
			return errors.Join(tx.Reactions.Remove(ctx, f.ben.ID, ReactionAnnounce, p["boosted"].ID), tx.Reactions.Remove(ctx, f.ben.ID, ReactionAnnounce, p["both"].ID))
		}, []string{"both", "own"}},
		"one's own boost taken back": {func(f *shelf, ctx context.Context, tx *Store, p map[string]*Post) error {
			return tx.Reactions.Remove(ctx, f.alice.ID, ReactionAnnounce, p["own"].ID)
		}, []string{"boosted", "both", "own"}},
		"a deletion": {func(_ *shelf, ctx context.Context, tx *Store, p map[string]*Post) error {
			return tx.Posts.MarkDeleted(ctx, p["both"].ID, noon)
		}, []string{"boosted", "own"}},
		"a block": {func(f *shelf, ctx context.Context, tx *Store, _ map[string]*Post) error {
			return tx.Readings.DropBlocked(ctx, &Block{AccountID: f.gwen.ID, Domain: "far.example"})
		}, nil},
		"another's block": {func(f *shelf, ctx context.Context, tx *Store, _ map[string]*Post) error {
			return tx.Readings.DropBlocked(ctx, &Block{AccountID: f.gwen.ID + 1, ActorID: f.alice.ID})
		}, []string{"boosted", "both", "own"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newShelf(t)
			p := map[string]*Post{"own": f.wrote(f.alice, "own", 1), "both": f.wrote(f.alice, "both", 2), "boosted": f.wrote(f.alice, "boosted", 3)}
			f.add(p["own"], f.alice, 1)
			f.add(p["both"], f.alice, 2)
			f.must(t, func(ctx context.Context, tx *Store) error {
				return errors.Join(tx.Reactions.Put(ctx, &Reaction{Type: ReactionAnnounce, ActorID: f.ben.ID, PostID: p["both"].ID, CreatedAt: noon}, ""),
					tx.Reactions.Put(ctx, &Reaction{Type: ReactionAnnounce, ActorID: f.ben.ID, PostID: p["boosted"].ID, CreatedAt: noon}, ""),
					tx.Reactions.Put(ctx, &Reaction{Type: ReactionAnnounce, ActorID: f.alice.ID, PostID: p["own"].ID, CreatedAt: noon}, ""))
			})
			f.add(p["both"], f.ben, 4)
			f.add(p["boosted"], f.ben, 4)
			f.must(t, func(ctx context.Context, tx *Store) error { return c.end(f, ctx, tx, p) })
			f.want(name, c.want...)
		})
	}
}

// The page holds one's own view: nothing that waits, is hidden, or isn't for the viewer.
func TestThePageShowsWhatItsReaderMaySee(t *testing.T) {
	t.Parallel()
	f := newShelf(t)
	for i, change := range []func(p *Post){func(p *Post) { p.Moderation = ModerationHeld }, func(p *Post) { p.Moderation = ModerationHidden },
		func(p *Post) { p.Visibility = VisibilityDirect }, func(p *Post) { p.Visibility = VisibilityFollowers }, func(p *Post) { p.Visibility = VisibilityUnlisted }} {
		p := f.wrote(f.alice, fmt.Sprint(i), i)
		f.add(p, f.alice, i)
		change(p)
		f.must(t, func(ctx context.Context, tx *Store) error { return tx.Posts.Save(ctx, p) })
	}
	f.gwen.Role = RoleOwner
	f.want("seen", "4", "3")
}
