package media

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"regexp"
	"strings"
	"syscall"
	"time"
)

// incoming holds files while they are written, beside the pictures' own folders: on the
// same disk, so that renaming is all or nothing.
const incoming = ".incoming"

// staleAfter is when a file in incoming can only be what a killed process left.
const staleAfter = time.Hour

var (
	idPattern  = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}$`)
	keyPattern = regexp.MustCompile(`^[0-9A-Za-z_-]{1,64}/[0-9a-z_-]{1,32}\.(jpg|png|gif)$`)
)

// Folder keeps files under one folder and touches nothing outside it. A file's key is
// "<id>/<name>.<ext>"; all files of an id come and go together.
type Folder struct {
	root *os.Root
}

// Kept is an id with files, and when the last one came or went.
type Kept struct {
	ID       string
	Modified time.Time
}

// OpenFolder opens a folder, making it if there is none, and sweeps what a killed
// process left half written. Only the program's own user may look inside.
func OpenFolder(dir string) (*Folder, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("media folder: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("media folder: %w", err)
	}
	f := &Folder{root: root}
	if err := f.sweep(); err != nil {
		return nil, errors.Join(fmt.Errorf("media folder: %w", err), root.Close())
	}
	return f, nil
}

// Close lets go of the folder.
func (f *Folder) Close() error { return f.root.Close() }

// Put stores a file whole or not at all, and it is on the disk when Put returns. A file
// with the same key is replaced. Errors: fs.ErrInvalid for a key that can't be one;
// syscall.ENOSPC, wrapped, when the disk is full.
func (f *Folder) Put(key string, data []byte) error {
	if !keyPattern.MatchString(key) {
		return &fs.PathError{Op: "put", Path: key, Err: fs.ErrInvalid}
	}
	draft := incoming + "/" + rand.Text()
	if err := f.write(draft, data); err != nil {
		return errors.Join(err, f.discard(draft))
	}
	if err := f.adopt(draft, key); err != nil {
		return errors.Join(err, f.discard(draft))
	}
	return nil
}

func (f *Folder) write(draft string, data []byte) error {
	file, err := f.root.OpenFile(draft, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := file.Write(data); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := file.Sync(); err != nil {
		return errors.Join(err, file.Close())
	}
	return file.Close()
}

// adopt moves a written file to its place.
func (f *Folder) adopt(draft, key string) error {
	dir := path.Dir(key)
	if err := f.root.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := f.plain(dir, fs.ModeDir); err != nil {
		return err
	}
	if err := f.root.Rename(draft, key); err != nil {
		return err
	}
	return errors.Join(f.syncDir(dir), f.syncDir("."))
}

// syncDir makes the names in a folder last.
func (f *Folder) syncDir(dir string) error {
	d, err := f.root.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Temp opens a file without a name on the folder's disk. It lives as long as it is open.
// A system's own folder for such files often is memory.
func (f *Folder) Temp() (*os.File, error) {
	name := incoming + "/" + rand.Text()
	file, err := f.root.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	if err := f.root.Remove(name); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func (f *Folder) discard(draft string) error {
	if err := f.root.Remove(draft); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// plain refuses what isn't of a type: a symbolic link is never followed, even to a place
// inside.
func (f *Folder) plain(name string, want fs.FileMode) error {
	info, err := f.root.Lstat(name)
	if err == nil && info.Mode().Type() != want {
		err = &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return err
}

// Open opens a file for reading. Whatever isn't one of our files is fs.ErrNotExist.
func (f *Folder) Open(key string) (*os.File, error) {
	if !keyPattern.MatchString(key) {
		return nil, &fs.PathError{Op: "open", Path: key, Err: fs.ErrNotExist}
	}
	if err := f.plain(path.Dir(key), fs.ModeDir); err != nil {
		return nil, err
	}
	if err := f.plain(key, 0); err != nil {
		return nil, err
	}
	return f.root.OpenFile(key, os.O_RDONLY|syscall.O_NOFOLLOW, 0)
}

// Remove deletes all files of an id. Where there are none it does nothing.
func (f *Folder) Remove(id string) error {
	if !idPattern.MatchString(id) {
		return &fs.PathError{Op: "remove", Path: id, Err: fs.ErrInvalid}
	}
	return f.root.RemoveAll(id)
}

// List goes through the ids that have files, in no order.
func (f *Folder) List() iter.Seq2[Kept, error] {
	return func(yield func(Kept, error) bool) {
		for entry, err := range f.entries(".") {
			if err != nil {
				yield(Kept{}, err)
				return
			}
			if strings.HasPrefix(entry.Name(), ".") || !entry.IsDir() {
				continue
			}
			if !yield(Kept{ID: entry.Name(), Modified: entry.ModTime()}, nil) {
				return
			}
		}
	}
}

// entries reads a folder in batches, so that a large one doesn't stand in memory. What
// goes in the meantime is skipped.
func (f *Folder) entries(dir string) iter.Seq2[fs.FileInfo, error] {
	const batch = 256
	return func(yield func(fs.FileInfo, error) bool) {
		d, err := f.root.Open(dir)
		if err != nil {
			yield(nil, err)
			return
		}
		defer d.Close()
		for {
			found, err := d.ReadDir(batch)
			for _, entry := range found {
				info, err := entry.Info()
				if errors.Is(err, fs.ErrNotExist) {
					continue
				}
				if !yield(info, err) || err != nil {
					return
				}
			}
			if len(found) == 0 || err != nil {
				return
			}
		}
	}
}

// sweep makes incoming and takes out what is older than any write in progress.
func (f *Folder) sweep() error {
	if err := f.root.Mkdir(incoming, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	for entry, err := range f.entries(incoming) {
		if err != nil {
			return err
		}
		if time.Since(entry.ModTime()) > staleAfter {
			if err := f.discard(incoming + "/" + entry.Name()); err != nil {
				return err
			}
		}
	}
	return nil
}
