package account

import (
	"context"
	"fmt"

	"confnotes/models"
)

// RotateKeys has one of ours, an account or a conference, sign with new keys from now on;
// the old ones are thrown away. Followers' servers are told within a minute, and fetch the
// keys from us at the first signature that doesn't match. It returns models.ErrNotFound for
// a handle that nobody here has.
func (s *Service) RotateKeys(ctx context.Context, handle string) error {
	keys, err := s.makeKeys()
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx *models.Store) error {
		actor, err := tx.Actors.LocalByHandle(ctx, handle)
		if err == nil && actor.State != models.StateActive {
			err = models.ErrNotFound
		}
		if err != nil {
			return fmt.Errorf("rotate keys of %s: %w", handle, err)
		}
		return tx.Actors.ReplaceLocalKeys(ctx, actor.ID, keys, s.now())
	})
}

// EnsureEd25519 gives an Ed25519 key to each of our actors that has none: those made
// before there were any.
func (s *Service) EnsureEd25519(ctx context.Context, generate func() (*models.ActorKey, error)) error {
	return s.store.InTx(ctx, func(tx *models.Store) error {
		ids, err := tx.Actors.LackingEd25519(ctx)
		if err != nil {
			return err
		}
		for _, id := range ids {
			key, err := generate()
			if err == nil {
				err = tx.Actors.AddLocalKey(ctx, id, key)
			}
			if err != nil {
				return fmt.Errorf("add an Ed25519 key: %w", err)
			}
		}
		return nil
	})
}
