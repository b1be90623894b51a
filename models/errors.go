package models

import (
	"errors"
	"strings"

	"github.com/mattn/go-sqlite3"
	"gorm.io/gorm"
)

var (
	// ErrNotFound: there is no such row, or the asker may not know of it.
	ErrNotFound = errors.New("not found")
	// ErrConflict: a unique constraint holds the place already.
	ErrConflict = errors.New("already exists")
	// ErrNestedTx: InTx was called inside InTx; use the tx at hand.
	ErrNestedTx = errors.New("a transaction inside a transaction: use the store that InTx handed out")
	// ErrReadOnly: something was written outside InTx.
	ErrReadOnly = errors.New("a write outside a transaction: use InTx")
	// ErrBusy: another process holds the database.
	ErrBusy = errors.New("the database is busy; try again")
	// ErrFull: the disk, or the quota, is full.
	ErrFull = errors.New("the disk is full")
)

// InvalidError says which field of an input can't be taken, and why, as a
// message id of the catalogue with its arguments.
type InvalidError struct {
	Field   string
	Message string
	Args    []any
}

func (e *InvalidError) Error() string { return e.Field + ": " + e.Message }

// translate turns a driver's error into one of ours.
func translate(err error) error {
	var lite sqlite3.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, gorm.ErrRecordNotFound):
		return ErrNotFound
	case errors.Is(err, gorm.ErrDuplicatedKey):
		return ErrConflict
	case errors.As(err, &lite):
		switch lite.Code {
		case sqlite3.ErrReadonly:
			return ErrReadOnly
		case sqlite3.ErrBusy, sqlite3.ErrLocked:
			return ErrBusy
		case sqlite3.ErrFull, sqlite3.ErrIoErr:
			return errors.Join(ErrFull, err)
		case sqlite3.ErrConstraint:
			if strings.Contains(lite.Error(), "UNIQUE") {
				return ErrConflict
			}
		}
	}
	return err
}
