package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"confnotes/models"
)

// SessionLife is how long a sign-in lasts: over a conference and the weeks after,
// when the last recap is written.
const SessionLife = 60 * 24 * time.Hour

// ErrWrong: no such handle, or not its password; which, nobody is told.
var ErrWrong = errors.New("wrong handle or password")

// ThrottledError: too many failed tries; Wait until the next.
type ThrottledError struct{ Wait time.Duration }

func (e *ThrottledError) Error() string {
	return fmt.Sprintf("too many failed sign-ins, wait %s", e.Wait.Round(time.Second))
}

// SignIn checks a password and returns a new session's token. address is where the
// request came from, for the throttle. It returns ErrWrong or *ThrottledError.
func (s *Service) SignIn(ctx context.Context, handle, password, address string) (string, error) {
	now := s.now()
	release, wait := s.throttle.enter(handle, address, now)
	if wait > 0 {
		return "", &ThrottledError{wait}
	}
	a, err := s.store.Accounts.ByHandle(ctx, handle)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return "", err
	}
	hash := noHash
	if a != nil {
		hash = a.PasswordHash
	}
	// An unknown handle takes as long as a known one.
	ok, err := s.matches(ctx, hash, password)
	if err != nil {
		return "", err
	}
	if !ok || a == nil {
		return "", ErrWrong
	}
	release()
	return s.newSession(ctx, s.store, a.ID)
}

// noHash is well formed and matches nothing: its key is shorter than any derived one.
const noHash = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA"

func (s *Service) newSession(ctx context.Context, store *models.Store, accountID int64) (string, error) {
	token := newToken()
	now := s.now().UTC()
	err := store.InTx(ctx, func(tx *models.Store) error {
		return tx.Sessions.Create(ctx, &models.Session{TokenHash: hashToken(token), AccountID: accountID, CreatedAt: now, ExpiresAt: now.Add(SessionLife)})
	})
	return token, err
}

// BySession returns whose session a token is. It returns models.ErrNotFound for an
// expired or revoked one, or a deleted account's.
func (s *Service) BySession(ctx context.Context, token string) (*models.Account, error) {
	if token == "" {
		return nil, models.ErrNotFound
	}
	session, err := s.store.Sessions.ByHash(ctx, hashToken(token), s.now())
	if err != nil {
		return nil, err
	}
	return s.store.Accounts.ByID(ctx, session.AccountID)
}

// SignOut ends a session.
func (s *Service) SignOut(ctx context.Context, token string) error {
	return s.store.InTx(ctx, func(tx *models.Store) error { return tx.Sessions.Delete(ctx, hashToken(token)) })
}

// newToken makes 256 random bits for a cookie or a link.
func newToken() string {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return base64.RawURLEncoding.EncodeToString(b)
}

// hashToken is what is stored of a token. Tokens are random, so a fast hash will do.
func hashToken(token string) string {
	if token == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
