// Package account is who may sign in: making, changing and ending accounts,
// passwords and sessions.
package account

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"confnotes/internal/richtext"
	"confnotes/models"
)

// Bounds of what an account may be called, in characters.
const (
	MinPassword = 10
	MaxPassword = 1000 // hashing takes no longer for more, but reading does
	MaxName     = 60
	MaxBio      = 500
)

// InstanceHandle is the server's own actor's, whether or not it has been made yet.
const InstanceHandle = "instance"

var handlePattern = regexp.MustCompile(`^[a-z0-9_]{2,30}$`)

// KeyMaker makes the keys of an actor of ours: one of RSA, which takes tens of
// milliseconds of CPU, and one of Ed25519.
type KeyMaker func() ([]*models.ActorKey, error)

// Service makes and changes accounts.
type Service struct {
	store    *models.Store
	makeKeys KeyMaker
	now      func() time.Time
	cost     cost
	hashing  chan struct{}
	throttle *throttle
}

// NewService makes a Service.
func NewService(store *models.Store, makeKeys KeyMaker, now func() time.Time) *Service {
	return &Service{store, makeKeys, now, todaysCost, make(chan struct{}, hashesAtOnce), newThrottle()}
}

// New is an account to be made.
type New struct {
	Handle, Name, Password, Role string
}

// CleanHandle is a handle as it is stored, of a person or of anybody else who is named
// in the one namespace of handles. It returns *models.InvalidError.
func CleanHandle(typed string) (string, error) {
	handle := strings.ToLower(strings.TrimPrefix(strings.TrimSpace(typed), "@"))
	switch {
	case !handlePattern.MatchString(handle):
		return "", &models.InvalidError{Field: "handle", Reason: models.BadHandle}
	case handle == InstanceHandle:
		return "", &models.InvalidError{Field: "handle", Reason: models.HandleTaken}
	}
	return handle, nil
}

func (n *New) clean() (err error) {
	n.Name = strings.Join(strings.Fields(n.Name), " ")
	if n.Handle, err = CleanHandle(n.Handle); err != nil {
		return err
	}
	switch {
	case utf8.RuneCountInString(n.Name) > MaxName:
		return &models.InvalidError{Field: "name", Reason: models.TooLong, Limit: MaxName}
	case !slices.Contains([]string{models.RoleOwner, models.RoleEditor, models.RoleAuthor}, n.Role):
		return &models.InvalidError{Field: "role", Reason: models.BadRole}
	}
	return checkPassword(n.Password)
}

func checkPassword(p string) error {
	switch n := utf8.RuneCountInString(p); {
	case n < MinPassword:
		return &models.InvalidError{Field: "password", Reason: models.TooShort, Limit: MinPassword}
	case n > MaxPassword:
		return &models.InvalidError{Field: "password", Reason: models.TooLong, Limit: MaxPassword}
	}
	return nil
}

// Add makes an account with its actor and key. It returns *models.InvalidError,
// also for a handle that is, or ever was, taken.
func (s *Service) Add(ctx context.Context, n New) (*models.Account, error) {
	prepared, err := s.prepare(ctx, n)
	if err != nil {
		return nil, err
	}
	return prepared.account, s.store.InTx(ctx, func(tx *models.Store) error { return prepared.store(ctx, tx) })
}

// prepared is an account whose slow work, keys and hash, is done outside the transaction.
type prepared struct {
	account *models.Account
	keys    []*models.ActorKey
}

func (s *Service) prepare(ctx context.Context, n New) (*prepared, error) {
	if err := n.clean(); err != nil {
		return nil, err
	}
	hash, err := s.hash(ctx, n.Password)
	if err != nil {
		return nil, err
	}
	keys, err := s.makeKeys()
	if err != nil {
		return nil, err
	}
	now := s.now().UTC()
	actor := &models.Actor{Kind: "Person", Handle: n.Handle, Name: n.Name, Discoverable: true, CreatedAt: now}
	return &prepared{&models.Account{Actor: actor, PasswordHash: hash, Role: n.Role, CreatedAt: now}, keys}, nil
}

// StoreActor stores an actor of ours with its keys. It returns *models.InvalidError for a
// handle that is, or ever was, taken.
func StoreActor(ctx context.Context, tx *models.Store, a *models.Actor, keys []*models.ActorKey) error {
	err := tx.Actors.CreateLocal(ctx, a, keys...)
	if errors.Is(err, models.ErrConflict) {
		return &models.InvalidError{Field: "handle", Reason: models.HandleTaken}
	}
	return err
}

func (p *prepared) store(ctx context.Context, tx *models.Store) error {
	if err := StoreActor(ctx, tx, p.account.Actor, p.keys); err != nil {
		return fmt.Errorf("add account: %w", err)
	}
	p.account.ActorID = p.account.Actor.ID
	return tx.Accounts.Create(ctx, p.account)
}

// EnsureInstanceActor makes the Application actor that stands for the server, once.
func (s *Service) EnsureInstanceActor(ctx context.Context, handle string) error {
	_, err := s.store.Actors.LocalByHandle(ctx, handle)
	if !errors.Is(err, models.ErrNotFound) {
		return err
	}
	keys, err := s.makeKeys()
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx *models.Store) error {
		return tx.Actors.CreateLocal(ctx, &models.Actor{Kind: "Application", Handle: handle, CreatedAt: s.now().UTC()}, keys...)
	})
}

// ErrLastOwner: an instance keeps at least one owner.
var ErrLastOwner = errors.New("the last owner: make somebody else an owner first")

// SetRole changes what an account may do.
func (s *Service) SetRole(ctx context.Context, handle, role string) error {
	if !slices.Contains([]string{models.RoleOwner, models.RoleEditor, models.RoleAuthor}, role) {
		return &models.InvalidError{Field: "role", Reason: models.BadRole}
	}
	return s.store.InTx(ctx, func(tx *models.Store) error {
		a, err := tx.Accounts.ByHandle(ctx, handle)
		if err != nil {
			return err
		}
		if role != models.RoleOwner {
			if err := KeepAnOwner(ctx, tx, a); err != nil {
				return err
			}
		}
		return tx.Accounts.SetRole(ctx, a.ID, role)
	})
}

// KeepAnOwner returns ErrLastOwner when the instance would be without an owner
// if it lost this one.
func KeepAnOwner(ctx context.Context, tx *models.Store, a *models.Account) error {
	if a.Role != models.RoleOwner {
		return nil
	}
	n, err := tx.Accounts.CountOwners(ctx)
	if err == nil && n < 2 {
		return ErrLastOwner
	}
	return err
}

// SetPassword changes a password and signs the account out everywhere but in the
// session kept, if any.
func (s *Service) SetPassword(ctx context.Context, a *models.Account, password, kept string) error {
	if err := checkPassword(password); err != nil {
		return err
	}
	hash, err := s.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.store.InTx(ctx, func(tx *models.Store) error {
		if err := tx.Accounts.SetPassword(ctx, a.ID, hash); err != nil {
			return err
		}
		return tx.Sessions.DeleteAll(ctx, a.ID, hashToken(kept))
	})
}

// SetProfile changes how an account presents itself, and its language of the
// interface. bio is Markdown.
func (s *Service) SetProfile(ctx context.Context, a *models.Account, name, bio, locale string) error {
	name, bio = strings.Join(strings.Fields(name), " "), strings.TrimSpace(strings.ReplaceAll(bio, "\r\n", "\n"))
	if utf8.RuneCountInString(name) > MaxName {
		return &models.InvalidError{Field: "name", Reason: models.TooLong, Limit: MaxName}
	}
	if utf8.RuneCountInString(bio) > MaxBio {
		return &models.InvalidError{Field: "bio", Reason: models.TooLong, Limit: MaxBio}
	}
	html := richtext.Render(bio, richtext.Options{Language: locale}).HTML
	return s.store.InTx(ctx, func(tx *models.Store) error {
		if err := tx.Actors.UpdateProfile(ctx, a.ActorID, name, bio, html); err != nil {
			return err
		}
		return tx.Accounts.SetLocale(ctx, a.ID, locale)
	})
}

// ChangePassword is SetPassword for somebody who knows the current one; guessing it
// is slowed down as signing in is. It returns *models.InvalidError or *ThrottledError.
func (s *Service) ChangePassword(ctx context.Context, a *models.Account, current, password, kept, address string) error {
	if err := checkPassword(password); err != nil {
		return err
	}
	if err := s.Confirm(ctx, a, current, address); err != nil {
		return err
	}
	return s.SetPassword(ctx, a, password, kept)
}

// Confirm says whether somebody who is signed in knows the account's password, before what
// can't be undone. It returns *models.InvalidError or *ThrottledError.
func (s *Service) Confirm(ctx context.Context, a *models.Account, current, address string) error {
	release, wait := s.throttle.enter(a.Actor.HandleLC, address, s.now())
	if wait > 0 {
		return &ThrottledError{wait}
	}
	ok, err := s.matches(ctx, a.PasswordHash, current)
	if err != nil {
		return err
	}
	if !ok {
		return &models.InvalidError{Field: "current", Reason: models.WrongPassword}
	}
	release()
	return nil
}
