package models

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"confnotes/models/migrations"
)

// withNext is today's migrations and one more.
func withNext(t *testing.T, sql string) fstest.MapFS {
	t.Helper()
	files := fstest.MapFS{"0999_next.sql": {Data: []byte("-- +goose Up\n" + sql)}}
	names, err := fs.Glob(migrations.FS, "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("migrations: %v, %v", names, err)
	}
	for _, name := range names {
		data, err := migrations.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = &fstest.MapFile{Data: data}
	}
	return files
}

func copies(t *testing.T, dir string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(dir, "before-*"))
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestAnEmptyFolderIsMigratedWithoutACopy(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s := openTestStore(t, dir)
	if err := s.CheckSchema(context.Background()); err != nil {
		t.Errorf("the schema isn't today's: %v", err)
	}
	if got := copies(t, dir); len(got) != 0 {
		t.Errorf("copies = %v, want none of an empty database", got)
	}
	if err := s.Migrate(context.Background(), dir); err != nil {
		t.Errorf("migrating again: %v", err)
	}
}

func TestAnOlderSchemaIsCopiedBeforeItIsMigrated(t *testing.T) {
	t.Parallel()
	dir, ctx := t.TempDir(), context.Background()
	s := openTestStore(t, dir)
	s.addAccount(t, "gwen", RoleOwner)
	if err := s.migrate(ctx, withNext(t, "ALTER TABLE accounts ADD COLUMN pronouns TEXT;"), dir); err != nil {
		t.Fatal(err)
	}
	got := copies(t, dir)
	if len(got) != 1 || strings.HasSuffix(got[0], ".part") {
		t.Fatalf("copies = %v, want one", got)
	}
	if info, err := os.Stat(got[0]); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the copy has mode %v, %v; want -rw-------", info.Mode(), err)
	}
	old := openCopy(t, got[0])
	if err := old.CheckSchema(ctx); err != nil {
		t.Errorf("the copy doesn't have the schema from before: %v", err)
	}
	if _, err := old.Accounts.ByHandle(ctx, "gwen"); err != nil {
		t.Errorf("the copy lost an account: %v", err)
	}
}

// openCopy opens a copy as a restore would: as the database of another folder.
func openCopy(t *testing.T, path string) *Store {
	t.Helper()
	dir := t.TempDir()
	data, err := os.ReadFile(path)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, DatabaseFile), data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	s, err := Open(dir, false)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func TestANewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	dir, ctx := t.TempDir(), context.Background()
	s := openTestStore(t, dir)
	if err := s.migrate(ctx, withNext(t, "CREATE TABLE later (id INTEGER);"), dir); err != nil {
		t.Fatal(err)
	}
	for name, err := range map[string]error{"serve": s.Migrate(ctx, dir), "another command": s.CheckSchema(ctx)} {
		schema, ok := errors.AsType[*SchemaError](err)
		if !ok || schema.Have != 999 || !strings.Contains(err.Error(), "newer") {
			t.Errorf("%s on a newer schema: %v, want a SchemaError that says so", name, err)
		}
	}
}

func TestACommandRefusesAnOlderSchema(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, err := Open(dir, true)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Close() }()
	schema, ok := errors.AsType[*SchemaError](s.CheckSchema(context.Background()))
	if !ok || schema.Have != 0 || !strings.Contains(schema.Error(), "confnotes serve") {
		t.Errorf("error = %v, want a SchemaError that says what to start", schema)
	}
}

func TestAMigrationThatFailedCanBeTriedAgain(t *testing.T) {
	t.Parallel()
	dir, ctx := t.TempDir(), context.Background()
	s := openTestStore(t, dir)
	s.addAccount(t, "gwen", RoleOwner)
	broken := "ALTER TABLE accounts ADD COLUMN pronouns TEXT;\nUPDATE accounts SET role = 'author';\nINSERT INTO nowhere VALUES (1);"
	if err := s.migrate(ctx, withNext(t, broken), dir); err == nil {
		t.Fatal("a broken migration succeeded")
	}
	first := copies(t, dir)
	if len(first) != 1 {
		t.Fatalf("copies = %v, want one", first)
	}
	before, err := os.ReadFile(first[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := s.CheckSchema(ctx); err != nil {
		t.Errorf("the old schema is not usable: %v", err)
	}
	if a, err := s.Accounts.ByHandle(ctx, "gwen"); err != nil || a.Role != RoleOwner {
		t.Errorf("the broken migration left its mark: %+v, %v", a, err)
	}
	s.addAccount(t, "later", RoleAuthor)
	if err := s.migrate(ctx, withNext(t, "ALTER TABLE accounts ADD COLUMN pronouns TEXT;"), dir); err != nil {
		t.Fatalf("the second try: %v", err)
	}
	after, err := os.ReadFile(first[0])
	if err != nil || string(after) != string(before) {
		t.Errorf("the first copy was replaced, %v", err)
	}
}

func TestAProcessKilledWhileCopyingStartsAnewAtTheCopy(t *testing.T) {
	t.Parallel()
	dir, ctx := t.TempDir(), context.Background()
	s := openTestStore(t, dir)
	s.addAccount(t, "gwen", RoleOwner)
	half := filepath.Join(dir, "before-schema-999.db.part")
	if err := os.WriteFile(half, []byte("half a cop"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.migrate(ctx, withNext(t, "CREATE TABLE later (id INTEGER);"), dir); err != nil {
		t.Fatal(err)
	}
	got := copies(t, dir)
	if len(got) != 1 || got[0] != strings.TrimSuffix(half, ".part") {
		t.Fatalf("copies = %v, want the whole one alone", got)
	}
	if _, err := openCopy(t, got[0]).Accounts.ByHandle(ctx, "gwen"); err != nil {
		t.Errorf("the copy is not whole: %v", err)
	}
}
