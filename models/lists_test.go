package models

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"
)

func TestPagesOfAListMissNothingAndRepeatNothing(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen := s.addAccount(t, "gwen", RoleAuthor)
	const all = 12
	for i := range all {
		p := s.addArticle(t, gwen, i/5) // five at a time have the same minute
		s.must(t, func(ctx context.Context, tx *Store) error { return tx.Posts.SetHashtags(ctx, p.ID, []string{"Go"}) })
	}
	lists := map[string]func(Page) ([]*Post, error){
		"home":    func(p Page) ([]*Post, error) { return s.Posts.Articles(ctx, p) },
		"profile": func(p Page) ([]*Post, error) { return s.Posts.ArticlesBy(ctx, gwen.ActorID, p) },
		"tag":     func(p Page) ([]*Post, error) { return s.Posts.ArticlesTagged(ctx, "gO", p) },
	}
	for name, list := range lists {
		var got []*Post
		page := Page{Limit: 2}
		for range all {
			rows, err := list(page)
			if err != nil {
				t.Fatal(err)
			}
			if got = append(got, rows...); len(rows) < page.Limit {
				break
			}
			last := rows[len(rows)-1]
			// Another zone names the same moment.
			page.Before = &Cursor{last.PublishedAt.In(time.FixedZone("", 7200)), last.ID}
		}
		newestFirst := slices.IsSortedFunc(got, func(a, b *Post) int {
			if c := b.PublishedAt.Compare(*a.PublishedAt); c != 0 {
				return c
			}
			return int(b.ID - a.ID)
		})
		if len(got) != all || !newestFirst {
			t.Errorf("%s: %v, want all %d, newest first", name, titles(got), all)
		}
	}
}

func TestNeighboursAreTheArticlesJustBeforeAndAfter(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen, other := s.addAccount(t, "gwen", RoleAuthor), s.addAccount(t, "other", RoleAuthor)
	first, second, twin := s.addArticle(t, gwen, 0), s.addArticle(t, gwen, 1), s.addArticle(t, gwen, 1)
	hidden := s.addArticle(t, gwen, 2)
	s.must(t, func(ctx context.Context, tx *Store) error {
		return tx.Posts.SetModeration(ctx, hidden.ID, ModerationHidden)
	})
	last := s.addArticle(t, gwen, 3)
	s.addArticle(t, other, 1)
	id := func(p *Post) int64 {
		if p == nil {
			return 0
		}
		return p.ID
	}
	tests := []struct {
		name                string
		post                *Post
		wantOlder, wantNewr int64
	}{
		{"the first has none before", first, 0, second.ID},
		{"of two at one moment the id decides", second, first.ID, twin.ID},
		{"a hidden one is passed over", twin, second.ID, last.ID},
		{"the last has none after", last, twin.ID, 0},
		{"a draft has no place", &Post{ActorID: gwen.ActorID}, 0, 0},
	}
	for _, tt := range tests {
		older, newer, err := s.Posts.Neighbours(ctx, tt.post)
		if err != nil || id(older) != tt.wantOlder || id(newer) != tt.wantNewr {
			t.Errorf("%s: %d and %d, %v; want %d and %d", tt.name, id(older), id(newer), err, tt.wantOlder, tt.wantNewr)
		}
	}
}

func TestAPathIsTakenForEver(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen := s.addAccount(t, "gwen", RoleAuthor)
	mine, other := s.addArticle(t, gwen, 0), s.addArticle(t, gwen, 1)
	take := func(handle, slug string, p *Post) error {
		return s.InTx(ctx, func(tx *Store) error { return tx.Posts.TakePath(ctx, handle, slug, p.ID) })
	}
	for _, slug := range []string{"day-one", "day-1"} {
		if err := take("Gwen", slug, mine); err != nil {
			t.Fatal(err)
		}
	}
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Posts.MarkDeleted(ctx, mine.ID, noon) })
	if err := take("gwen", "day-one", mine); err != nil {
		t.Errorf("a path taken again by its own post: %v", err)
	}
	if err := take("gwen", "day-one", other); !errors.Is(err, ErrConflict) {
		t.Errorf("a deleted post's path taken by another: %v, want ErrConflict", err)
	}
	if err := take("alix", "day-one", other); err != nil {
		t.Errorf("the same slug under another handle: %v", err)
	}
	for _, handle := range []string{"gwen", "GWEN"} {
		if p, err := s.Posts.ByPath(ctx, handle, "day-1"); err != nil || p.ID != mine.ID {
			t.Errorf("ByPath(%q) = %+v, %v; want the old address to lead to its post", handle, p, err)
		}
	}
}

func TestTagsThatDifferInCaseAloneAreStoredOnce(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	p := s.addArticle(t, s.addAccount(t, "gwen", RoleAuthor), 0)
	// "İ" has the lower case "i", which case folding doesn't know.
	s.must(t, func(ctx context.Context, tx *Store) error {
		return tx.Posts.SetHashtags(ctx, p.ID, []string{"İstanbul", "istanbul", "GoConf"})
	})
	got, err := s.Posts.Hashtags(ctx, p.ID)
	if want := []string{"GoConf", "İstanbul"}; err != nil || !slices.Equal(got[p.ID], want) {
		t.Errorf("tags = %v, %v; want %v", got[p.ID], err, want)
	}
}

func TestAThreadHasWhatTheViewerMaySeeOldestFirst(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen := s.addAccount(t, "gwen", RoleAuthor)
	root, far := s.addArticle(t, gwen, 0), s.addRemote(t, "far", "far.example", "far.example")
	later, sooner, secret := s.addReply(t, far, root, 2), s.addReply(t, far, root, 1), s.addReply(t, far, root, 3)
	s.must(t, func(ctx context.Context, tx *Store) error {
		secret.Visibility = VisibilityDirect
		return errors.Join(tx.Posts.Save(ctx, secret), tx.Posts.SetRecipients(ctx, secret.ID, []int64{gwen.ActorID}))
	})
	for name, tt := range map[string]struct {
		viewer Viewer
		want   []*Post
	}{"the open web": {Viewer{}, []*Post{sooner, later}}, "the author": {ViewerOf(gwen), []*Post{sooner, later, secret}}} {
		thread, err := s.Posts.Thread(ctx, tt.viewer, root.ID)
		same := slices.EqualFunc(thread, tt.want, func(a, b *Post) bool { return a.ID == b.ID })
		counts, countErr := s.Posts.CountThreads(ctx, tt.viewer, []*Post{root})
		if err != nil || countErr != nil || !same || counts[root.ID] != int64(len(tt.want)) {
			t.Errorf("%s: %d replies, counted %d, %v %v; want %d in order", name, len(thread), counts[root.ID], err, countErr, len(tt.want))
		}
	}
	counts, err := s.Reactions.CountsOf(ctx, root.ID)
	if err != nil || counts.Replies != 2 {
		t.Errorf("public replies = %d, %v; want 2", counts.Replies, err)
	}
}

func TestAPersonIsActiveWhoPublishedOrEditedLately(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen, alix, draft := s.addAccount(t, "gwen", RoleAuthor), s.addAccount(t, "alix", RoleAuthor), s.addAccount(t, "draft", RoleAuthor)
	s.addArticle(t, gwen, 5)
	s.addArticle(t, gwen, 6)
	s.addArticle(t, alix, 0)
	p := s.addArticle(t, draft, 7)
	s.must(t, func(ctx context.Context, tx *Store) error { p.State = PostDraft; return tx.Posts.Save(ctx, p) })
	if n, err := s.Posts.CountActive(ctx, noon.Add(time.Minute)); err != nil || n != 1 {
		t.Errorf("active since a minute past noon: %d, %v; want gwen alone", n, err)
	}
}

func TestLongListsFitIntoTheStatementsTheyTake(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	p := s.addArticle(t, s.addAccount(t, "gwen", RoleAuthor), 0)
	const many = 40_000 // more than the variables of one statement
	tags, mentions, ids := make([]string, many), make([]Mention, many), make([]int64, many)
	for i := range many {
		tags[i], mentions[i].Handle, ids[i] = fmt.Sprintf("tag%d", i), fmt.Sprintf("a%d@far.example", i), int64(i)
	}
	s.must(t, func(ctx context.Context, tx *Store) error {
		return errors.Join(tx.Posts.SetHashtags(ctx, p.ID, tags), tx.Posts.SetMentions(ctx, p.ID, mentions))
	})
	stored, err1 := s.Posts.Hashtags(ctx, p.ID)
	named, err2 := s.Posts.Mentions(ctx, p.ID)
	actors, err3 := s.Actors.ByIDs(ctx, ids)
	if err := errors.Join(err1, err2, err3); err != nil || len(stored[p.ID]) != many || len(named) != many || len(actors) != 1 {
		t.Errorf("%d tags, %d mentions, %d actors, %v", len(stored[p.ID]), len(named), len(actors), err)
	}
}
