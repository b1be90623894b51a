package models

import (
	"context"
	"time"

	"gorm.io/gorm"
)

// Roles of an account: an author writes; an editor also looks after every
// conversation; the owner also blocks for the whole instance.
const (
	RoleOwner  = "owner"
	RoleEditor = "editor"
	RoleAuthor = "author"
)

// Account is somebody who can sign in. What others see of them is their Actor.
type Account struct {
	ID           int64
	ActorID      int64
	Actor        *Actor `gorm:"-"`
	PasswordHash string
	Role         string
	Locale       string
	State        string
	CreatedAt    time.Time
}

// Moderates says whether the account may look after conversations that aren't its own.
func (a *Account) Moderates() bool { return a.Role == RoleOwner || a.Role == RoleEditor }

// Accounts queries those who can sign in.
type Accounts struct{ db *gorm.DB }

// Create stores an account for a local actor that exists already.
func (q Accounts) Create(ctx context.Context, a *Account) error {
	a.State = StateActive
	return translate(q.db.WithContext(ctx).Create(a).Error)
}

// ByHandle returns an active account with its actor.
func (q Accounts) ByHandle(ctx context.Context, handle string) (*Account, error) {
	actor, err := Actors(q).LocalByHandle(ctx, handle)
	if err != nil {
		return nil, err
	}
	a, err := one[Account](q.db.WithContext(ctx).Where("actor_id = ? AND state = ?", actor.ID, StateActive))
	if err != nil {
		return nil, err
	}
	a.Actor = actor
	return a, nil
}

// ByID returns an active account with its actor.
func (q Accounts) ByID(ctx context.Context, id int64) (*Account, error) {
	a, err := one[Account](q.db.WithContext(ctx).Where("id = ? AND state = ?", id, StateActive))
	if err != nil {
		return nil, err
	}
	a.Actor, err = Actors(q).ByID(ctx, a.ActorID)
	return a, err
}

// ByActor returns the active account that writes as an actor, without the actor.
func (q Accounts) ByActor(ctx context.Context, actorID int64) (*Account, error) {
	return one[Account](q.db.WithContext(ctx).Where("actor_id = ? AND state = ?", actorID, StateActive))
}

// List returns the active accounts with their actors, oldest first.
func (q Accounts) List(ctx context.Context) ([]*Account, error) {
	var rows []*Account
	if err := q.db.WithContext(ctx).Where("state = ?", StateActive).Order("id").Find(&rows).Error; err != nil {
		return nil, translate(err)
	}
	ids := make([]int64, len(rows))
	for i, a := range rows {
		ids[i] = a.ActorID
	}
	actors, err := Actors(q).ByIDs(ctx, ids)
	for _, a := range rows {
		a.Actor = actors[a.ActorID]
	}
	return rows, err
}

// Count returns how many accounts are active.
func (q Accounts) Count(ctx context.Context) (int64, error) {
	var n int64
	err := q.db.WithContext(ctx).Model(&Account{}).Where("state = ?", StateActive).Count(&n).Error
	return n, translate(err)
}

// CountOwners returns how many active accounts are owners.
func (q Accounts) CountOwners(ctx context.Context) (int64, error) {
	var n int64
	err := q.db.WithContext(ctx).Model(&Account{}).Where("state = ? AND role = ?", StateActive, RoleOwner).Count(&n).Error
	return n, translate(err)
}

// SetPassword stores a new hash.
func (q Accounts) SetPassword(ctx context.Context, id int64, hash string) error {
	return changed(q.db.WithContext(ctx).Model(&Account{}).Where("id = ?", id).Update("password_hash", hash))
}

// SetRole changes what an account may do.
func (q Accounts) SetRole(ctx context.Context, id int64, role string) error {
	return changed(q.db.WithContext(ctx).Model(&Account{}).Where("id = ?", id).Update("role", role))
}

// SetLocale changes the language an account reads the interface in.
func (q Accounts) SetLocale(ctx context.Context, id int64, locale string) error {
	return changed(q.db.WithContext(ctx).Model(&Account{}).Where("id = ?", id).Update("locale", locale))
}

// MarkDeleted keeps the row, so that what it wrote still has an account, and ends it.
func (q Accounts) MarkDeleted(ctx context.Context, id int64) error {
	return changed(q.db.WithContext(ctx).Model(&Account{}).Where("id = ?", id).
		Updates(map[string]any{"state": StateDeleted, "password_hash": ""}))
}

// Session is one signed-in browser. The token itself is never stored.
type Session struct {
	TokenHash string `gorm:"primaryKey"`
	AccountID int64
	CreatedAt time.Time
	ExpiresAt time.Time
}

// Sessions queries who is signed in where.
type Sessions struct{ db *gorm.DB }

// Create stores a session and forgets those that have expired.
func (q Sessions) Create(ctx context.Context, s *Session) error {
	db := q.db.WithContext(ctx)
	if err := db.Where("expires_at < ?", s.CreatedAt.UTC()).Delete(&Session{}).Error; err != nil {
		return translate(err)
	}
	return translate(db.Create(s).Error)
}

// ByHash returns a session that has not expired.
func (q Sessions) ByHash(ctx context.Context, hash string, now time.Time) (*Session, error) {
	return one[Session](q.db.WithContext(ctx).Where("token_hash = ? AND expires_at > ?", hash, now.UTC()))
}

// Delete signs one browser out.
func (q Sessions) Delete(ctx context.Context, hash string) error {
	return translate(q.db.WithContext(ctx).Where("token_hash = ?", hash).Delete(&Session{}).Error)
}

// DeleteAll signs an account out everywhere but in the session kept, if any.
func (q Sessions) DeleteAll(ctx context.Context, accountID int64, kept string) error {
	return translate(q.db.WithContext(ctx).Where("account_id = ? AND token_hash <> ?", accountID, kept).Delete(&Session{}).Error)
}
