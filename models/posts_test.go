package models

import (
	"context"
	"errors"
	"strings"
	"testing"
)

func TestASecondRevisionOverOneBaseIsRefused(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	p := s.addArticle(t, s.addAccount(t, "gwen", RoleAuthor), 0)
	add := func(base int, title string) error {
		return s.InTx(ctx, func(tx *Store) error {
			return tx.Revisions.Add(ctx, &Revision{PostID: p.ID, BaseNumber: base, Kind: RevisionSaved, CreatedAt: noon, Text: RevisionText{Language: "en", Title: title}})
		})
	}
	if err := errors.Join(add(0, "one"), add(1, "two")); err != nil {
		t.Fatal(err)
	}
	if err := add(1, "another two"); !errors.Is(err, ErrConflict) {
		t.Errorf("a second revision over the first: %v, want ErrConflict", err)
	}
	p, err := s.Posts.ByID(ctx, p.ID)
	if err != nil {
		t.Fatal(err)
	}
	if head, err := s.Revisions.Head(ctx, p); err != nil || head.Text.Title != "two" || p.LockVersion != 2 {
		t.Errorf("head = %+v, %v; want two", head, err)
	}
}

// everyText is what the tables still say, but for paths and ids.
func everyText(t *testing.T, s *Store) string {
	t.Helper()
	var all []string
	for _, query := range []string{
		"SELECT title || summary || html || excerpt || COALESCE(CAST(raw AS TEXT), '') FROM posts",
		"SELECT title || summary || source || tags FROM revision_texts", "SELECT handle FROM mentions", "SELECT display FROM hashtags",
	} {
		var rows []string
		if err := s.db.Raw(query).Scan(&rows).Error; err != nil {
			t.Fatal(err)
		}
		all = append(all, rows...)
	}
	return strings.Join(all, "\n")
}

func TestNothingOfADeletedPostIsLeft(t *testing.T) {
	t.Parallel()
	const word = "secret"
	for name, remove := range map[string]func(ctx context.Context, tx *Store, p *Post) error{
		"the post deleted":   func(ctx context.Context, tx *Store, p *Post) error { return tx.Posts.MarkDeleted(ctx, p.ID, noon) },
		"its author deleted": func(ctx context.Context, tx *Store, p *Post) error { return tx.Posts.Erase(ctx, p.ActorID, noon) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, ctx := newTestStore(t), context.Background()
			p := s.addArticle(t, s.addAccount(t, "gwen", RoleAuthor), 0)
			s.must(t, func(ctx context.Context, tx *Store) error {
				p.Title, p.Summary, p.HTML, p.Outline, p.Excerpt, p.Raw = word, word, word, word, word, []byte(word)
				return errors.Join(tx.Posts.Save(ctx, p), tx.Posts.SetHashtags(ctx, p.ID, []string{word}), tx.Posts.SetMentions(ctx, p.ID, []Mention{{Handle: word}}),
					tx.Revisions.Add(ctx, &Revision{PostID: p.ID, Kind: RevisionSaved, CreatedAt: noon, Text: RevisionText{Language: "en", Title: word, Source: word, Tags: word, Summary: word, CoverAlt: word}}))
			})
			if got := strings.Count(everyText(t, s), word); got < 8 {
				t.Fatalf("the word stands in %d places before; the check would prove little", got)
			}
			s.must(t, func(ctx context.Context, tx *Store) error { return remove(ctx, tx, p) })
			if left := everyText(t, s); strings.Contains(left, word) {
				t.Errorf("left of it: %s", left)
			}
			if got, err := s.Posts.ByPublicID(ctx, *p.PublicID); err != nil || got.State != PostDeleted || got.PublishedAt == nil {
				t.Errorf("its id answers %+v, %v; want deleted, once published", got, err)
			}
		})
	}
}

func TestRepliesThatCameBeforeTheirParentJoinItsThread(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	root, far := s.addArticle(t, s.addAccount(t, "gwen", RoleAuthor), 0), s.addRemote(t, "far", "far.example", "far.example")
	parent := s.addReply(t, far, root, 1)
	child, grandchild := s.addReply(t, far, root, 2), s.addReply(t, far, root, 3)
	s.must(t, func(ctx context.Context, tx *Store) error {
		child.InReplyToURI, child.InReplyToID, child.RootID = *parent.URI, nil, nil
		grandchild.InReplyToURI, grandchild.InReplyToID, grandchild.RootID = *child.URI, &child.ID, nil
		return errors.Join(tx.Posts.Save(ctx, child), tx.Posts.Save(ctx, grandchild))
	})
	if before, _ := s.Posts.Thread(ctx, Viewer{}, root.ID); len(before) != 1 {
		t.Fatalf("%d replies before, want the parent alone", len(before))
	}
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Posts.Adopt(ctx, parent) })
	thread, err := s.Posts.Thread(ctx, Viewer{}, root.ID)
	if err != nil || len(thread) != 3 || *thread[1].InReplyToID != parent.ID {
		t.Errorf("thread = %v, %v; want all three", thread, err)
	}
}

func TestABoostInTwoFormsCountsOnceAndEitherUndoesIt(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	p, far := s.addArticle(t, s.addAccount(t, "gwen", RoleAuthor), 0), s.addRemote(t, "far", "far.example", "far.example")
	put := func(tx *Store, uri string) error {
		return tx.Reactions.Put(ctx, &Reaction{Type: ReactionAnnounce, ActorID: far.ID, PostID: p.ID, CreatedAt: noon}, uri)
	}
	s.must(t, func(ctx context.Context, tx *Store) error { return errors.Join(put(tx, "urn:one"), put(tx, "urn:two")) })
	if c, err := s.Reactions.CountsOf(ctx, p.ID); err != nil || c.Announces != 1 {
		t.Errorf("boosts = %d, %v; want 1", c.Announces, err)
	}
	err := s.InTx(ctx, func(tx *Store) error { return second(tx.Reactions.ByURI(ctx, far.ID+1, ReactionAnnounce, "urn:two")) })
	if !errors.Is(err, ErrNotFound) {
		t.Errorf("somebody else undoes it: %v, want ErrNotFound", err)
	}
	s.must(t, func(ctx context.Context, tx *Store) error {
		r, err := tx.Reactions.ByURI(ctx, far.ID, ReactionAnnounce, "urn:two")
		if err != nil {
			return err
		}
		return tx.Reactions.Remove(ctx, far.ID, ReactionAnnounce, r.PostID)
	})
	if c, err := s.Reactions.CountsOf(ctx, p.ID); err != nil || c.Announces != 0 {
		t.Errorf("boosts = %d, %v; want none", c.Announces, err)
	}
}

func TestATombstoneHoldsForItsActorAlone(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	mine, other := s.addRemote(t, "a", "far.example", "far.example"), s.addRemote(t, "b", "far.example", "far.example")
	s.must(t, func(ctx context.Context, tx *Store) error {
		stone := Tombstone{URI: "urn:one", ActorID: mine.ID, At: noon}
		again := stone
		return errors.Join(tx.Posts.Bury(ctx, &stone), tx.Posts.Bury(ctx, &again))
	})
	for id, want := range map[int64]bool{mine.ID: true, other.ID: false} {
		if got, err := s.Posts.Buried(ctx, "urn:one", id); err != nil || got != want {
			t.Errorf("buried by %d: %v, %v; want %v", id, got, err, want)
		}
	}
}
