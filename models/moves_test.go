package models

import (
	"context"
	"slices"
	"testing"
	"time"
)

func TestAliasesAreOneWayAndStandOnce(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen, old, older := s.addLocal(t, "gwen"), s.addRemote(t, "gwen", "a.example", "a.example"), s.addLocal(t, "older")
	s.must(t, func(ctx context.Context, tx *Store) error {
		for i, alias := range []*Actor{old, older, old} {
			if err := tx.Actors.AddAlias(ctx, gwen.ID, alias.ID, noon.Add(time.Duration(i)*time.Minute)); err != nil {
				return err
			}
		}
		return nil
	})
	aliases, err := s.Actors.Aliases(ctx, gwen.ID)
	if err != nil || len(aliases) != 2 || aliases[0].ID != old.ID || aliases[1].ID != older.ID {
		t.Errorf("aliases are %+v, %v", aliases, err)
	}
	for name, pair := range map[string][2]int64{"hers": {gwen.ID, older.ID}, "the other way round": {older.ID, gwen.ID}} {
		if has, err := s.Actors.HasAlias(ctx, pair[0], pair[1]); err != nil || has != (name == "hers") {
			t.Errorf("%s: %t, %v", name, has, err)
		}
	}
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Actors.RemoveAlias(ctx, gwen.ID, old.ID) })
	if aliases, err = s.Actors.Aliases(ctx, gwen.ID); err != nil || len(aliases) != 1 {
		t.Errorf("aliases are %+v, %v", aliases, err)
	}
	// Who leaves is nobody else any more.
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Actors.MarkDeleted(ctx, gwen.ID, noon) })
	if aliases, err = s.Actors.Aliases(ctx, gwen.ID); err != nil || len(aliases) != 0 {
		t.Errorf("aliases of who left are %+v, %v", aliases, err)
	}
}

// A profile that is fetched again forgets neither where its owner moved nor when.
func TestAFetchedProfileKeepsItsMove(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	old, anew := s.addRemote(t, "gwen", "a.example", "a.example"), s.addRemote(t, "gwen", "b.example", "b.example")
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Actors.SetMoved(ctx, old.ID, anew.ID, 3, noon) })
	s.addRemote(t, "gwen", "a.example", "a.example")
	got, err := s.Actors.ByID(ctx, old.ID)
	if err != nil || got.MovedToID == nil || *got.MovedToID != anew.ID || got.MovedAt == nil || !got.MovedAt.Equal(noon) || got.MovedFollowers != 3 {
		t.Fatalf("%+v, %v", got, err)
	}
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Actors.SetMovedBack(ctx, old.ID) })
	if got, err = s.Actors.ByID(ctx, old.ID); err != nil || got.MovedToID != nil || got.MovedAt == nil {
		t.Errorf("taken back: %+v, %v", got, err)
	}
}

func TestEveryKnownServersSharedInboxIsListedOnce(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	s.addLocal(t, "gwen")
	s.addRemote(t, "alone", "none.example", "none.example") // without one
	for _, who := range []string{"a", "b", "gone"} {
		a := s.addRemote(t, who, "a.example", "a.example")
		if who == "gone" {
			a = s.addRemote(t, who, "gone.example", "gone.example")
		}
		a.SharedInbox = "https://" + a.Domain + "/inbox"
		s.must(t, func(ctx context.Context, tx *Store) error {
			if err := tx.Actors.SaveRemote(ctx, a); err != nil || who != "gone" {
				return err
			}
			return tx.Actors.MarkDeleted(ctx, a.ID, noon)
		})
	}
	if got, err := s.Actors.ServerInboxes(ctx); err != nil || !slices.Equal(got, []string{"https://a.example/inbox", "https://none.example/users/alone/inbox"}) {
		t.Errorf("%v, %v", got, err)
	}
}
