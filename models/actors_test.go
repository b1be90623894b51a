package models

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestAHandleIsNeverUsedAgain(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen := s.addAccount(t, "gwen", RoleOwner)
	take := func(handle string) error {
		return s.InTx(ctx, func(tx *Store) error {
			return tx.Actors.CreateLocal(ctx, &Actor{Kind: "Person", Handle: handle, CreatedAt: noon}, &ActorKey{Algorithm: "rsa"})
		})
	}
	if err := take("GWEN"); !errors.Is(err, ErrConflict) {
		t.Errorf("a living handle in capitals: %v, want ErrConflict", err)
	}
	s.must(t, func(ctx context.Context, tx *Store) error {
		return errors.Join(tx.Actors.MarkDeleted(ctx, gwen.ActorID, noon), tx.Accounts.MarkDeleted(ctx, gwen.ID))
	})
	if err := take("gwen"); !errors.Is(err, ErrConflict) {
		t.Errorf("a retired handle: %v, want ErrConflict", err)
	}
	if _, err := s.Accounts.ByHandle(ctx, "gwen"); !errors.Is(err, ErrNotFound) {
		t.Errorf("a deleted account was found: %v", err)
	}
	if keys, err := s.Actors.LocalKeys(ctx, gwen.ActorID); err != nil || len(keys[gwen.ActorID]) != 1 {
		t.Errorf("the key that signs the Delete is gone: %v", err)
	}
}

func TestARemoteActorIsStoredOverWhatWasKnown(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	first := s.addRemote(t, "Far", "far.example", "far.example")
	again := s.addRemote(t, "Far", "far.example", "pretty.example")
	if again.ID != first.ID || again.Host != "far.example" || again.Domain != "pretty.example" {
		t.Errorf("stored again as %+v, want actor %d under its new domain", again, first.ID)
	}
	if a, err := s.Actors.RemoteByHandle(ctx, "fAR", "Pretty.Example"); err != nil || a.ID != first.ID {
		t.Errorf("by handle: %+v, %v", a, err)
	}
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Actors.MarkDeleted(ctx, first.ID, noon) })
	if a := s.addRemote(t, "Far", "far.example", "far.example"); a.State != StateDeleted {
		t.Error("a deleted actor came back")
	}
}

func TestAKeyBelongsToOneActor(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	mine, other := s.addRemote(t, "a", "far.example", "far.example"), s.addRemote(t, "b", "far.example", "far.example")
	uri := "https://far.example/users/a#key"
	save := func(a *Actor, pem string) error {
		return s.InTx(ctx, func(tx *Store) error {
			return tx.Actors.SaveRemoteKey(ctx, &ActorKey{ActorID: a.ID, KeyURI: &uri, Algorithm: "rsa", PublicPEM: pem, FetchedAt: &noon})
		})
	}
	if err := errors.Join(save(mine, "old"), save(mine, "new")); err != nil {
		t.Fatal(err)
	}
	if err := save(other, "stolen"); !errors.Is(err, ErrConflict) {
		t.Errorf("another actor's key: %v, want ErrConflict", err)
	}
	if key, err := s.Actors.RemoteKey(ctx, uri); err != nil || key.PublicPEM != "new" || key.ActorID != mine.ID {
		t.Errorf("key = %+v, %v; want the new one of its owner", key, err)
	}
}

func TestASessionEndsAndTheExpiredAreForgotten(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen := s.addAccount(t, "gwen", RoleOwner)
	add := func(hash string, at time.Time) {
		s.must(t, func(ctx context.Context, tx *Store) error {
			return tx.Sessions.Create(ctx, &Session{hash, gwen.ID, at, at.Add(time.Hour)})
		})
	}
	add("one", noon)
	if _, err := s.Sessions.ByHash(ctx, "one", noon.Add(59*time.Minute)); err != nil {
		t.Errorf("within its life: %v", err)
	}
	// The same moment in another zone is still the end.
	if _, err := s.Sessions.ByHash(ctx, "one", noon.Add(time.Hour).In(time.FixedZone("", -7200))); !errors.Is(err, ErrNotFound) {
		t.Errorf("at its end: %v, want ErrNotFound", err)
	}
	add("two", noon.Add(2*time.Hour))
	var rows int64
	if err := s.db.Model(&Session{}).Count(&rows).Error; err != nil || rows != 1 {
		t.Errorf("%d sessions stored, %v; the expired one should be gone", rows, err)
	}
	add("three", noon.Add(2*time.Hour))
	s.must(t, func(ctx context.Context, tx *Store) error { return tx.Sessions.DeleteAll(ctx, gwen.ID, "three") })
	for hash, want := range map[string]error{"two": ErrNotFound, "three": nil} {
		if _, err := s.Sessions.ByHash(ctx, hash, noon); !errors.Is(err, want) {
			t.Errorf("session %s: %v, want %v", hash, err, want)
		}
	}
}
