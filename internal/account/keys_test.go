package account

import (
	"context"
	"errors"
	"testing"

	"confnotes/models"
)

// TestKeysAreRotated: the new ones sign, of the old ones nothing secret is left, and
// followers are to be told.
func TestKeysAreRotated(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	gwen := f.add(t, "gwen", models.RoleOwner)
	before, err := f.store.Actors.LocalKeys(ctx, gwen.ActorID)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.RotateKeys(ctx, "GWEN"); err != nil {
		t.Fatal(err)
	}
	after, err := f.store.Actors.LocalKeys(ctx, gwen.ActorID)
	if err != nil || len(after[gwen.ActorID]) != 1 || after[gwen.ActorID][0].ID == before[gwen.ActorID][0].ID {
		t.Errorf("signs with %+v, %v", after, err)
	}
	if changed, err := f.store.Actors.Changed(ctx, 0, 9); err != nil || len(changed) != 1 || changed[0].ActorID != gwen.ActorID {
		t.Errorf("followers are told of %+v, %v", changed, err)
	}
	for _, nobody := range []string{"nobody", ""} {
		if err := f.RotateKeys(ctx, nobody); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("keys of %q: %v", nobody, err)
		}
	}
}

// TestActorsOfOldGetAnEd25519Key, once.
func TestActorsOfOldGetAnEd25519Key(t *testing.T) {
	t.Parallel()
	f, ctx := newFixture(t), context.Background()
	gwen := f.add(t, "gwen", models.RoleOwner)
	made := 0
	generate := func() (*models.ActorKey, error) {
		made++
		return &models.ActorKey{Algorithm: models.KeyEd25519, PublicPEM: "public", PrivatePEM: "private"}, nil
	}
	for range 2 {
		if err := f.EnsureEd25519(ctx, generate); err != nil {
			t.Fatal(err)
		}
	}
	keys, err := f.store.Actors.LocalKeys(ctx, gwen.ActorID)
	if err != nil || made != 1 || len(keys[gwen.ActorID]) != 2 || keys[gwen.ActorID][1].Algorithm != models.KeyEd25519 {
		t.Errorf("%d made, keys %+v, %v", made, keys, err)
	}
}
