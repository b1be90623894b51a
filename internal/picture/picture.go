// Package picture keeps the pictures that authors add to their texts: it makes them
// ready, stores their files, and takes away what nothing shows any more.
package picture

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"syscall"
	"time"

	"confnotes/internal/media"
	"confnotes/internal/richtext"
	"confnotes/models"
)

// Bounds on what is said of a picture, in characters.
const (
	MaxAlt     = 1500
	MaxCaption = 500
)

// destination is how a text names a picture, or one of its files.
var destination = regexp.MustCompile(`^/media/([A-Za-z0-9_-]{22})(?:/[a-z0-9]+\.(?:jpg|png|gif))?$`)

// Path is what stands in a text for a picture: ![what it shows](/media/…).
func Path(publicID string) string { return "/media/" + publicID }

// ID returns the public id in a destination that names a picture of ours.
func ID(dest string) (string, bool) {
	m := destination.FindStringSubmatch(dest)
	if m == nil {
		return "", false
	}
	return m[1], true
}

// Named returns the public ids of the pictures that a text names, its cover first,
// each once.
func Named(t models.RevisionText) []string {
	var ids []string
	if t.Cover != "" {
		ids = append(ids, t.Cover)
	}
	for _, p := range richtext.Scan(t.Source).Pictures {
		if id, ok := ID(p.Destination); ok && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// File names one of a picture's files, under its id.
func File(v models.PictureVariant) string { return v.Name + media.Ext(v.MIME) }

// atOnce is how many pictures are made ready at a time: each takes tens of megabytes.
const atOnce = 2

// Service adds pictures and sweeps them up.
type Service struct {
	store     *models.Store
	processor *media.Processor
	folder    *media.Folder
	turn      chan struct{}
	log       *slog.Logger
	now       func() time.Time
}

// NewService makes a Service whose files stand in folder.
func NewService(store *models.Store, folder *media.Folder, log *slog.Logger, now func() time.Time) *Service {
	return &Service{store, media.NewProcessor(), folder, make(chan struct{}, atOnce), log, now}
}

// Processor is the program's one: what else decodes pictures shares its memory.
func (s *Service) Processor() *media.Processor { return s.processor }

// Add makes a picture of an upload. The same file twice is one picture. It returns
// *models.InvalidError for what isn't one, or can't be taken.
func (s *Service) Add(ctx context.Context, by *models.Account, u *Upload) (*models.Picture, error) {
	return s.add(ctx, by, u, u.hash, s.processor.Process)
}

// SetFace makes an upload the account's face. The errors are those of Add.
func (s *Service) SetFace(ctx context.Context, of *models.Account, u *Upload) error {
	face, err := s.add(ctx, of, u, "face "+u.hash, s.processor.Face)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx *models.Store) error { return tx.Actors.SetPicture(ctx, of.ActorID, &face.ID) })
}

// RemoveFace takes the account's face away; the sweep deletes it.
func (s *Service) RemoveFace(ctx context.Context, of *models.Account) error {
	return s.store.InTx(ctx, func(tx *models.Store) error { return tx.Actors.SetPicture(ctx, of.ActorID, nil) })
}

// add makes a picture by one of the processor's ways. key is what the same file made
// the same way has in common.
func (s *Service) add(ctx context.Context, by *models.Account, u *Upload, key string, process func(context.Context, []byte) (*media.Picture, error)) (*models.Picture, error) {
	known, err := s.store.Pictures.ByFile(ctx, by.ID, key)
	if err == nil || !errors.Is(err, models.ErrNotFound) {
		return known, err
	}
	made, err := s.process(ctx, u, process)
	var refused *media.RefusedError
	if errors.As(err, &refused) {
		return nil, invalid(refused)
	}
	if err != nil {
		return nil, fmt.Errorf("add a picture: %w", err)
	}
	p := &models.Picture{PublicID: models.NewPublicID(), AccountID: by.ID, SHA256: key, Width: made.Width, Height: made.Height,
		Blurhash: made.Blurhash, Animated: made.Animated, CreatedAt: s.now().UTC()}
	if err := s.keep(ctx, p, made); err != nil {
		return nil, errors.Join(err, s.folder.Remove(p.PublicID))
	}
	return p, nil
}

// process reads an upload into memory when its turn has come, and makes it ready.
func (s *Service) process(ctx context.Context, u *Upload, process func(context.Context, []byte) (*media.Picture, error)) (*media.Picture, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	file, err := u.read()
	if err != nil {
		return nil, err
	}
	return process(ctx, file)
}

// Open opens one of a picture's files, or returns models.ErrNotFound.
func (s *Service) Open(publicID, file string) (*os.File, error) {
	f, err := s.folder.Open(publicID + "/" + file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, models.ErrNotFound
	}
	return f, err
}

// keep stores the files, then the rows that make them a picture.
func (s *Service) keep(ctx context.Context, p *models.Picture, made *media.Picture) error {
	for _, v := range made.Variants {
		row := models.PictureVariant{Name: v.Name, MIME: v.MIME, Width: v.Width, Height: v.Height, Bytes: len(v.Data)}
		if err := s.folder.Put(p.PublicID+"/"+File(row), v.Data); err != nil {
			return fmt.Errorf("store a picture: %w", full(err))
		}
		p.Variants = append(p.Variants, row)
	}
	err := s.store.InTx(ctx, func(tx *models.Store) error { return tx.Pictures.Create(ctx, p) })
	if errors.Is(err, models.ErrConflict) { // the same file came twice at once, and the other was first
		known, err := s.store.Pictures.ByFile(ctx, p.AccountID, p.SHA256)
		if err != nil {
			return err
		}
		stale := p.PublicID
		*p = *known
		return s.folder.Remove(stale)
	}
	return err
}

// full tells a disk without room from what else can go wrong with a file.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return errors.Join(models.ErrFull, err)
	}
	return err
}

// invalid says why a picture can't be taken, with its limit in the unit that people use.
func invalid(e *media.RefusedError) error {
	err := &models.InvalidError{Field: "picture", Reason: models.Reason(e.Reason)}
	switch e.Reason {
	case media.TooManyBytes:
		err.Limit = e.Limit >> 20
	case media.TooManyPixels:
		err.Limit = e.Limit / 1_000_000
	}
	return err
}
