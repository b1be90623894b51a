package programme

import (
	"context"
	"time"

	"confnotes/models"
)

// pendingLife is how long a schedule that was looked at waits to be applied.
const pendingLife = 24 * time.Hour

// Keep holds a file that somebody has given until they apply it, and returns what it is
// asked back by. An account has one; the next takes its place.
func (s *Service) Keep(ctx context.Context, a *models.Account, f *File, zone string) (token string, err error) {
	now := s.now().UTC()
	row := &models.ScheduleFile{AccountID: a.ID, Token: models.NewPublicID(), Name: f.Name, URL: f.Source.URL, ETag: f.Source.ETag, Modified: f.Source.Modified,
		Zone: zone, Data: f.Data, CreatedAt: now}
	return row.Token, s.store.InTx(ctx, func(tx *models.Store) error { return tx.Schedules.Keep(ctx, row, now.Add(-pendingLife)) })
}

// Kept returns a file that an account has given, with the zone it is to be read in, if
// any. It returns models.ErrNotFound for one that was applied or has waited too long.
func (s *Service) Kept(ctx context.Context, a *models.Account, token string) (*File, *time.Location, error) {
	row, err := s.store.Schedules.File(ctx, a.ID, token)
	if err != nil {
		return nil, nil, err
	}
	if s.now().Sub(row.CreatedAt) > pendingLife {
		return nil, nil, models.ErrNotFound
	}
	f := Given(row.Name, row.Data)
	f.Source.URL, f.Source.ETag, f.Source.Modified = row.URL, row.ETag, row.Modified
	if row.Zone == "" {
		return f, nil, nil
	}
	zone, err := Zone(row.Zone)
	return f, zone, err
}

// Forget lets go of what an account has given.
func (s *Service) Forget(ctx context.Context, a *models.Account) error {
	return s.store.InTx(ctx, func(tx *models.Store) error { return tx.Schedules.Forget(ctx, a.ID) })
}
