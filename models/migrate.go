package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"

	"confnotes/models/migrations"
)

// SchemaError: the database was made by another version of confnotes.
type SchemaError struct{ Have, Want int64 }

func (e *SchemaError) Error() string {
	if e.Have > e.Want {
		return fmt.Sprintf("the database has schema version %d, this confnotes knows %d: use the newer confnotes, or restore a backup", e.Have, e.Want)
	}
	return fmt.Sprintf("the database has schema version %d, this confnotes needs %d: start `confnotes serve` once to bring it up to date", e.Have, e.Want)
}

func (s *Store) provider() (*goose.Provider, error) {
	db, err := s.writer.db.DB()
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(goose.DialectSQLite3, db, migrations.FS)
}

// Migrate brings the schema up to date, after copying an existing database to
// backupDir. It returns *SchemaError for a newer schema. Only `serve` calls it.
func (s *Store) Migrate(ctx context.Context, backupDir string) error {
	return s.migrate(ctx, migrations.FS, backupDir)
}

func (s *Store) migrate(ctx context.Context, files fs.FS, backupDir string) error {
	db, err := s.writer.db.DB()
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if have > want {
		return &SchemaError{have, want}
	}
	if have > 0 && have < want {
		if err := copyBefore(ctx, db, filepath.Join(backupDir, fmt.Sprintf("before-schema-%d.db", want))); err != nil {
			return err
		}
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	return nil
}

// copyBefore keeps the first copy when a migration is tried again: it is the one
// from before anything was changed.
func copyBefore(ctx context.Context, db *sql.DB, path string) error {
	if _, err := os.Stat(path); err == nil {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("copy before migrating: %w", err)
	}
	part := path + ".part"
	// SQLite fills an empty file, with the mode that it has, and doesn't sync it.
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_RDWR, databaseMode)
	if err != nil {
		return fmt.Errorf("copy before migrating: %w", err)
	}
	_, err = db.ExecContext(ctx, "VACUUM INTO ?", part)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("copy before migrating: %w", err)
	}
	return os.Rename(part, path)
}

// CheckSchema returns *SchemaError unless the schema is the one this program knows.
func (s *Store) CheckSchema(ctx context.Context) error {
	p, err := s.provider()
	if err != nil {
		return err
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if have != want {
		return &SchemaError{have, want}
	}
	return nil
}
