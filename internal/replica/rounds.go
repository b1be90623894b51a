package replica

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"confnotes/models"
)

const (
	roundEvery = time.Minute
	// coarse is how exactly we know when a copy was last shown: a page that is read all
	// day costs one write.
	coarse     = 24 * time.Hour
	roundBatch = 500
	maxNoted   = 20_000 // copies that wait for the next round; what is beyond is seen later
	strayAge   = 24 * time.Hour
)

// Shown notes that a page shows copies, or would. Reading writes nothing: the next
// round records it and has those fetched that aren't here.
func (s *Service) Shown(rows ...*models.RemoteMedia) {
	now := s.now()
	for _, m := range rows {
		var news bool
		switch m.State {
		case models.MediaKept:
			news = now.Sub(m.UsedAt) > coarse
		case models.MediaAbsent:
			news = m.Kind != models.MediaLink
		case models.MediaFailed:
			news = m.CheckedAt == nil || now.Sub(*m.CheckedAt) > retryAfter
		}
		if news {
			s.note(s.shown, m.ID)
		}
	}
}

// note remembers a copy for the next round, if there is room.
func (s *Service) note(in map[int64]bool, id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(in) < maxNoted {
		in[id] = true
	}
}

func (s *Service) takeNoted(from map[int64]bool) []int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := slices.Sorted(maps.Keys(from))
	clear(from)
	return ids
}

// Run works every minute until ctx ends.
func (s *Service) Run(ctx context.Context) error {
	if err := s.removeStrays(ctx); err != nil && ctx.Err() == nil {
		s.log.ErrorContext(ctx, "remove strays among the copies", "error", err)
	}
	tick := time.NewTicker(roundEvery)
	defer tick.Stop()
	for {
		if err := s.Round(ctx); err != nil && ctx.Err() == nil {
			s.log.ErrorContext(ctx, "look after the copies", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// Round records what pages have shown, and lets go of what none has shown for long, of
// what is too much, and of what was deleted.
func (s *Service) Round(ctx context.Context) error {
	now := s.now().UTC()
	for ids := range slices.Chunk(s.takeNoted(s.shown), roundBatch) {
		if err := s.record(ctx, ids, now); err != nil {
			return fmt.Errorf("record what was shown: %w", err)
		}
	}
	for ids := range slices.Chunk(s.takeNoted(s.lost), roundBatch) {
		if err := s.store.InTx(ctx, func(tx *models.Store) error { return tx.Media.Lose(ctx, ids) }); err != nil {
			return fmt.Errorf("record what was lost: %w", err)
		}
	}
	err := s.store.InTx(ctx, func(tx *models.Store) error {
		if _, err := tx.Media.Expire(ctx, now.Add(-s.limits.Unused), roundBatch); err != nil {
			return err
		}
		taken, err := tx.Media.Bytes(ctx)
		if err != nil || taken <= s.limits.Bytes {
			return err
		}
		return tx.Media.Evict(ctx, s.limits.Bytes)
	})
	if err != nil {
		return fmt.Errorf("let copies go: %w", err)
	}
	return s.removeFiles(ctx)
}

func (s *Service) record(ctx context.Context, ids []int64, now time.Time) error {
	return s.store.InTx(ctx, func(tx *models.Store) error {
		if err := tx.Media.Touch(ctx, ids, now); err != nil {
			return err
		}
		wanted, err := tx.Media.Want(ctx, ids, now.Add(-retryAfter))
		if err != nil {
			return err
		}
		return queueIDs(ctx, tx, wanted, now)
	})
}

// removeFiles removes the files of copies that were let go. The rows went first, so
// nothing names a file that isn't there.
func (s *Service) removeFiles(ctx context.Context) error {
	for ctx.Err() == nil {
		rows, err := s.store.Media.LetGo(ctx, roundBatch)
		if err != nil {
			return err
		}
		var ids []string
		for _, m := range rows {
			if err := s.folder.Remove(m.PublicID); err != nil {
				return fmt.Errorf("remove a copy: %w", err)
			}
			ids = append(ids, m.PublicID)
		}
		err = s.store.InTx(ctx, func(tx *models.Store) error { return tx.Media.Removed(ctx, ids) })
		if err != nil || len(rows) < roundBatch {
			return err
		}
	}
	return ctx.Err()
}

// removeStrays removes files that no copy has: a process that was killed may leave some.
func (s *Service) removeStrays(ctx context.Context) error {
	var old []string
	for kept, err := range s.folder.List() {
		if err != nil {
			return err
		}
		if kept.Modified.Before(s.now().Add(-strayAge)) {
			old = append(old, kept.ID)
		}
	}
	var failed error
	for ids := range slices.Chunk(old, roundBatch) {
		strays, err := s.store.Media.Strays(ctx, ids)
		if err != nil {
			return err
		}
		for _, id := range strays {
			failed = errors.Join(failed, s.folder.Remove(id))
		}
	}
	return failed
}
