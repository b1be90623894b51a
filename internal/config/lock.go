package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// LockFile is held by the one `serve` that a data folder has.
const LockFile = "serve.lock"

// ErrLocked: another server runs on this data folder.
var ErrLocked = errors.New("another confnotes server runs on this data folder: stop it first, or give another --data")

// Lock takes the data folder for a server until release. The kernel releases it when
// the process dies.
func Lock(dir string) (release func(), err error) {
	f, err := os.OpenFile(filepath.Join(dir, LockFile), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock data folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, ErrLocked
	}
	return func() { _ = f.Close() }, nil
}

// CheckOwner refuses to work on files of another user: SQLite would leave its own
// beside them that the server then can't write.
func CheckOwner(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("there is no data folder %s: give --data, or start `confnotes serve` there once", dir)
	}
	if err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && int(stat.Uid) != os.Geteuid() {
		return fmt.Errorf("the data folder %s belongs to user id %d and you are %d: run this as its owner", dir, stat.Uid, os.Geteuid())
	}
	return nil
}
