package picture

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"confnotes/models"
)

const (
	sweepEvery = time.Hour
	// fresh is how long a picture may wait for the text that shows it to be saved.
	fresh = 24 * time.Hour
	// grace is how long a picture that nothing shows is kept: an author may put it back,
	// and what was published is still being fetched.
	grace      = 7 * 24 * time.Hour
	sweepBatch = 100
)

// Run sweeps at once, then every hour, until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(sweepEvery)
	defer tick.Stop()
	for {
		if err := s.Sweep(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "sweep pictures", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Sweep deletes what nothing has shown for the grace period, and files that no
// picture has: a process that was killed may leave some. Rows go first, so that
// nothing ever names a file that isn't there.
func (s *Service) Sweep(ctx context.Context) error {
	now := s.now().UTC()
	err := s.store.InTx(ctx, func(tx *models.Store) error { return tx.Pictures.MarkUnused(ctx, now.Add(-fresh), now) })
	if err != nil {
		return fmt.Errorf("mark unused pictures: %w", err)
	}
	for ctx.Err() == nil {
		var gone []string
		err := s.store.InTx(ctx, func(tx *models.Store) (err error) {
			gone, err = tx.Pictures.DeleteUnused(ctx, now.Add(-grace), sweepBatch)
			return err
		})
		if err != nil {
			return fmt.Errorf("delete unused pictures: %w", err)
		}
		for _, id := range gone {
			err = errors.Join(err, s.folder.Remove(id))
		}
		if err != nil {
			return err
		}
		if len(gone) < sweepBatch {
			return s.removeStrays(ctx, now.Add(-fresh))
		}
	}
	return ctx.Err()
}

// removeStrays removes files that have stood since before a time without a picture.
func (s *Service) removeStrays(ctx context.Context, before time.Time) error {
	var old []string
	for kept, err := range s.folder.List() {
		if err != nil {
			return fmt.Errorf("list the pictures' files: %w", err)
		}
		if kept.Modified.Before(before) {
			old = append(old, kept.ID)
		}
	}
	for ids := range slices.Chunk(old, sweepBatch) {
		strays, err := s.store.Pictures.Missing(ctx, ids)
		if err != nil {
			return err
		}
		for _, id := range strays {
			s.log.InfoContext(ctx, "files without a picture go", "id", id)
			err = errors.Join(err, s.folder.Remove(id))
		}
		if err != nil {
			return err
		}
	}
	return nil
}
