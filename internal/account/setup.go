package account

import (
	"context"
	"errors"
	"strings"
	"unicode/utf8"

	"confnotes/models"
)

// MaxSiteName bounds the instance's name, in characters.
const MaxSiteName = 60

// ErrSetupOver: the one-time link was used, or never was this one.
var ErrSetupOver = errors.New("this set-up link is no longer good")

// SetupLink makes the token of a one-time link for an instance without accounts,
// over an earlier one. It returns "" for an instance that has an account.
func (s *Service) SetupLink(ctx context.Context) (string, error) {
	n, err := s.store.Accounts.Count(ctx)
	if err != nil || n > 0 {
		return "", err
	}
	token := newToken()
	return token, s.store.InTx(ctx, func(tx *models.Store) error {
		return tx.Settings.Set(ctx, models.SettingSetupToken, hashToken(token))
	})
}

// SetupOpen says whether a one-time link's token is still good: it isn't once there is
// an account, however that was made.
func (s *Service) SetupOpen(ctx context.Context, token string) (bool, error) {
	if n, err := s.store.Accounts.Count(ctx); err != nil || n > 0 {
		return false, err
	}
	all, err := s.store.Settings.All(ctx)
	return err == nil && token != "" && all[models.SettingSetupToken] == hashToken(token), err
}

// Setup is what the set-up page asks for.
type Setup struct {
	Token, SiteName, SiteLanguage string
	Owner                         New
}

// SetUp makes the first account, the owner, names the instance and signs the owner
// in: it returns the session's token. Of several uses of one link only one wins;
// the others get ErrSetupOver.
func (s *Service) SetUp(ctx context.Context, in Setup) (string, error) {
	// Only the transaction below decides; this spares a used link the slow work.
	if open, err := s.SetupOpen(ctx, in.Token); err != nil {
		return "", err
	} else if !open {
		return "", ErrSetupOver
	}
	in.SiteName = strings.Join(strings.Fields(in.SiteName), " ")
	switch {
	case in.SiteName == "":
		return "", &models.InvalidError{Field: "site_name", Reason: models.Required}
	case utf8.RuneCountInString(in.SiteName) > MaxSiteName:
		return "", &models.InvalidError{Field: "site_name", Reason: models.TooLong, Limit: MaxSiteName}
	}
	in.Owner.Role = models.RoleOwner
	owner, err := s.prepare(ctx, in.Owner)
	if err != nil {
		return "", err
	}
	err = s.store.InTx(ctx, func(tx *models.Store) error {
		if err := useLink(ctx, tx, in.Token); err != nil {
			return err
		}
		if err := tx.Settings.Set(ctx, models.SettingSiteName, in.SiteName); err != nil {
			return err
		}
		if err := tx.Settings.Set(ctx, models.SettingSiteLanguage, in.SiteLanguage); err != nil {
			return err
		}
		return owner.store(ctx, tx)
	})
	if err != nil {
		return "", err
	}
	return s.newSession(ctx, s.store, owner.account.ID)
}

// useLink takes the one-time link away from everyone else.
func useLink(ctx context.Context, tx *models.Store, token string) error {
	n, err := tx.Accounts.Count(ctx)
	if err != nil {
		return err
	}
	won, err := tx.Settings.Remove(ctx, models.SettingSetupToken, hashToken(token))
	if err != nil {
		return err
	}
	if n > 0 || !won {
		return ErrSetupOver
	}
	return nil
}
