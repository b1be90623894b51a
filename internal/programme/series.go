package programme

import (
	"context"
	"errors"
	"strings"
	"unicode"

	"confnotes/internal/account"
	"confnotes/models"
)

// enter puts a conference into a series by the handle of that, "" into none, and sets up
// one that isn't there. Only who owns the series, or one of its editions, may put another
// into it; by nil, the host, may. It returns *models.InvalidError.
func (s *Service) enter(ctx context.Context, tx *models.Store, c *models.Conference, handle string, keys []*models.ActorKey, by *models.Account) error {
	if handle == "" {
		c.SeriesID = nil
		return nil
	}
	series, err := tx.Series.ByHandle(ctx, handle)
	if errors.Is(err, models.ErrNotFound) {
		if series, err = s.found(ctx, tx, c, handle, keys, by); err != nil {
			return err
		}
	}
	if err != nil {
		return err
	}
	if c.SeriesID != nil && *c.SeriesID == series.ID {
		return nil
	}
	if may, err := ownsSeries(ctx, tx, series, by); err != nil || !may {
		return errors.Join(err, &models.InvalidError{Field: "series", Reason: models.HandleTaken})
	}
	c.SeriesID = &series.ID
	return nil
}

// found sets up a series, called like its first edition without the year.
func (s *Service) found(ctx context.Context, tx *models.Store, c *models.Conference, handle string, keys []*models.ActorKey, by *models.Account) (*models.Series, error) {
	now := s.now().UTC()
	series := &models.Series{CreatedAt: now, Actor: &models.Actor{Kind: models.ActorGroup, Handle: handle, Name: withoutYear(c.Actor.Name), Discoverable: true, CreatedAt: now}}
	if err := account.StoreActor(ctx, tx, series.Actor, keys); err != nil {
		return nil, asSeries(err)
	}
	series.ActorID = series.Actor.ID
	if err := tx.Series.Create(ctx, series); err != nil || by == nil {
		return series, err
	}
	return series, tx.Conferences.SetManager(ctx, series.ActorID, by.ID, models.ManagerOwner)
}

func ownsSeries(ctx context.Context, tx *models.Store, series *models.Series, by *models.Account) (bool, error) {
	if by == nil {
		return true, nil
	}
	editions, err := tx.Series.Editions(ctx, series.ID)
	if err != nil {
		return false, err
	}
	actors := []int64{series.ActorID}
	for _, e := range editions {
		actors = append(actors, e.ActorID)
	}
	return tx.Conferences.OwnsAny(ctx, by, actors)
}

// seriesHandle is the handle of a series as somebody typed it.
func seriesHandle(typed string) (string, error) {
	if strings.TrimSpace(typed) == "" {
		return "", nil
	}
	handle, err := account.CleanHandle(typed)
	if err == nil && handle == reserved {
		err = &models.InvalidError{Field: "series", Reason: models.HandleTaken}
	}
	return handle, asSeries(err)
}

// asSeries says of the field of a series what is wrong with a handle.
func asSeries(err error) error {
	if invalid, ok := errors.AsType[*models.InvalidError](err); ok {
		return &models.InvalidError{Field: "series", Reason: invalid.Reason}
	}
	return err
}

// withoutYear is a name without the words that are numbers: "Kormoran Conf 2026".
func withoutYear(name string) string {
	var kept []string
	for _, word := range strings.Fields(name) {
		if strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsDigit(r) }) {
			kept = append(kept, word)
		}
	}
	if len(kept) == 0 {
		return name
	}
	return strings.Join(kept, " ")
}

// keepsAnOwner returns *models.InvalidError for a conference that nobody would own any more:
// only owners of the instance could then say who looks after it, and they may leave it so.
func keepsAnOwner(ctx context.Context, tx *models.Store, c *models.Conference, by *models.Account) error {
	managers, err := tx.Conferences.Managers(ctx, c.ActorID)
	if err != nil || by.Role == models.RoleOwner || len(managers) > 0 && managers[0].Role == models.ManagerOwner {
		return err
	}
	return &models.InvalidError{Field: "manager", Reason: models.LastOwner}
}

// SetManager has an account, by its handle, look after a conference as models.ManagerOwner
// or models.ManagerEditor, or with "" no longer. Its owners may; others get
// models.ErrNotFound. It returns *models.InvalidError for a handle that nobody has, and for
// the last owner.
func (s *Service) SetManager(ctx context.Context, by *models.Account, c *models.Conference, handle, role string) error {
	handle = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(handle), "@"))
	return s.store.InTx(ctx, func(tx *models.Store) error {
		if mine, err := tx.Conferences.Role(ctx, by, c.ActorID); err != nil || mine != models.ManagerOwner {
			return errors.Join(err, models.ErrNotFound)
		}
		a, err := tx.Accounts.ByHandle(ctx, handle)
		switch {
		case errors.Is(err, models.ErrNotFound):
			return &models.InvalidError{Field: "manager", Reason: models.NoAccount}
		case err != nil:
			return err
		case role != "" && role != models.ManagerOwner && role != models.ManagerEditor:
			return &models.InvalidError{Field: "role", Reason: models.BadPolicy}
		}
		if err := tx.Conferences.SetManager(ctx, c.ActorID, a.ID, role); err != nil {
			return err
		}
		if role == "" {
			if err := tx.Notifications.RemoveCoverage(ctx, a.ID, c.ID); err != nil {
				return err
			}
		}
		return keepsAnOwner(ctx, tx, c, by)
	})
}
