package models

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

func TestATransactionInsideATransactionFailsAtOnce(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	nothing := func(*Store) error { return nil }
	tests := []struct {
		name  string
		inner func(tx *Store) error
	}{
		{"on the store that InTx handed out", func(tx *Store) error { return tx.InTx(ctx, nothing) }},
		{"on the store around it", func(*Store) error { return s.InTx(ctx, nothing) }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var inner error
			err := s.InTx(ctx, func(tx *Store) error {
				inner = tt.inner(tx)
				return tx.Settings.Set(ctx, "kept", "yes")
			})
			if err != nil || !errors.Is(inner, ErrNestedTx) {
				t.Errorf("outer %v, inner %v; want nil, ErrNestedTx", err, inner)
			}
		})
	}
	if all, _ := s.Settings.All(ctx); all["kept"] != "yes" {
		t.Error("the outer transaction was lost")
	}
}

func TestAWriteOutsideATransactionIsRefused(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	writes := map[string]func() error{
		"insert":           func() error { return s.Settings.Set(ctx, "a", "b") },
		"update":           func() error { return s.Accounts.SetRole(ctx, 1, RoleOwner) },
		"delete":           func() error { return s.Sessions.Delete(ctx, "x") },
		"update returning": func() error { _, err := s.Jobs.Lease(ctx, "", noon, noon, 1); return err },
		"lease of a lane":  func() error { _, err := s.Deliveries.LeaseLanes(ctx, "me", noon, noon, 1); return err },
	}
	for name, write := range writes {
		if err := write(); !errors.Is(err, ErrReadOnly) {
			t.Errorf("%s: %v, want ErrReadOnly", name, err)
		}
	}
}

func TestATransactionIsCommittedOrLeavesNoTrace(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	failed := errors.New("no")
	set := func(key string, after func()) func(tx *Store) error {
		return func(tx *Store) error {
			if err := tx.Settings.Set(ctx, key, "1"); err != nil {
				return err
			}
			after()
			return nil
		}
	}
	if err := s.InTx(ctx, set("committed", func() {})); err != nil {
		t.Fatal(err)
	}
	err := s.InTx(ctx, func(tx *Store) error { return errors.Join(set("failed", func() {})(tx), failed) })
	if !errors.Is(err, failed) {
		t.Errorf("error = %v, want the callback's own", err)
	}
	func() {
		defer func() { _ = recover() }()
		_ = s.InTx(ctx, set("panicked", func() { panic("oops") }))
	}()
	cancelled, cancel := context.WithCancel(ctx)
	if err := s.InTx(cancelled, set("cancelled", cancel)); err == nil {
		t.Error("a cancelled transaction reported success")
	}
	if err := s.InTx(ctx, set("after", func() {})); err != nil {
		t.Errorf("the writer is lost after failures: %v", err)
	}
	all, err := s.Settings.All(ctx)
	if err != nil || len(all) != 2 || all["committed"] == "" || all["after"] == "" {
		t.Errorf("settings = %v, %v; want committed and after alone", all, err)
	}
}

func TestReadersGoOnBesideTheWriter(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	err := s.InTx(ctx, func(tx *Store) error {
		if err := tx.Settings.Set(ctx, "draft", "1"); err != nil {
			return err
		}
		var pool sync.WaitGroup
		for range 2 * readers {
			pool.Go(func() {
				if all, err := s.Settings.All(ctx); err != nil || all["draft"] != "" {
					t.Errorf("a reader beside the writer saw %v, %v", all, err)
				}
			})
		}
		pool.Wait()
		if all, err := tx.Settings.All(ctx); err != nil || all["draft"] != "1" {
			t.Errorf("the transaction doesn't see its own write: %v, %v", all, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestWritersTakeTurns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	// Two stores are what two processes are to SQLite: a command beside the server.
	stores := []*Store{openTestStore(t, dir), openTestStore(t, dir)}
	ctx, account := context.Background(), stores[0].addAccount(t, "gwen", RoleOwner)
	const each = 20
	var writers sync.WaitGroup
	for i := range 2 * each {
		writers.Go(func() {
			err := stores[i%2].InTx(ctx, func(tx *Store) error {
				a, err := tx.Accounts.ByID(ctx, account.ID)
				if err != nil {
					return err
				}
				return tx.Accounts.SetLocale(ctx, a.ID, a.Locale+"x") // lost if anybody wrote in between
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	writers.Wait()
	a, err := stores[1].Accounts.ByID(ctx, account.ID)
	if err != nil || len(a.Locale) != 2*each {
		t.Errorf("%d writes survived of %d, %v", len(a.Locale), 2*each, err)
	}
}

func TestWaitingForTheWriterCanBeCancelled(t *testing.T) {
	t.Parallel()
	s := newTestStore(t)
	waiting := make(chan error)
	err := s.InTx(context.Background(), func(*Store) error {
		ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		defer cancel()
		go func() { waiting <- s.InTx(ctx, func(*Store) error { return nil }) }()
		return <-waiting
	})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error = %v, want DeadlineExceeded", err)
	}
}

func TestErrorsAreOurs(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	gwen := s.addAccount(t, "gwen", RoleAuthor)
	if _, err := s.Posts.ByID(ctx, 99); !errors.Is(err, ErrNotFound) {
		t.Errorf("an absent row: %v, want ErrNotFound", err)
	}
	tests := []struct {
		name  string
		write func(tx *Store) error
		want  error
	}{
		{"an update of an absent row", func(tx *Store) error { return tx.Accounts.SetRole(ctx, 99, RoleOwner) }, ErrNotFound},
		{"a second account of one actor", func(tx *Store) error {
			return tx.Accounts.Create(ctx, &Account{ActorID: gwen.ActorID, Role: RoleAuthor, CreatedAt: noon})
		}, ErrConflict},
		{"a second post of one form", func(tx *Store) error {
			id := "client-one"
			first := &Post{ActorID: gwen.ActorID, AccountID: &gwen.ID, ClientID: &id, State: PostDraft, CreatedAt: noon}
			again := *first
			return errors.Join(tx.Posts.Create(ctx, first), tx.Posts.Create(ctx, &again))
		}, ErrConflict},
		{"an activity taken twice", func(tx *Store) error {
			seen := InboxSeen{ActorID: gwen.ActorID, URI: "https://a.example/1", At: noon}
			return errors.Join(tx.Inbox.Record(ctx, &seen), tx.Inbox.Record(ctx, &seen))
		}, ErrConflict},
	}
	for _, tt := range tests {
		if err := s.InTx(ctx, tt.write); !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestForeignKeysHold(t *testing.T) {
	t.Parallel()
	s, ctx := newTestStore(t), context.Background()
	err := s.InTx(ctx, func(tx *Store) error {
		return tx.Accounts.Create(ctx, &Account{ActorID: 99, Role: RoleAuthor, CreatedAt: noon})
	})
	if err == nil || errors.Is(err, ErrConflict) {
		t.Errorf("an account of nobody: %v, want a foreign key error", err)
	}
}

func TestTheDatabaseIsForItsOwnerAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	openTestStore(t, dir).addLocal(t, "gwen")
	files, err := filepath.Glob(filepath.Join(dir, DatabaseFile+"*"))
	if err != nil || len(files) < 2 {
		t.Fatalf("files %v, %v; want the database and its log", files, err)
	}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: mode %v, %v; want -rw-------", f, info.Mode(), err)
		}
	}
}

func TestOpeningWithoutCreatingMakesNoFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if s, err := Open(dir, false); err == nil {
		_ = s.Close()
		t.Error("a database that isn't there was opened")
	}
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Errorf("files = %v, want none", files)
	}
}
