package picture

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"

	"confnotes/internal/media"
)

// Upload is a file that is coming in. It waits on the pictures' own disk: a slow sender
// holds no memory.
type Upload struct {
	file *os.File
	hash string // SHA-256 in hex
}

// Receive reads a file to its end. It returns *models.InvalidError for one that is too
// large. The caller closes the upload.
func (s *Service) Receive(r io.Reader) (*Upload, error) {
	file, err := s.folder.Temp()
	if err != nil {
		return nil, fmt.Errorf("receive a file: %w", full(err))
	}
	u := &Upload{file: file}
	sum := sha256.New()
	n, err := io.Copy(io.MultiWriter(file, sum), io.LimitReader(r, media.MaxBytes+1))
	switch {
	case err != nil:
		return nil, errors.Join(fmt.Errorf("receive a file: %w", full(err)), u.Close())
	case n > media.MaxBytes:
		return nil, errors.Join(invalid(&media.RefusedError{Reason: media.TooManyBytes, Limit: media.MaxBytes}), u.Close())
	}
	u.hash = hex.EncodeToString(sum.Sum(nil))
	return u, nil
}

// Close forgets the file.
func (u *Upload) Close() error { return u.file.Close() }

func (u *Upload) read() ([]byte, error) {
	if _, err := u.file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read an upload: %w", err)
	}
	data, err := io.ReadAll(u.file)
	if err != nil {
		return nil, fmt.Errorf("read an upload: %w", err)
	}
	return data, nil
}
