package models

import (
	"context"
	"slices"
	"testing"
	"time"
)

// changes is how often gwen's profile changed so far.
func (s *Store) changes(t *testing.T, a *Account) int {
	t.Helper()
	rows, err := s.Actors.Changed(context.Background(), a.ActorID-1, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 {
		return 0
	}
	return rows[0].Changes
}

func TestAProfileIsWrittenOnlyWhereItDiffers(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen, alix := s.addAccount(t, "gwen", RoleAuthor), s.addAccount(t, "alix", RoleAuthor)
	fields := func(labels ...string) func(context.Context, *Store) error {
		return func(ctx context.Context, tx *Store) error {
			rows := make([]*ProfileField, len(labels))
			for i, l := range labels {
				rows[i] = &ProfileField{Label: l, Value: l}
			}
			return tx.Profiles.SetFields(ctx, gwen.ActorID, rows)
		}
	}
	tags := func(all ...string) func(context.Context, *Store) error {
		return func(ctx context.Context, tx *Store) error { return tx.Profiles.SetFeaturedTags(ctx, gwen.ActorID, all) }
	}
	domains := func(all ...string) func(context.Context, *Store) error {
		return func(ctx context.Context, tx *Store) error {
			return tx.Profiles.SetCreditDomains(ctx, gwen.ActorID, all)
		}
	}
	for _, step := range []struct {
		name    string
		do      func(context.Context, *Store) error
		changed bool
	}{
		{"no fields", fields(), false}, {"fields", fields("a", "b"), true}, {"the same", fields("a", "b"), false}, {"another order", fields("b", "a"), true}, {"fewer", fields("b"), true},
		{"no tags", tags(), false}, {"tags", tags("go", "sql"), true}, {"the same tags", tags("go", "sql"), false}, {"one tag", tags("sql"), true},
		{"domains", domains("a.example"), true}, {"the same domains", domains("a.example"), false}, {"no domains", domains(), true},
	} {
		before := s.changes(t, gwen)
		s.must(t, step.do)
		if after := s.changes(t, gwen); (after > before) != step.changed {
			t.Errorf("%s: %d changes, then %d", step.name, before, after)
		}
	}
	p, err := s.Profiles.Of(ctx, gwen.ActorID)
	if err != nil || len(p.Fields) != 1 || p.Fields[0].Label != "b" || !slices.Equal(p.Tags, []string{"sql"}) || len(p.Domains) != 0 {
		t.Errorf("%+v, %v", p, err)
	}
	if n := s.changes(t, alix); n != 0 {
		t.Errorf("another's profile changed %d times", n)
	}
}

func TestAFieldStaysVerifiedWhileItsLinkStays(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen := s.addAccount(t, "gwen", RoleAuthor)
	set := func(rows ...*ProfileField) {
		s.must(t, func(ctx context.Context, tx *Store) error { return tx.Profiles.SetFields(ctx, gwen.ActorID, rows) })
	}
	const one, two = "https://one.example", "https://two.example"
	f := &ProfileField{Label: "Site", Value: one, URL: one}
	set(f)
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Profiles.Checked(ctx, f.ID, one, true, noon) })
	due := func(at time.Time) int {
		rows, err := s.Profiles.CheckDue(ctx, at, 9)
		if err != nil {
			t.Fatal(err)
		}
		return len(rows)
	}
	if due(noon) != 0 || due(noon.Add(time.Second)) != 1 {
		t.Errorf("due at noon %d, after it %d", due(noon), due(noon.Add(time.Second)))
	}
	set(&ProfileField{Label: "Words", Value: "x"}, &ProfileField{Label: "Home", Value: one, URL: one}, &ProfileField{Label: "Other", Value: two, URL: two})
	rows, err := s.Profiles.Fields(ctx, gwen.ActorID)
	if err != nil || rows[0].VerifiedAt != nil || rows[1].VerifiedAt == nil || rows[2].VerifiedAt != nil {
		t.Errorf("%+v %+v %+v, %v", rows[0], rows[1], rows[2], err)
	}
}

func TestTagsAreOfferedByUseAndOnlyFromWhatIsPublic(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen, alix := s.addAccount(t, "gwen", RoleAuthor), s.addAccount(t, "alix", RoleAuthor)
	tag := func(p *Post, tags ...string) {
		s.must(t, func(ctx context.Context, tx *Store) error { return tx.Posts.SetHashtags(ctx, p.ID, tags) })
	}
	tag(s.addArticle(t, gwen, 0), "Go", "SQL")
	tag(s.addArticle(t, gwen, 1), "SQL")
	tag(s.addArticle(t, alix, 2), "Rust")
	hidden := s.addArticle(t, gwen, 3)
	tag(hidden, "Secret")
	s.must(t, func(ctx context.Context, tx *Store) error {
		hidden.State = PostDraft
		return tx.Posts.Save(ctx, hidden)
	})
	if got, err := s.Profiles.UsedTags(ctx, gwen.ActorID, 9); err != nil || !slices.Equal(got, []string{"SQL", "Go"}) {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := s.Profiles.UsedTags(ctx, gwen.ActorID, 1); err != nil || !slices.Equal(got, []string{"SQL"}) {
		t.Errorf("the most used: %v, %v", got, err)
	}
}
