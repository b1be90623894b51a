// Package modelstest gives tests a database. Only tests import it.
package modelstest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"confnotes/models"
)

// empty is a database of today's schema, made once: migrating takes longer than most tests.
var empty = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "confnotes-empty-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	store, err := models.Open(dir, true)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(store.Migrate(context.Background(), dir), store.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(filepath.Join(dir, models.DatabaseFile))
})

// Open returns an empty store in a data folder of the test's own, and that folder.
func Open(t testing.TB) (*models.Store, string) {
	t.Helper()
	database, err := empty()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, models.DatabaseFile), database, 0o600); err != nil {
		t.Fatal(err)
	}
	store, err := models.Open(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store, dir
}
