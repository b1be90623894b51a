// Package replica keeps our own copies of strangers' pictures: made small, capped
// together, and let go when nobody looks at them. Nothing of a stranger's file is passed
// on, and no page leads a reader's browser to a stranger's server.
package replica

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"time"

	"confnotes/internal/media"
	"confnotes/models"
)

// What a copy may be: a face fits a square, a picture the width of a page's text, an emoji
// a line of it.
var (
	avatarSizes  = []media.Bounds{{Width: 128, Height: 128, Crop: true}}
	emojiSizes   = []media.Bounds{{Width: 192, Height: 64}}
	pictureSizes = []media.Bounds{{Width: 960, Height: 2880}, {Width: 480, Height: 1440}}
)

const (
	maxCopy    = 1 << 20            // bytes; what is larger is tried smaller
	retryAfter = 7 * 24 * time.Hour // before what could not be had is asked for again
)

// Limits bound what all copies take.
type Limits struct {
	Bytes  int64         // together
	Unused time.Duration // without being shown
}

// DefaultLimits hold the faces of a hundred thousand people, or some thousand pictures.
var DefaultLimits = Limits{Bytes: 512 << 20, Unused: 28 * 24 * time.Hour}

// ErrRefused: the file can't become a copy.
var ErrRefused = errors.New("not a picture that we copy")

// Service makes copies, serves them and lets them go.
type Service struct {
	store     *models.Store
	processor *media.Processor
	folder    *media.Folder
	limits    Limits
	log       *slog.Logger
	now       func() time.Time

	mu    sync.Mutex
	shown map[int64]bool // since the last round
	lost  map[int64]bool // whose files are not there, as after a restore without them
}

// NewService makes a Service whose files stand in folder.
func NewService(store *models.Store, processor *media.Processor, folder *media.Folder, limits Limits, log *slog.Logger, now func() time.Time) *Service {
	return &Service{store: store, processor: processor, folder: folder, limits: limits, log: log, now: now, shown: map[int64]bool{}, lost: map[int64]bool{}}
}

// Keep makes the copy of a wanted picture from its file, unless it isn't wanted any
// more. It returns ErrRefused for what is no picture, or can't be made small enough.
func (s *Service) Keep(ctx context.Context, m *models.RemoteMedia, file []byte) error {
	v, err := s.shrink(ctx, m.Kind, file)
	if err != nil {
		return err
	}
	old, now := m.PublicID, s.now().UTC()
	m.PublicID, m.MIME, m.Width, m.Height, m.Bytes, m.CheckedAt, m.UsedAt = models.NewPublicID(), v.MIME, v.Width, v.Height, len(v.Data), &now, now
	if err := s.folder.Put(m.PublicID+"/"+File(m), v.Data); err != nil {
		return fmt.Errorf("store a copy: %w", err)
	}
	err = s.store.InTx(ctx, func(tx *models.Store) error { return tx.Media.Keep(ctx, m) })
	if err != nil {
		err = errors.Join(err, s.folder.Remove(m.PublicID))
	} else if old != "" {
		err = s.folder.Remove(old)
	}
	if errors.Is(err, models.ErrNotFound) {
		return nil // deleted or blocked in the meantime
	}
	return err
}

func (s *Service) shrink(ctx context.Context, kind string, file []byte) (*media.Variant, error) {
	sizes := pictureSizes
	switch kind {
	case models.MediaAvatar:
		sizes = avatarSizes
	case models.MediaEmoji:
		sizes = emojiSizes
	}
	for _, size := range sizes {
		v, err := s.processor.Thumbnail(ctx, file, size)
		if refused, ok := errors.AsType[*media.RefusedError](err); ok {
			return nil, errors.Join(ErrRefused, refused)
		}
		if err != nil || len(v.Data) <= maxCopy {
			return v, err
		}
	}
	return nil, fmt.Errorf("%w: it is too large", ErrRefused)
}

// File names a copy's file, under its public id.
func File(m *models.RemoteMedia) string { return media.Thumb + media.Ext(m.MIME) }

// Open opens the file of a copy that is kept, or returns models.ErrNotFound.
func (s *Service) Open(ctx context.Context, publicID, file string) (*os.File, error) {
	m, err := s.store.Media.ByFile(ctx, publicID)
	if err != nil {
		return nil, err
	}
	if file != File(m) {
		return nil, models.ErrNotFound
	}
	f, err := s.folder.Open(publicID + "/" + file)
	if errors.Is(err, fs.ErrNotExist) {
		s.note(s.lost, m.ID)
		return nil, models.ErrNotFound
	}
	return f, err
}
