// Package models owns the tables: their structs, their migrations and every query.
// It knows nothing of HTTP, JSON-LD or rendering.
package models

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"
)

// Store gives one small query type per aggregate. A Store from Open reads from a
// pool of read-only connections; the one that InTx hands out reads and writes in
// its transaction. Writing through the former returns ErrReadOnly.
type Store struct {
	Settings      Settings
	Actors        Actors
	Profiles      Profiles
	Accounts      Accounts
	Sessions      Sessions
	Posts         Posts
	Revisions     Revisions
	Pictures      Pictures
	Media         Media
	Follows       Follows
	Readings      Readings
	Reactions     Reactions
	Quotes        Quotes
	Reports       Reports
	Activities    Activities
	Inbox         Inbox
	Deliveries    Deliveries
	Jobs          Jobs
	Blocks        Blocks
	Notifications Notifications
	Conferences   Conferences
	Series        AllSeries
	Coverage      AllCoverage
	Digests       Digests
	Sisters       Sisters
	Talks         Talks
	People        People
	Plans         Plans
	Schedules     Schedules

	db     *gorm.DB
	writer *writer // nil inside a transaction
}

// DatabaseFile is the name of the SQLite file under the data folder.
const DatabaseFile = "confnotes.db"

const (
	readers     = 8
	busyTimeout = 5 * time.Second
)

// Open opens the database under the data folder dir; with create it makes the
// file. It neither migrates nor checks the schema: see Migrate and CheckSchema.
func Open(dir string, create bool) (*Store, error) {
	path, err := filepath.Abs(filepath.Join(dir, DatabaseFile))
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if create {
		if err := createFile(path); err != nil {
			return nil, fmt.Errorf("create database: %w", err)
		}
	}
	// One writer whose transactions take the lock at BEGIN, several readers that
	// can't write: a reader with an immediate lock could not begin beside the writer.
	write, err := connect(path, "_txlock=immediate", 1)
	if err != nil {
		return nil, err
	}
	read, err := connect(path, "_txlock=deferred&_query_only=on", readers)
	if err != nil {
		return nil, errors.Join(err, closeDB(write))
	}
	return newStore(read, &writer{db: write, turn: make(chan struct{}, 1)}), nil
}

// databaseMode: password hashes and private keys are for the server's user alone.
const databaseMode = 0o600

// createFile makes an empty database unless there is one. SQLite gives the files
// that it puts beside it the same mode.
func createFile(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, databaseMode)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

func connect(path, options string, connections int) (*gorm.DB, error) {
	dsn := fmt.Sprintf("file:%s?mode=rw&_journal_mode=WAL&_busy_timeout=%d&_synchronous=FULL&_foreign_keys=on&%s",
		(&url.URL{Path: path}).EscapedPath(), busyTimeout.Milliseconds(), options)
	db, err := gorm.Open(sqlite.Open(dsn), &gorm.Config{
		PrepareStmt:            true,
		PrepareStmtMaxSize:     500, // lists of every length make statements of their own
		SkipDefaultTransaction: true,
		TranslateError:         true,
		Logger:                 logger.Discard,
		NowFunc:                func() time.Time { return time.Now().UTC() },
	})
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	pool, err := db.DB()
	if err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	return db, nil
}

func newStore(db *gorm.DB, w *writer) *Store {
	return &Store{
		Settings: Settings{db}, Actors: Actors{db}, Profiles: Profiles{db}, Accounts: Accounts{db}, Sessions: Sessions{db},
		Posts: Posts{db}, Revisions: Revisions{db}, Pictures: Pictures{db}, Media: Media{db}, Follows: Follows{db}, Reactions: Reactions{db}, Quotes: Quotes{db}, Reports: Reports{db},
		Activities: Activities{db}, Inbox: Inbox{db}, Deliveries: Deliveries{db}, Jobs: Jobs{db},
		Blocks: Blocks{db}, Notifications: Notifications{db}, Readings: Readings{db},
		Conferences: Conferences{db}, Series: AllSeries{db}, Coverage: AllCoverage{db}, Digests: Digests{db}, Sisters: Sisters{db}, Talks: Talks{db}, People: People{db}, Plans: Plans{db}, Schedules: Schedules{db},
		db: db, writer: w,
	}
}

// Close closes every connection.
func (s *Store) Close() error {
	return errors.Join(closeDB(s.db), closeDB(s.writer.db))
}

// Watch calls f with every query that is read outside a transaction from now on, for
// tests that count them. Called once, before the store is used.
func (s *Store) Watch(f func(query string)) error {
	return watch(s.db, func(query string, _ []any) { f(query) })
}

func watch(db *gorm.DB, f func(query string, args []any)) error {
	seen := func(db *gorm.DB) {
		if !db.DryRun { // a part of another query
			f(db.Statement.SQL.String(), db.Statement.Vars)
		}
	}
	return errors.Join(
		db.Callback().Query().After("gorm:query").Register("watch", seen),
		db.Callback().Row().After("gorm:row").Register("watch", seen),
		db.Callback().Raw().After("gorm:raw").Register("watch", seen),
	)
}

func closeDB(db *gorm.DB) error {
	pool, err := db.DB()
	if err != nil {
		return err
	}
	return pool.Close()
}

// Ping says whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	pool, err := s.db.DB()
	if err != nil {
		return err
	}
	return pool.PingContext(ctx)
}

// InTx runs f in the one write transaction, which is committed when f returns
// nil. Only tx sees and makes the changes. It returns ErrNestedTx at once when
// called inside f, ErrBusy when another process holds the database for too long.
func (s *Store) InTx(ctx context.Context, f func(tx *Store) error) error {
	if s.writer == nil {
		return ErrNestedTx
	}
	leave, err := s.writer.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	err = s.writer.db.WithContext(ctx).Transaction(func(db *gorm.DB) error {
		return f(newStore(db, nil))
	}, &sql.TxOptions{})
	return translate(err)
}
